import { join } from 'node:path';
import {
  type Clock,
  coerceError,
  createLogger,
  Lifecycle,
  type Logger,
  type Random,
  systemClock,
  systemRandom,
} from '@plantroom/base';
import { catalogue, type Detection } from '@plantroom/detection';
import { Acquisition, type PreparedConnection } from './acquisition/acquisition.ts';
import type { AcquisitionSink } from './acquisition/contract.ts';
import {
  type CloudAccess,
  cloudAccess,
  type GatewayOptions,
  loadSite,
  modelRevisionOf,
  packageVersion,
  readSecrets,
  type SiteConfig,
  type SiteModel,
} from './config/index.ts';
import { SiteDetector } from './detector.ts';
import { detectionState, Evaluation } from './evaluation/evaluation.ts';
import { noteProperty, reportOf, wireStatus } from './gateway-report.ts';
import { stateKeys } from './metering/contract.ts';
import { MeteringStage } from './metering/metering.ts';
import { prepareField } from './open-field.ts';
import { Outbox } from './outbox/outbox.ts';
import { Reporter } from './reporting/reporter.ts';
import type { GatewayReport } from './status/contract.ts';
import { StatusServer } from './status/status-server.ts';
import { Uplink } from './uplink/uplink.ts';

export type { CloudOverride, GatewayOptions } from './config/index.ts';
export type { GatewayReport } from './status/contract.ts';

/** A running gateway. */
export interface Gateway {
  /** The port of /health, /status and /metrics, if they were asked for. */
  readonly statusPort: number | undefined;
  /** Resolves when the history is in, at once without one; rejects when its file is wrong. */
  readonly history: Promise<void>;
  /** Resolves when the gateway cannot go on, because its log failed: the process must then end, aloud. */
  readonly failed: Promise<Error>;
  report(): Promise<GatewayReport>;
  /** Sends again what the cloud had rejected; gives the number of frames. */
  replayQuarantine(): Promise<number>;
  /**
   * Reads the site file again. Throws ConfigError, and changes nothing, when it is wrong; else the line starts anew with
   * its log and state: alarms of what is gone end as withdrawn, everything else goes on.
   */
  reload(): Promise<void>;
  /** Stops reading, keeps everything, and leaves the cloud; within 3 s, and safe to call more than once. */
  stop(): Promise<void>;
}

interface Surroundings {
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly lifecycle: Lifecycle;
  readonly onFailure: (thrown: unknown) => void;
}

/** Milliseconds that writes which can wait are collected into one commit. */
const groupCommit = 250;
/** Milliseconds that devices may take to be left. */
const fieldPatience = 1200;
const mebibyte = 1024 * 1024;

/**
 * Starts the process on site. Throws ConfigError with all that is wrong with the site file, or PlantroomError when the
 * data directory or a port cannot be had; what cannot be reached (devices, cloud) never keeps it from starting.
 */
export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  const failure = Promise.withResolvers<Error>();
  const logger = options.logger ?? createLogger('gateway');
  const onFailure = (thrown: unknown) => {
    const error = coerceError(thrown);
    logger.error({ code: 'gateway-failed', detail: error.message }, 'The gateway cannot go on and must end.');
    failure.resolve(error);
  };
  const { clock = systemClock, random = systemRandom } = options;
  const around = { clock, random, logger, onFailure };
  let running = await startSite(options, around);
  // Reloads and the stop follow one another.
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(run: () => Promise<T>): Promise<T> => {
    const result = last.then(run);
    last = result.catch(() => {});
    return result;
  };
  return {
    get statusPort() {
      return running.statusPort;
    },
    history: running.history,
    failed: failure.promise,
    report: () => running.report(),
    replayQuarantine: () => running.replayQuarantine(),
    reload: () =>
      inTurn(async () => {
        checkSite(options);
        const { statusPort } = running;
        await running.stop();
        // The pages stay where they were; a history that is not yet in goes on.
        const again = statusPort === undefined ? options : { ...options, statusPort };
        running = await startSite(again, around).catch((thrown: unknown) => {
          onFailure(thrown);
          throw thrown;
        });
      }),
    stop: () => inTurn(() => running.stop()),
  };
}

/** All that can be wrong with a site without touching the plant. */
function checkSite(options: GatewayOptions) {
  const site = loadSite(options.siteFile);
  const secret = readSecrets(site, options.cloud?.password === undefined ? undefined : 'gateway');
  return { site, secret, access: cloudAccess(site, secret, options.cloud) };
}

type RunningSite = Pick<Gateway, 'statusPort' | 'history' | 'report' | 'replayQuarantine' | 'stop'>;

async function startSite(options: GatewayOptions, around: Omit<Surroundings, 'lifecycle'>): Promise<RunningSite> {
  const lifecycle = new Lifecycle();
  const stopAll = () => stop(lifecycle, around.logger);
  try {
    return { ...(await start(options, { ...around, lifecycle })), stop: stopAll };
  } catch (thrown) {
    await stopAll();
    throw thrown;
  }
}

async function stop(lifecycle: Lifecycle, logger: Logger): Promise<void> {
  for (const error of await lifecycle.stop()) logger.error({ code: 'stop', detail: error.message }, 'Not all stopped.');
}

async function start(options: GatewayOptions, around: Surroundings): Promise<Omit<RunningSite, 'stop'>> {
  const { clock, logger, lifecycle } = around;
  const { dataDirectory } = options;
  const { site, secret, access } = checkSite(options);
  const outbox = await openOutbox(site, dataDirectory, around);
  const connections = await prepareField({ site, secret, dataDirectory, clock, logger, lifecycle });
  const devices = connections.flatMap((c) => c.connection.devices);
  const model = modelRevisionOf(site, devices, catalogue());
  await outbox.useModel(model.revision);
  const line = await joinLine(site, model, connections, outbox, around);
  let uplink: Uplink | undefined;
  const report = () =>
    reportOf({ site, model, version: packageVersion(), ...line, outbox, uplink: () => uplink, now: () => clock.now() });
  if (access)
    uplink = await startUplink(
      access,
      site,
      outbox,
      line.evaluation,
      async () => wireStatus(await report(), clock.now()),
      around,
    );
  line.onConnections(() => uplink?.statusChanged());
  const status =
    options.statusPort === undefined ? undefined : await StatusServer.start(options.statusPort, report, logger);
  if (status) lifecycle.onStop('the status page', () => status.close());
  const history = line.run(options);
  const { gateway } = site;
  logger.info({ site: site.site.id, gateway: gateway.id, points: model.points.length }, 'The gateway runs.');
  return { statusPort: status?.port, history, report, replayQuarantine: () => outbox.replayQuarantine() };
}

async function openOutbox(site: SiteConfig, dataDirectory: string, around: Surroundings): Promise<Outbox> {
  const { maximum, free } = site.gateway.log;
  const outbox = await Outbox.open({
    file: join(dataDirectory, 'outbox.sqlite'),
    site: site.site.id,
    gateway: site.gateway.id,
    capacity: { maximumBytes: maximum * mebibyte, freeFloor: free * mebibyte },
    groupCommit,
    logger: around.logger,
    onFailure: around.onFailure,
  });
  around.lifecycle.onStop('the outbox', () => outbox.close());
  return outbox;
}

interface Line {
  readonly acquisition: Acquisition;
  readonly detector: Pick<Detection, 'open'>;
  readonly evaluation: Evaluation;
  readonly reporter: Reporter;
  readonly properties: Map<string, Readonly<Record<string, string>>>;
  onConnections(listener: () => void): void;
  /** Sets the line going; resolves when the history is in. */
  run(options: GatewayOptions): Promise<void>;
}

/** Joins the stages in the order of the line. */
async function joinLine(
  site: SiteConfig,
  model: SiteModel,
  connections: readonly PreparedConnection[],
  outbox: Outbox,
  around: Surroundings,
): Promise<Line> {
  const { clock, random, logger, lifecycle, onFailure } = around;
  const { points } = model;
  const properties: Line['properties'] = new Map();
  const listeners: (() => void)[] = [];
  const common = { log: outbox, clock, logger, onFailure };
  const detector = new SiteDetector(site, points, await outbox.readState(detectionState), clock.now());
  const evaluation = new Evaluation({ ...common, detector });
  const reporter = new Reporter({ ...common, points });
  const metering = new MeteringStage({
    ...common,
    timezone: site.site.timezone,
    meters: metersOf(site),
    saved: await savedMetering(outbox),
    onFinding: (finding) => evaluation.fact(finding),
  });
  const sink: AcquisitionSink = {
    samples(batch) {
      evaluation.samples(batch);
      metering.samples(batch);
      reporter.samples(batch);
    },
    event: (event) => evaluation.event(event),
    property: (property) => noteProperty(properties, property),
    connectionsChanged: () => {
      for (const listener of listeners) listener();
    },
  };
  const acquisition = new Acquisition({ connections, points, sink, clock, random, logger });
  const run = (options: GatewayOptions): Promise<void> => {
    // Stopped in the reverse order: first nothing new comes in, then each stage hands on what it holds.
    lifecycle.onStop('reporting', () => reporter.stop());
    lifecycle.onStop('evaluation', () => evaluation.stop());
    lifecycle.onStop('metering', () => metering.stop());
    lifecycle.onStop('acquisition', () => leaveField(acquisition, clock));
    const history = options.history
      ? metering.importHistory(options.history, options.onHistory ?? (() => {}))
      : Promise.resolve();
    history.catch(() => {});
    evaluation.start();
    metering.start();
    reporter.start();
    acquisition.start();
    return history;
  };
  return {
    acquisition,
    detector,
    evaluation,
    reporter,
    properties,
    run,
    onConnections: (listener) => void listeners.push(listener),
  };
}

/** A device that hangs must not hold up what is to be kept. */
async function leaveField(acquisition: Acquisition, clock: Clock): Promise<void> {
  const enough = new AbortController();
  await Promise.race([acquisition.stop(), clock.sleep(fieldPatience, enough.signal)]);
  enough.abort();
}

async function savedMetering(outbox: Outbox): Promise<Record<string, unknown>> {
  const keys = Object.values(stateKeys);
  const values = await Promise.all(keys.map((key) => outbox.readState(key)));
  return Object.fromEntries(keys.map((key, i) => [key, values[i]]));
}

/** Every energy meter; a rating `registerMaximum` (kWh) or `maximumPower` (kW) helps to tell a rollover from a fault. */
function metersOf(site: SiteConfig) {
  return site.equipment
    .filter((e) => e.kind === 'energy-meter')
    .map(({ id, ratings, parent }) => ({
      id,
      parent,
      registerMaximum: ratings.registerMaximum,
      maximumPower: ratings.maximumPower,
    }));
}

async function startUplink(
  access: CloudAccess,
  site: SiteConfig,
  outbox: Outbox,
  evaluation: Evaluation,
  status: () => Promise<ReturnType<typeof wireStatus>>,
  { clock, random, logger, lifecycle }: Surroundings,
): Promise<Uplink> {
  const uplink = await Uplink.start({
    ...access,
    address: { site: site.site.id, gateway: site.gateway.id },
    log: outbox,
    clock,
    random,
    logger,
    status,
    onCommand: (command) => evaluation.command(command),
  });
  lifecycle.onStop('the uplink', () => uplink.stop());
  return uplink;
}
