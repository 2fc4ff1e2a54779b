import { dirname, join, resolve } from 'node:path';
import { type Clock, type Lifecycle, type Logger, randomSecret } from '@plantroom/base';
import { embeddedBroker, prepareConnection } from '@plantroom/drivers';
import type { PreparedConnection } from './acquisition/acquisition.ts';
import { DeviceBroker, type DeviceUser } from './acquisition/device-broker.ts';
import type { SecretLookup, SiteConfig } from './config/index.ts';

export interface FieldOptions {
  readonly site: SiteConfig;
  readonly secret: SecretLookup;
  readonly dataDirectory: string;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly lifecycle: Lifecycle;
}

/** Settings of connections that name a file. */
const pathKeys: ReadonlySet<string> = new Set(['ca', 'file']);
/** The gateway's own user on its device broker. */
const ownUser = 'plantroom-gateway';

/**
 * Starts the device broker, if the site has one, and prepares every connection; none is open yet. The broker lets devices
 * in once the gateway's own connections there have subscribed to all their topics.
 */
export async function prepareField(options: FieldOptions): Promise<PreparedConnection[]> {
  const { site, secret, dataDirectory, clock, logger } = options;
  const access = await startDeviceBroker(options);
  const prepared = await Promise.all(
    site.connections.map(async ({ id, type, settings, bindings }) => ({
      type,
      connection: await prepareConnection(type, id, besideFile(reachable(settings, access), site.file), bindings, {
        clock,
        logger: logger.child({ connection: id }),
        directory: join(dataDirectory, 'connections', id),
        secret,
      }),
    })),
  );
  const own = new Set(site.connections.filter(({ settings }) => isOwnBroker(settings)).map(({ id }) => id));
  const topics = prepared.flatMap(({ connection: { id, topics = [] } }) => (own.has(id) ? topics : []));
  access?.broker.admitDevices(topics);
  return prepared;
}

interface BrokerAccess {
  readonly url: string;
  readonly user: string;
  readonly password: string;
  readonly broker: DeviceBroker;
}

async function startDeviceBroker({ site, secret, logger, lifecycle }: FieldOptions): Promise<BrokerAccess | undefined> {
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
  const started = await DeviceBroker.start({ host: broker.host, port: broker.port, users, own, logger });
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
