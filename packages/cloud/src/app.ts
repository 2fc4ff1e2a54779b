import { mkdir } from 'node:fs/promises';
import {
  type Clock,
  describeError,
  errorCode,
  Lifecycle,
  type Logger,
  PlantroomError,
  systemClock,
  systemRandom,
} from '@plantroom/base';
import { createLogger } from '@plantroom/base/logger';
import { buildServer } from './api/server.ts';
import type { ApiServices } from './api/services.ts';
import { SiteDirectory } from './api/site-directory.ts';
import { textsOf, viewAlarm, viewGateway } from './api/views.ts';
import { Access } from './auth/access.ts';
import { may } from './auth/permissions.ts';
import { Completeness } from './completeness/completeness.ts';
import { type CloudOptions, packageVersion } from './config.ts';
import type { LiveMessage } from './ingest/contract.ts';
import { startIngest } from './ingest/ingest.ts';
import { type LiveFollower, startLiveFollower } from './ingest/live-follower.ts';
import { startPresence } from './ingest/presence.ts';
import { startLeader } from './jobs/leader.ts';
import { LiveFeed } from './live/feed.ts';
import { LatestValues } from './live/latest-values.ts';
import { Projector } from './live/projector.ts';
import { EnergyFigures } from './metering/energy-figures.ts';
import { type BrokerPart, openBroker } from './open-broker.ts';
import { openRecords } from './open-records.ts';
import { openTimeSeries } from './open-time-series.ts';
import type { OrderRow, Records, UserRow } from './records/contract.ts';
import { beAlone, isShared, rolesOf } from './roles.ts';
import { RetentionKeeper } from './rollups/retention-keeper.ts';
import { RollupMaker } from './rollups/rollup-maker.ts';
import { type Retention, type TimeSeriesStore, usualRetention } from './time-series/contract.ts';
import { type WaitOptions, whenThere } from './when-there.ts';
import { OrderActions } from './work-orders/order-actions.ts';
import { viewOrder } from './work-orders/order-view.ts';

export type { CloudOptions, Enrolment, RunOptions } from './config.ts';

/** Samples may be this far ahead of our clock without anything being wrong; ms. */
const clockTolerance = 10_000;

const loopback = '127.0.0.1';

/** The running service. */
export interface Cloud {
  /** The port of dashboard and API; undefined without that role. */
  readonly port: number | undefined;
  /** The port of the embedded broker; undefined with another one. */
  readonly mqttPort: number | undefined;
  /** Where the dashboard is, without a path: `http://127.0.0.1:8080`, or the public URL. */
  readonly url: string | undefined;
  /** A one-time token for the link `/sign-in#token=...`, valid for 15 minutes; for the administrator unless told. */
  createSignInToken(user?: UserRow): Promise<string>;
  /** A bearer token for scripts, valid for `lifetime` ms (a year unless told); for the administrator unless told. */
  createApiToken(user?: UserRow, lifetime?: number): Promise<string>;
  /** Gives the gateway a credential (a fresh secret unless told) and returns the secret; an older one ends. */
  enrolGateway(site: string, gateway: string, secret?: string): Promise<string>;
  /** Ends open streams, closes broker and stores; safe to call more than once. */
  stop(): Promise<void>;
}

/**
 * Starts stores, broker, and what the process's roles are: ingest, API with the live feed, jobs. While a server that keeps data is down it waits, and
 * lets no gateway in. Throws PlantroomError when the data directory is in use, a port is taken, or `signal` ends the wait;
 * what was started by then is stopped again.
 */
export async function startCloud(options: CloudOptions): Promise<Cloud> {
  const lifecycle = new Lifecycle();
  try {
    return await start(options, lifecycle);
  } catch (thrown) {
    await lifecycle.stop();
    throw thrown;
  }
}

async function start(options: CloudOptions, lifecycle: Lifecycle): Promise<Cloud> {
  const { clock = systemClock, logger = createLogger('cloud'), signal } = options;
  const roles = rolesOf(options);
  await mkdir(options.dataDirectory, { recursive: true, mode: 0o700 });
  const { records: kept = { store: 'sqlite' }, timeSeries = { store: 'duckdb' } } = options;
  const wait = { clock, logger, random: systemRandom, signal };
  const records = await whenThere(() => openRecords(kept, options.dataDirectory, clock), wait);
  lifecycle.onStop('records', () => records.close());
  if (!isShared(options)) lifecycle.onStop('being alone', await beAlone(records, clock, logger, signal));
  const store = await whenThere(() => openTimeSeries(timeSeries, options.dataDirectory, clock, logger), wait);
  lifecycle.onStop('time series', () => store.close());
  const broker = await openBroker(options, records, clock, logger);
  lifecycle.onStop('broker', () => broker.close());
  const access = new Access(records, clock);
  const parts: Parts = { options, lifecycle, wait, clock, logger, records, store, broker, access };
  if (roles.has('ingest')) await storeFrames(parts);
  if (roles.has('jobs')) await doJobs(parts);
  const port = roles.has('api') ? await servePeople(parts) : undefined;
  logger.info({ port, mqttPort: broker.port, roles: [...roles] }, 'the cloud is ready');
  return {
    port,
    mqttPort: broker.port,
    url: port === undefined ? undefined : (options.publicUrl ?? localUrl(options.host ?? loopback, port)),
    createSignInToken: (user) => access.createSignInToken(user),
    createApiToken: (user, lifetime) => access.createApiToken(user, lifetime),
    enrolGateway: async (site, gateway, secret) => {
      const enrolled = await access.enrolGateway(site, gateway, secret);
      await broker.admit(site, gateway, enrolled);
      return enrolled;
    },
    stop: () => stopAll(lifecycle, logger),
  };
}

async function storeFrames({ options, lifecycle, wait, clock, logger, records, store, broker }: Parts): Promise<void> {
  const given = { broker: broker.access, isShared: isShared(options), timeSeries: store, records, clock, logger };
  const ingest = await whenThere(() => startIngest(given), wait);
  lifecycle.onStop('ingest', () => ingest.stop());
}

/** What one process does for all; the others stand by. */
async function doJobs(parts: Parts): Promise<void> {
  const { lifecycle, wait, clock, logger, records, broker } = parts;
  const work = async (signal: AbortSignal) => {
    const given = { broker: broker.access, records, clock, logger };
    // They need no broker, and do not wait for one.
    const endRollups = keepRollups(parts);
    const presence = await whenThere(() => startPresence(given), { ...wait, signal }).catch(async (thrown) => {
      await endRollups();
      throw thrown;
    });
    return async () => void (await Promise.all([presence.stop(), endRollups()]));
  };
  const end = await startLeader({ records, clock, logger, random: systemRandom, work });
  lifecycle.onStop('jobs', end);
}

/** Keeps rollups up to date, and what is kept within its time. */
function keepRollups({ options, clock, logger, records, store }: Parts): () => Promise<void> {
  const directory = new SiteDirectory(records);
  const sites = async () => {
    await directory.refresh();
    return directory.cadences();
  };
  const { store: kind = 'duckdb', retention = kind === 'duckdb' ? usualRetention : foreverKept } =
    options.timeSeries ?? {};
  const maker = new RollupMaker({ store, records, sites, clock, logger, retention: retention.samples });
  const keeper = new RetentionKeeper({ store, records, retention, clock, logger });
  maker.start();
  keeper.start();
  return async () => void (await Promise.all([maker.stop(), keeper.stop()]));
}

const ever = Number.POSITIVE_INFINITY;
/** A server whose own policies stay is asked for nothing. */
const foreverKept: Retention = { samples: ever, minute: ever, quarter: ever, day: ever };

/** Dashboard, API and live feed; gives their port. */
async function servePeople(parts: Parts): Promise<number> {
  const { options, lifecycle } = parts;
  const app = await buildServer(await assemble(parts));
  lifecycle.onStop('API', () => app.close());
  return listen(app, options.host ?? loopback, options.port ?? 0);
}

/** How this machine reaches a server that listens on `host`. */
function localUrl(host: string, port: number): string {
  const own = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
  return `http://${own.includes(':') ? `[${own}]` : own}:${port}`;
}

async function stopAll(lifecycle: Lifecycle, logger: Logger): Promise<void> {
  for (const failure of await lifecycle.stop()) logger.error({ err: failure }, 'a part did not stop cleanly');
}

async function listen(app: Awaited<ReturnType<typeof buildServer>>, host: string, port: number): Promise<number> {
  try {
    await app.listen({ host, port });
  } catch (thrown) {
    const inUse = errorCode(thrown) === 'EADDRINUSE';
    throw new PlantroomError(inUse ? 'port-in-use' : 'listen', `dashboard and API cannot listen on ${host}:${port}`, {
      hint: inUse
        ? 'Choose another port with --port, or stop the program that has it.'
        : `Choose an address of this machine and a port you may use (${describeError(thrown)}).`,
      cause: thrown,
    });
  }
  const address = app.server.address();
  return typeof address === 'object' && address !== null ? address.port : port;
}

interface Parts {
  readonly options: CloudOptions;
  readonly lifecycle: Lifecycle;
  readonly wait: WaitOptions;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly records: Records;
  readonly store: TimeSeriesStore;
  readonly broker: BrokerPart;
  readonly access: Access;
}

/** Joins the parts that serve people; returns what the API stands on. */
async function assemble(parts: Parts): Promise<ApiServices> {
  const { options, clock, logger, records, store, access } = parts;
  const directory = new SiteDirectory(records);
  const views = viewsOf(records, directory, clock);
  const energy = new EnergyFigures({
    read: (...query) => records.intervals(...query),
    readDays: (...query) => records.intervalDays(...query),
    timezoneOf: (site) => directory.site(site)?.description.timezone ?? 'UTC',
  });
  const { latest, feed, follower, announce } = await startLive(parts, directory, views, energy);
  return {
    clock,
    logger,
    version: packageVersion(),
    publicUrl: options.publicUrl,
    webDirectory: options.webDirectory,
    records,
    series: store,
    directory,
    access: {
      signIn: (token, from) => access.signIn(token, from),
      identify: (credential) => access.identify(credential),
      signOut: (identity) => access.signOut(identity),
      may,
    },
    latest,
    orders: new OrderActions({
      records,
      clock,
      stepCount: (site, fault) => directory.fault(site, fault)?.steps.length ?? 0,
      onChanged: (order) =>
        announce(order.site, directory.equipment(order.site, order.equipment)?.gateway, { orders: [order.id] }),
    }),
    energy,
    completeness: new Completeness({
      ...{ store, records, clock },
      gateways: async (site) => (await views.gateways()).filter((g) => g.site === site),
    }),
    live: feed,
    views,
    publishCommand: async (site, gateway, command) => follower.sendCommand({ site, gateway }, command),
    announceAlarm: (site, gateway, alarm) => announce(site, gateway, { alarms: [alarm] }),
  };
}

/** Starts last values and live feed, which follow what ingest commits. */
async function startLive(parts: Parts, directory: SiteDirectory, views: RecordViews, energy: EnergyFigures) {
  const { lifecycle, wait, clock, logger, store, broker } = parts;
  const latest = new LatestValues((site, equipment, point) => directory.staleAfter(site, equipment, point), clock);
  const feed = new LiveFeed({ clock, logger, snapshot: (site) => latest.latest({ site }) });
  lifecycle.onStop('live feed', () => feed.stop());
  const projector = new Projector({
    clock,
    mergeSamples: (samples) => latest.merge(samples),
    refreshModels: () => directory.refresh(),
    intervalsChanged: (site, meters) => energy.intervalsChanged(site, meters),
    views,
    hasReaders: (site) => feed.hasReaders(site),
    publish: (site, event) => feed.publish(site, event),
  });
  const onConnected = async () => {
    await directory.refresh();
    latest.load(await store.latest(clock.now() + clockTolerance));
    energy.forget();
    feed.resume();
  };
  const onLost = () => feed.interrupt();
  const onMessage = (message: LiveMessage) => projector.handle(message);
  const follower = await whenThere(
    () => startLiveFollower({ broker: broker.access, clock, logger, onMessage, onConnected, onLost }),
    wait,
  );
  lifecycle.onStop('live follower', () => follower.stop());
  return { latest, feed, follower, announce: announcer(follower, clock) };
}

type RecordViews = ReturnType<typeof viewsOf>;

/** Rows of the records as people see them, with the texts of the site's catalogue. */
function viewsOf(records: Records, directory: SiteDirectory, clock: Clock) {
  const order = (row: OrderRow, now: number) =>
    viewOrder(row, textsOf(row.fault, directory.fault(row.site, row.fault)), now);
  const gateways = async () => (await records.gateways()).map((row) => viewGateway(row, clock.now()));
  return {
    order,
    gateways,
    alarmById: async (id: string) => {
      const row = await records.alarm(id);
      return row && viewAlarm(row, directory.fault(row.site, row.fault));
    },
    orderById: async (id: string) => {
      const row = await records.order(id);
      return row && order(row, clock.now());
    },
    gatewayById: async (site: string, id: string) => (await gateways()).find((g) => g.site === site && g.id === id),
  };
}

/** What a click changed goes the way of what ingest commits, so that every process shows it. */
function announcer(follower: LiveFollower, clock: Clock) {
  return (site: string, gateway = 'cloud', changed: { alarms?: string[]; orders?: string[] }) => {
    const { alarms = [], orders = [] } = changed;
    const committedAt = clock.now();
    follower.announce({ type: 'committed', site, gateway, committedAt, alarms, orders, intervals: [], models: [] });
  };
}
