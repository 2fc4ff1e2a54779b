import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type Clock, errorCode, type Logger, PlantroomError, type Random, withoutCredentials } from '@plantroom/base';

/** How to reach the cloud, where it is not as the site file says. */
export interface CloudOverride {
  readonly url?: string;
  /** `{site}/{gateway}` unless told. */
  readonly user?: string;
  readonly password?: string;
  /** A PEM file with the authorities to trust. */
  readonly ca?: string;
}

/** What the gateway needs to run inside another program. */
export interface GatewayOptions {
  readonly siteFile: string;
  /** Log and state; one gateway at a time. */
  readonly dataDirectory: string;
  /** Over the site file's `gateway.cloud`; without either the log only fills. */
  readonly cloud?: CloudOverride;
  /** Loopback port of /health, /status and /metrics, 0 for a free one; none unless told. */
  readonly statusPort?: number;
  /** A CSV file with readings from before the gateway was there, imported once. */
  readonly history?: string;
  /** Told as the import goes on: bytes that are in, and all of them. */
  readonly onHistory?: (done: number, total: number) => void;
  readonly logger?: Logger;
  readonly clock?: Clock;
  /** Whether an NTP client of this machine has set its clock; asked of systemd-timesyncd unless told. */
  readonly isSynchronised?: () => boolean;
  /** Names this run of the machine; the kernel's name unless told. */
  readonly bootId?: string;
  readonly random?: Random;
}

/** The version of this package. */
export function packageVersion(): string {
  const content: unknown = JSON.parse(readFileSync(join(import.meta.dirname, '..', '..', 'package.json'), 'utf8'));
  const version = typeof content === 'object' && content !== null && 'version' in content ? content.version : undefined;
  return typeof version === 'string' ? version : '0.0.0';
}

const flags = {
  site: { type: 'string' },
  data: { type: 'string' },
  cloud: { type: 'string' },
  user: { type: 'string' },
  ca: { type: 'string' },
  'secret-file': { type: 'string' },
  history: { type: 'string' },
  'status-port': { type: 'string' },
} as const;

/** The options of a command line; throws PlantroomError `option` (or node's own error) for one that is not understood. */
export function optionsFromArguments(args: readonly string[]): GatewayOptions {
  const { values } = parseArgs({ args: [...args], options: flags, strict: true, allowPositionals: false });
  const { site, data, cloud, user, ca, history } = values;
  if (cloud !== undefined && withoutCredentials(cloud) !== cloud)
    throw new PlantroomError('option', '--cloud has a user name or a password in its address.', {
      hint: 'Give them as --user NAME and --secret-file FILE.',
    });
  if (site === undefined) throw missing('a site file', '--site FILE');
  if (data === undefined) throw missing('a directory for its log', '--data DIR');
  const secretFile = values['secret-file'];
  const override = {
    ...(cloud === undefined ? {} : { url: cloud }),
    ...(user === undefined ? {} : { user }),
    ...(ca === undefined ? {} : { ca }),
    ...(secretFile === undefined ? {} : { password: readSecretFile(secretFile) }),
  };
  return {
    siteFile: site,
    dataDirectory: data,
    ...(Object.keys(override).length > 0 ? { cloud: override } : {}),
    ...(history === undefined ? {} : { history }),
    ...(values['status-port'] === undefined ? {} : { statusPort: parsePort(values['status-port']) }),
  };
}

function missing(what: string, flag: string): PlantroomError {
  return new PlantroomError('option', `The gateway needs ${what}.`, { hint: `Add ${flag}.` });
}

function parsePort(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (port <= 65_535) return port;
  throw new PlantroomError('option', `--status-port ${text} is no port.`, { hint: 'Write a number from 0 to 65535.' });
}

function readSecretFile(file: string): string {
  try {
    return readFileSync(file, 'utf8').trimEnd();
  } catch (thrown) {
    throw new PlantroomError('option', `--secret-file ${file} cannot be read (${errorCode(thrown) ?? 'error'}).`, {
      hint: 'The cloud gives this secret when the gateway is enrolled.',
      cause: thrown,
    });
  }
}
