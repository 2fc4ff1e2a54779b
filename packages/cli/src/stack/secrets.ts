import { copyFileSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { randomSecret } from '@plantroom/base';
import { makeCertificates } from './certificates.ts';

/** Each consumer's own folder holds what it may know, and no more; the authority's key is for this command alone. */
export function secretFiles(folder: string) {
  const at = (...parts: string[]) => join(folder, ...parts);
  return {
    authority: { certificate: at('authority', 'ca.pem'), key: at('authority', 'ca.key') },
    broker: {
      ca: at('broker', 'ca.pem'),
      certificate: at('broker', 'broker.pem'),
      key: at('broker', 'broker.key'),
      adminPassword: at('broker', 'admin-password'),
    },
    cloud: {
      ca: at('cloud', 'ca.pem'),
      brokerPassword: at('cloud', 'broker-password'),
      adminPassword: at('cloud', 'admin-password'),
      influxdb: at('cloud', 'influxdb'),
      postgres: at('cloud', 'postgres'),
    },
    gateway: {
      ca: at('gateway', 'ca.pem'),
      secret: at('gateway', 'gateway-secret'),
      devicePassword: at('gateway', 'device-password'),
    },
    influxdb: { password: at('influxdb', 'password'), token: at('influxdb', 'token') },
    postgres: { password: at('postgres', 'password') },
  };
}

/**
 * Makes the certificates of the broker and a random secret for every door between the parts of a stack, below `folder`;
 * what is there stays. `names` are those under which gateways and cloud reach the broker. Throws PlantroomError `openssl`.
 */
export function makeSecrets(folder: string, names: readonly string[]): void {
  const files = secretFiles(folder);
  const { authority, broker, cloud, gateway, influxdb, postgres } = files;
  for (const name of Object.keys(files)) mkdirSync(join(folder, name), { recursive: true, mode: 0o700 });
  makeCertificates(
    {
      authority: authority.certificate,
      authorityKey: authority.key,
      certificate: broker.certificate,
      key: broker.key,
    },
    names,
  );
  for (const { ca } of [broker, cloud, gateway]) copyFileSync(authority.certificate, ca);
  // The same secret for both sides of a door.
  const doors = [
    [broker.adminPassword, cloud.adminPassword],
    [cloud.brokerPassword],
    [influxdb.token, cloud.influxdb],
    [influxdb.password],
    [postgres.password, cloud.postgres],
    [gateway.secret],
    [gateway.devicePassword],
  ] as const;
  for (const [first, ...others] of doors) {
    if (!existsSync(first)) writeFileSync(first, `${randomSecret()}\n`, { mode: 0o600 });
    for (const other of others) copyFileSync(first, other);
  }
}
