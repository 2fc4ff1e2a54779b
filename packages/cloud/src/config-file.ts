import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { ConfigError, type ConfigProblem, coerceError, errorCode, PlantroomError } from '@plantroom/base';
import { YamlFile } from '@plantroom/base/yaml';
import { z } from 'zod';
import type { ExternalBroker } from './ingest/contract.ts';
import { type Retention, usualRetention } from './time-series/contract.ts';

/** Which store keeps the time series, secrets filled in. */
export type TimeSeriesOptions =
  | { readonly store: 'duckdb'; readonly retention?: Retention | undefined }
  | {
      readonly store: 'influx-v1';
      readonly url: string;
      readonly database: string;
      readonly user?: string | undefined;
      readonly password?: string | undefined;
      /** Unless told what the server has stays. */
      readonly retention?: Retention | undefined;
    }
  | {
      readonly store: 'influx-v2';
      readonly url: string;
      readonly org: string;
      readonly bucket: string;
      readonly token: string;
      /** Unless told what the server has stays. */
      readonly retention?: Retention | undefined;
    };

/** Where the records are kept, secrets filled in. */
export type RecordsOptions =
  | { readonly store: 'sqlite' }
  | {
      readonly store: 'postgres';
      /** Without a password. */
      readonly url: string;
      readonly password?: string | undefined;
      /** Most connections of one process. */
      readonly connections?: number | undefined;
    };

/** What the cloud's configuration file says. */
export interface CloudFile {
  /** A broker that runs by itself. */
  readonly broker?: ExternalBroker;
  readonly records: RecordsOptions;
  readonly timeSeries: TimeSeriesOptions;
}

/** A secret is never in the file itself. Paths start at the file's folder. */
const secretReference = z.union(
  [z.strictObject({ file: z.string().min(1) }), z.strictObject({ env: z.string().min(1) })],
  { error: 'write { file: PATH } or { env: NAME }' },
);
type SecretReference = z.output<typeof secretReference>;

const url = z.string().regex(/^https?:\/\/[^/\s@]+(?:\/\S*)?$/, 'write an address such as http://influxdb:8086');
const name = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/, 'use letters, digits, `_`, `.` and `-`');
const days = z
  .union([z.number().int().min(1).max(36_500), z.literal('forever')], { error: 'write a number of days, or forever' })
  .transform((count) => (count === 'forever' ? Number.POSITIVE_INFINITY : count));
/** A number alone is that of samples. */
const retention = z
  .union([
    days.transform((samples) => ({ ...usualRetention, samples })),
    z
      .strictObject({ samples: days, minutes: days, quarters: days, days })
      .partial()
      .transform(({ samples, minutes, quarters, days: whole }) => ({
        samples: samples ?? usualRetention.samples,
        minute: minutes ?? usualRetention.minute,
        quarter: quarters ?? usualRetention.quarter,
        day: whole ?? usualRetention.day,
      })),
  ])
  .default(usualRetention);

/** The password is a reference of its own: the address shows in messages. */
function isPostgresUrl(text: string): boolean {
  const address = URL.parse(text);
  return (
    address !== null &&
    /^postgres(?:ql)?:$/.test(address.protocol) &&
    address.password === '' &&
    !address.searchParams.has('password') &&
    address.pathname.length > 1
  );
}

/** A credential in the address would show in messages. */
export const brokerUrl = z
  .string()
  .regex(/^(?:mqtts?|wss?):\/\/[^/\s@]+(?:\/\S*)?$/, 'write a broker such as mqtts://broker.example.com:8883');

const file = z.strictObject({
  broker: z
    .strictObject({
      url: brokerUrl,
      user: z.string().min(1).optional(),
      password: secretReference.optional(),
      ca: z.string().min(1).optional(),
      certificate: z.string().min(1).optional(),
      key: z.string().min(1).optional(),
      enrolment: z.strictObject({ user: z.string().min(1), password: secretReference }).optional(),
    })
    .optional(),
  records: z
    .discriminatedUnion(
      'store',
      [
        z.strictObject({ store: z.literal('sqlite') }),
        z.strictObject({
          store: z.literal('postgres'),
          url: z
            .string()
            .refine(isPostgresUrl, 'write an address such as postgres://plantroom@db:5432/plantroom, no password'),
          password: secretReference.optional(),
          connections: z.number().int().min(1).max(1000).optional(),
        }),
      ],
      { error: 'write sqlite or postgres' },
    )
    .default({ store: 'sqlite' }),
  timeSeries: z
    .discriminatedUnion(
      'store',
      [
        z.strictObject({ store: z.literal('duckdb'), retention }),
        z.strictObject({
          store: z.literal('influx-v1'),
          url,
          database: name.default('plantroom'),
          user: z.string().min(1).optional(),
          password: secretReference.optional(),
          retention,
        }),
        z.strictObject({
          store: z.literal('influx-v2'),
          url,
          org: z.string().min(1),
          bucket: name.default('plantroom'),
          token: secretReference,
          retention,
        }),
      ],
      { error: 'write duckdb, influx-v1 or influx-v2' },
    )
    .default({ store: 'duckdb', retention: usualRetention }),
});

/** Reads the configuration file; throws ConfigError with all that is wrong, each with its line. */
export function readCloudFile(path: string): CloudFile {
  const yaml = YamlFile.parse(readText(path), path);
  const read = yaml.read(file);
  if (!('value' in read)) throw new ConfigError(read.problems);
  const problems: ConfigProblem[] = [];
  const secret = (reference: SecretReference, ...key: string[]): string => {
    const found = readSecret(reference, path);
    if ('text' in found) return found.text;
    problems.push(yaml.problem(key, found.what, found.instead));
    return '';
  };
  const timeSeries = timeSeriesOf(read.value.timeSeries, secret);
  const records = recordsOf(read.value.records, secret);
  const broker = read.value.broker && brokerOf(read.value.broker, secret);
  if (problems.length > 0) throw new ConfigError(problems);
  return { records, timeSeries, ...(broker ? { broker } : {}) };
}

type Secret = (reference: SecretReference, ...key: string[]) => string;

function timeSeriesOf(from: z.output<typeof file>['timeSeries'], secret: Secret): TimeSeriesOptions {
  if (from.store === 'influx-v2') return { ...from, token: secret(from.token, 'timeSeries', 'token') };
  if (from.store === 'duckdb') return from;
  const { password, ...rest } = from;
  return password ? { ...rest, password: secret(password, 'timeSeries', 'password') } : rest;
}

function recordsOf(from: z.output<typeof file>['records'], secret: Secret): RecordsOptions {
  if (from.store === 'sqlite') return from;
  const { password, ...rest } = from;
  return password ? { ...rest, password: secret(password, 'records', 'password') } : rest;
}

function brokerOf(from: NonNullable<z.output<typeof file>['broker']>, secret: Secret): ExternalBroker {
  const { url, user, password, ca, certificate, key, enrolment } = from;
  const pem = (name: string, path: string) => secret({ file: path }, 'broker', name);
  return {
    url,
    ...(user === undefined ? {} : { username: user }),
    ...(password === undefined ? {} : { password: secret(password, 'broker', 'password') }),
    ...(ca === undefined ? {} : { ca: pem('ca', ca) }),
    ...(certificate === undefined ? {} : { cert: pem('certificate', certificate) }),
    ...(key === undefined ? {} : { key: pem('key', key) }),
    ...(enrolment === undefined
      ? {}
      : {
          enrolment: {
            username: enrolment.user,
            password: secret(enrolment.password, 'broker', 'enrolment', 'password'),
          },
        }),
  };
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (thrown) {
    throw new PlantroomError('config', `the configuration file cannot be read: ${coerceError(thrown).message}`, {
      hint: 'Check the path after --config.',
      cause: thrown,
    });
  }
}

function readSecret(reference: SecretReference, path: string): { text: string } | { what: string; instead: string } {
  if ('env' in reference) {
    const text = process.env[reference.env];
    if (text) return { text };
    return { what: `the environment variable ${reference.env} is not set`, instead: 'set it before the cloud starts' };
  }
  try {
    const text = readFileSync(resolve(dirname(path), reference.file), 'utf8').trimEnd();
    if (text !== '') return { text };
    return { what: `the file ${reference.file} is empty`, instead: 'write the secret or certificate into it' };
  } catch (thrown) {
    const what = `the file ${reference.file} cannot be read (${errorCode(thrown) ?? 'error'})`;
    return { what, instead: 'write the secret into that file, readable by the cloud alone' };
  }
}
