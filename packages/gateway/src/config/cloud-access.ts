import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { errorCode, PlantroomError, withoutCredentials } from '@plantroom/base';
import type { CloudOverride } from './gateway-options.ts';
import type { SecretLookup } from './secrets.ts';
import type { SiteConfig } from './site-config.ts';

export interface CloudAccess {
  readonly url: string;
  readonly user: string;
  readonly password: string;
  /** PEM of the authorities to trust instead of the system's. */
  readonly ca?: string;
}

/**
 * How to reach the cloud: the override before the site file; undefined when neither speaks of a cloud. Throws PlantroomError
 * `cloud-url` when the file does and nobody names its broker.
 */
export function cloudAccess(
  { gateway, site, file }: SiteConfig,
  secret: SecretLookup,
  override: CloudOverride = {},
): CloudAccess | undefined {
  const { cloud } = gateway;
  const url = override.url ?? cloud?.url;
  if (url === undefined) {
    if (!cloud) return undefined;
    throw new PlantroomError('cloud-url', 'The site file has gateway.cloud, but no address of a broker in it.', {
      hint: 'Add `url: mqtts://HOST:8883` there, or start the gateway with --cloud URL.',
    });
  }
  const reference = cloud?.password;
  const name = reference && ('file' in reference ? reference.file : reference.env);
  const password = override.password ?? (name === undefined ? undefined : secret(name));
  if (password === undefined)
    throw new PlantroomError('cloud-password', `The gateway has no password for ${withoutCredentials(url)}.`, {
      hint: 'Add `password: { file: ... }` under gateway.cloud, with the secret that the cloud gave at the enrolment.',
    });
  return {
    url,
    user: override.user ?? cloud?.user ?? `${site.id}/${gateway.id}`,
    password,
    ...authority(override.ca, cloud?.ca === undefined ? undefined : resolve(dirname(file), cloud.ca)),
  };
}

function authority(told: string | undefined, named: string | undefined): { ca?: string } {
  const path = told ?? named;
  return path === undefined ? {} : { ca: readCa(path, told === undefined ? '`ca` under gateway.cloud' : '--ca') };
}

function readCa(path: string, from: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (thrown) {
    throw new PlantroomError('cloud-ca', `The certificate ${path} cannot be read (${errorCode(thrown) ?? 'error'}).`, {
      hint: `Correct ${from}.`,
      cause: thrown,
    });
  }
}
