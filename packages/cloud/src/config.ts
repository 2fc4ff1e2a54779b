import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type Clock, type Logger, PlantroomError } from '@plantroom/base';
import { identifierPattern } from '@plantroom/model';
import { brokerUrl, type RecordsOptions, readCloudFile, type TimeSeriesOptions } from './config-file.ts';
import type { ExternalBroker } from './ingest/contract.ts';
import { type CloudRole, parseRoles } from './roles.ts';

/** What the cloud needs to run inside another program. */
export interface CloudOptions {
  /** Where records and time series are kept unless told otherwise; one process at a time. */
  readonly dataDirectory: string;
  /** SQLite in the data directory unless told. */
  readonly records?: RecordsOptions;
  /** DuckDB in the data directory unless told. */
  readonly timeSeries?: TimeSeriesOptions;
  /** What this process does; all unless told. A part needs stores and a broker that other processes share. */
  readonly roles?: readonly CloudRole[];
  /** A broker that runs by itself; the embedded one unless told. */
  readonly broker?: ExternalBroker;
  /** The address of the dashboard, API and broker; loopback unless told. */
  readonly host?: string;
  /** The port of dashboard and API; 0 (a free one) unless told. */
  readonly port?: number;
  /** The port of the embedded broker; 0 (a free one) unless told. */
  readonly mqttPort?: number;
  /** The built dashboard (a folder with index.html); without it only the API is served. */
  readonly webDirectory?: string;
  /** How people reach the dashboard from outside, such as `https://plant.example.com`; decides the cookie's Secure. */
  readonly publicUrl?: string;
  readonly logger?: Logger;
  readonly clock?: Clock;
  /** Ends the wait for a store that is down at the start. */
  readonly signal?: AbortSignal;
}

/** A gateway to enrol when the process starts; the file holds its secret and is written if it is not there. */
export interface Enrolment {
  readonly site: string;
  readonly gateway: string;
  readonly secretFile: string;
}

/** What the cloud needs to run as a process of its own. */
export interface RunOptions extends CloudOptions {
  /** Receives a fresh one-time sign-in link token at each start. */
  readonly signInTokenFile?: string;
  /** Receives a fresh API token at each start. */
  readonly apiTokenFile?: string;
  readonly enrol?: readonly Enrolment[];
}

/** The product's version, as the root of this package says. */
export function packageVersion(): string {
  const path = join(import.meta.dirname, '..', 'package.json');
  const content: unknown = JSON.parse(readFileSync(path, 'utf8'));
  const version = typeof content === 'object' && content !== null && 'version' in content ? content.version : undefined;
  return typeof version === 'string' ? version : '0.0.0';
}

/** Takes `site/gateway:secret-file` apart; throws PlantroomError when it has another form. */
export function parseEnrolment(text: string): Enrolment {
  const [, site = '', gateway = '', secretFile = ''] = /^([^/:]+)\/([^/:]+):(.+)$/.exec(text) ?? [];
  if (!identifierPattern.test(site) || !identifierPattern.test(gateway) || secretFile === '')
    throw new PlantroomError('enrolment', `cannot enrol \`${text}\``, {
      hint: 'Write site/gateway:secret-file, such as harbour-tower/gw-1:./gw-1.secret.',
    });
  return { site, gateway, secretFile };
}

function parsePort(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (port >= 0 && port <= 65_535) return port;
  throw new PlantroomError('option', `--${name} ${text} is not a port`, { hint: 'Write a number from 0 to 65535.' });
}

function parseBroker(text: string): string {
  if (brokerUrl.safeParse(text).success) return text;
  throw new PlantroomError('option', `--broker ${text} is not a broker`, {
    hint: 'Write its address, such as mqtts://broker.example.com:8883; user, password and certificates go under `broker` in the file of --config.',
  });
}

const options = {
  broker: { type: 'string' },
  config: { type: 'string' },
  data: { type: 'string' },
  host: { type: 'string' },
  port: { type: 'string' },
  'mqtt-port': { type: 'string' },
  web: { type: 'string' },
  'public-url': { type: 'string' },
  'sign-in-token-file': { type: 'string' },
  'api-token-file': { type: 'string' },
  roles: { type: 'string' },
  enrol: { type: 'string', multiple: true },
} as const;

/** The options of a command line; throws PlantroomError (or node's own error) for one that is not understood. */
export function optionsFromArguments(args: readonly string[]): RunOptions {
  const { values } = parseArgs({ args: [...args], options, strict: true, allowPositionals: false });
  if (values.data === undefined)
    throw new PlantroomError('option', 'the cloud needs a directory for its data', { hint: 'Add --data DIR.' });
  const file = values.config === undefined ? undefined : readCloudFile(values.config);
  return withoutUndefined({
    ...file,
    broker: values.broker === undefined ? file?.broker : { ...file?.broker, url: parseBroker(values.broker) },
    roles: values.roles === undefined ? undefined : parseRoles(values.roles),
    dataDirectory: values.data,
    host: values.host,
    port: parsePort('port', values.port),
    mqttPort: parsePort('mqtt-port', values['mqtt-port']),
    webDirectory: values.web,
    publicUrl: values['public-url'],
    signInTokenFile: values['sign-in-token-file'],
    apiTokenFile: values['api-token-file'],
    enrol: values.enrol?.map(parseEnrolment),
  });
}

type Defined<T> = { [K in keyof T]: Exclude<T[K], undefined> };

/** Drops what was not told, so that defaults stay in one place. */
function withoutUndefined<T extends object>(object: T): Defined<T> {
  return Object.fromEntries(Object.entries(object).filter(([, v]) => v !== undefined)) as Defined<T>;
}
