import { dirname, join, resolve } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { type Clock, type Lifecycle, type Logger, randomSecret } from '@plantroom/base';
import { embeddedBroker, type FieldConnection, prepareConnection } from '@plantroom/drivers';
import type { PreparedConnection } from './acquisition/acquisition.ts';
import type { DeviceBroker, DeviceUser } from './acquisition/device-broker.ts';
import type { SecretLookup, SiteConfig, SiteConnection } from './config/index.ts';
import { reboundBetween } from './sources.ts';

export interface FieldOptions {
  readonly site: SiteConfig;
  readonly secret: SecretLookup;
  readonly dataDirectory: string;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly lifecycle: Lifecycle;
}

/** Settings of connections that name a file. */
const pathKeys: ReadonlySet<string> = new Set(['ca', 'file', 'certificate', 'key', 'userCertificate', 'userKey']);
/** The gateway's own user on its device broker. */
const ownUser = 'plantroom-gateway';

/** What another site file makes of the field. A connection that stays is the same object as before. */
export interface FieldChange {
  readonly connections: readonly PreparedConnection[];
  /** By connection that is opened anew: the equipment on it that is as it was. */
  readonly unchanged: ReadonlyMap<string, ReadonlySet<string>>;
  /** Equipment that is read from another source than before. */
  readonly rebound: readonly string[];
  readonly opened: readonly string[];
  readonly reopened: readonly string[];
  readonly closed: readonly string[];
  readonly kept: readonly string[];
}

/** What a connection was prepared from: as long as this is the same, it needs no touching. */
interface Origin {
  readonly connection: Omit<SiteConnection, 'id'>;
  readonly secrets: readonly (string | undefined)[];
}

/** The device broker, if the site has one, and every connection, prepared. */
export class Field {
  readonly #options: Omit<FieldOptions, 'site' | 'secret'>;
  readonly #access: BrokerAccess | undefined;
  #prepared: ReadonlyMap<string, { readonly origin: Origin; readonly prepared: PreparedConnection }> = new Map();

  private constructor(options: FieldOptions, access: BrokerAccess | undefined) {
    this.#options = options;
    this.#access = access;
  }

  /**
   * Starts the broker and prepares the connections; none is open yet. The broker lets devices in once the gateway's own
   * connections there have subscribed to all their topics.
   */
  static async open(options: FieldOptions): Promise<Field> {
    const field = new Field(options, await startDeviceBroker(options));
    field.use(await field.change(options.site, options.secret), options.site, options.secret);
    return field;
  }

  /** From now on the device broker acknowledges what devices publish once `logged` resolves. */
  acknowledgeAfter(logged: () => Promise<void>): void {
    this.#access?.broker.acknowledgeAfter(logged);
  }

  get connections(): readonly PreparedConnection[] {
    return [...this.#prepared.values()].map(({ prepared }) => prepared);
  }

  /** Throws PlantroomError `device-broker-port` when another port that the site gives to its broker cannot be had. */
  async tryBroker({ broker }: SiteConfig): Promise<void> {
    if (!broker || broker.port === this.#access?.broker.port) return;
    const { tryPort } = await import('./acquisition/device-broker.ts');
    await tryPort(broker.host, broker.port);
  }

  /** Prepares what the site has new or otherwise, without network; nothing is changed before `use`. */
  async change(site: SiteConfig, secret: SecretLookup): Promise<FieldChange> {
    const connections: PreparedConnection[] = [];
    const unchanged = new Map<string, ReadonlySet<string>>();
    const ids = { opened: [] as string[], reopened: [] as string[], kept: [] as string[] };
    for (const connection of site.connections) {
      const { id, bindings } = connection;
      const known = this.#prepared.get(id);
      if (known && isDeepStrictEqual(known.origin, originOf(connection, secret))) {
        connections.push(known.prepared);
        ids.kept.push(id);
        continue;
      }
      connections.push(await this.#prepare(connection, site.file, secret));
      ids[known ? 'reopened' : 'opened'].push(id);
      const before = new Map(known?.origin.connection.bindings.map((b) => [b.id, b]));
      const same = bindings.filter((b) => isDeepStrictEqual(b, before.get(b.id))).map((b) => b.id);
      unchanged.set(id, new Set(same));
    }
    const stays = new Set(site.connections.map((c) => c.id));
    const before = [...this.#prepared].map(([id, { origin }]) => ({ id, ...origin.connection }));
    const rebound = reboundBetween(before, site);
    const closed = [...this.#prepared.keys()].filter((id) => !stays.has(id));
    return { connections, unchanged, rebound, ...ids, closed };
  }

  /** Takes the change as what there is. */
  use({ connections }: FieldChange, site: SiteConfig, secret: SecretLookup): void {
    const origins = new Map(site.connections.map((c) => [c.id, originOf(c, secret)]));
    this.#prepared = new Map(
      connections.flatMap((prepared) => {
        const origin = origins.get(prepared.connection.id);
        return origin ? [[prepared.connection.id, { origin, prepared }] as const] : [];
      }),
    );
    const own = new Set(site.connections.filter(({ settings }) => isOwnBroker(settings)).map(({ id }) => id));
    this.#access?.broker.admitDevices(
      connections.flatMap(({ connection: { id, topics = [] } }) => (own.has(id) ? topics : [])),
    );
  }

  /**
   * Before connections to the device broker are closed, by this site file or for good: it acknowledges nothing that none of
   * them would take in. One that goes on over the same session is not closed.
   */
  refuseDevices(next?: SiteConfig): void {
    const settings = new Map(next?.connections.map((c) => [c.id, c.settings]));
    const isLeft = [...this.#prepared].some(
      ([id, { origin }]) =>
        isOwnBroker(origin.connection.settings) && !isDeepStrictEqual(origin.connection.settings, settings.get(id)),
    );
    if (isLeft) this.#access?.broker.refuseDevices();
  }

  async #prepare(
    { id, type, settings, bindings }: SiteConnection,
    siteFile: string,
    secret: SecretLookup,
  ): Promise<PreparedConnection> {
    const { clock, logger, dataDirectory } = this.#options;
    const reached = besideFile(reachable(settings, this.#access), siteFile);
    const own = logger.child({ connection: id });
    const context = { clock, logger: own, directory: join(dataDirectory, 'connections', id), dataDirectory, secret };
    const connection = await prepareConnection(type, id, reached, bindings, context);
    if (type.startsWith('modbus-')) await warnOfPlan(connection, own);
    return { type, connection };
  }
}

/** A period that the bus has no time for is told before the first poll, not by gaps in the data. */
async function warnOfPlan(connection: FieldConnection, logger: Logger): Promise<void> {
  const { describePlan } = await import('@plantroom/drivers/modbus');
  for (const { equipment, text } of describePlan(connection).warnings)
    logger.warn({ code: 'bus-plan', ...(equipment === undefined ? {} : { equipment }) }, text.en);
}

function originOf({ id: _, ...connection }: SiteConnection, secret: SecretLookup): Origin {
  return { connection, secrets: secretNames(connection.settings).map(secret) };
}

/** The names under `{ file }` and `{ env }` in the settings, wherever they stand. */
function secretNames(settings: unknown): string[] {
  if (typeof settings !== 'object' || settings === null) return [];
  return Object.entries(settings).flatMap(([key, value]) =>
    (key === 'file' || key === 'env') && typeof value === 'string' ? [value] : secretNames(value),
  );
}

interface BrokerAccess {
  readonly url: string;
  readonly user: string;
  readonly password: string;
  readonly broker: DeviceBroker;
}

async function startDeviceBroker({
  site,
  secret,
  clock,
  logger,
  lifecycle,
}: FieldOptions): Promise<BrokerAccess | undefined> {
  const { broker } = site;
  if (!broker) return undefined;
  const password = randomSecret();
  const users = new Map<string, DeviceUser>();
  for (const [name, user] of Object.entries(broker.users)) {
    const reference = 'file' in user.password ? user.password.file : user.password.env;
    const text = secret(reference);
    const { topics } = user;
    if (text !== undefined) users.set(name, { password: text, ...(topics ? { topics } : {}) });
  }
  const own = { name: ownUser, password };
  // Few sites have a broker of their own; the others do without its library.
  const broking = await import('./acquisition/device-broker.ts');
  const address = { host: broker.host, port: broker.port };
  const started = await broking.DeviceBroker.start({ ...address, users, own, clock, logger });
  lifecycle.onStop('the device broker', () => started.close());
  const host = broker.host === '0.0.0.0' || broker.host === '::' ? '127.0.0.1' : broker.host;
  const url = `mqtt://${host.includes(':') ? `[${host}]` : host}:${started.port}`;
  return { url, user: ownUser, password, broker: started };
}

/** Fills in how to reach the gateway's own broker. */
function reachable(settings: unknown, access: BrokerAccess | undefined): object {
  const known = typeof settings === 'object' && settings !== null ? settings : {};
  if (!access || !isOwnBroker(known)) return known;
  const { url, user, password } = access;
  return { ...known, url, user, password };
}

function isOwnBroker(settings: unknown): boolean {
  return typeof settings === 'object' && settings !== null && 'url' in settings && settings.url === embeddedBroker;
}

/** Paths in settings start at the site file's folder, as those of secrets do. */
function besideFile(settings: object, siteFile: string): object {
  const paths = Object.entries(settings).filter(([key, value]) => pathKeys.has(key) && typeof value === 'string');
  return { ...settings, ...Object.fromEntries(paths.map(([key, path]) => [key, resolve(dirname(siteFile), path)])) };
}
