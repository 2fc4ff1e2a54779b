import { dirname, join, resolve } from 'node:path';
import { type Clock, type Lifecycle, type Logger, randomSecret } from '@plantroom/base';
import { embeddedBroker, prepareConnection } from '@plantroom/drivers';
import type { PreparedConnection } from './acquisition/acquisition.ts';
import { DeviceBroker } from './acquisition/device-broker.ts';
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

/** Starts the device broker, if the site has one, and prepares every connection; none is open yet. */
export async function prepareField(options: FieldOptions): Promise<PreparedConnection[]> {
  const { site, secret, dataDirectory, clock, logger } = options;
  const access = await startDeviceBroker(options);
  return Promise.all(
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
}

interface BrokerAccess {
  readonly url: string;
  readonly user: string;
  readonly password: string;
}

async function startDeviceBroker({ site, secret, logger, lifecycle }: FieldOptions): Promise<BrokerAccess | undefined> {
  const { broker } = site;
  if (!broker) return undefined;
  const password = randomSecret();
  const users = new Map([[ownUser, password]]);
  for (const [name, user] of Object.entries(broker.users)) {
    const reference = 'file' in user.password ? user.password.file : user.password.env;
    const text = secret(reference);
    if (text !== undefined) users.set(name, text);
  }
  const started = await DeviceBroker.start({ host: broker.host, port: broker.port, users, logger });
  lifecycle.onStop('the device broker', () => started.close());
  const host = broker.host === '0.0.0.0' || broker.host === '::' ? '127.0.0.1' : broker.host;
  return { url: `mqtt://${host.includes(':') ? `[${host}]` : host}:${started.port}`, user: ownUser, password };
}

/** Fills in how to reach the gateway's own broker. */
function reachable(settings: unknown, access: BrokerAccess | undefined): object {
  const known = typeof settings === 'object' && settings !== null ? settings : {};
  return access && 'url' in known && known.url === embeddedBroker ? { ...known, ...access } : known;
}

/** Paths in settings start at the site file's folder, as those of secrets do. */
function besideFile(settings: object, siteFile: string): object {
  const paths = Object.entries(settings).filter(([key, value]) => pathKeys.has(key) && typeof value === 'string');
  return { ...settings, ...Object.fromEntries(paths.map(([key, path]) => [key, resolve(dirname(siteFile), path)])) };
}
