import { bothLanguages, identifier, localText, placeText } from '@plantroom/model';
import { z } from 'zod';
import { reportEntry } from './report.ts';

/** A secret is never in the site file itself: it names where the secret is. File paths start at the site file's folder. */
export const secretReference = z.union([
  z.strictObject({ file: z.string().min(1) }),
  z.strictObject({ env: z.string().min(1) }),
]);
export type SecretReference = z.output<typeof secretReference>;

/** A text in both languages, or one that serves for both, such as `AHU-3`. */
export const text = z.union([z.string().min(1).transform(bothLanguages), localText]);

const port = z.number().int().min(0).max(65_535);
const mebibytes = z.number().int().min(1);

const cloud = z.strictObject({
  /** The broker of the cloud service: `mqtt://host:1883`, `mqtts://`, `ws://` or `wss://`; `--cloud` may name it instead. */
  url: z
    .string()
    .regex(/^(?:mqtts?|wss?):\/\/[^/\s]+/, 'write a broker such as mqtts://plant.example.com:8883')
    .optional(),
  /** `{site}/{gateway}` unless told. */
  user: z.string().min(1).optional(),
  password: secretReference.optional(),
  /** A PEM file with the certificate authority that the broker's certificate must come from. */
  ca: z.string().min(1).optional(),
});

export const gatewaySection = z
  .strictObject({
    id: identifier.default('gw-1'),
    cloud: cloud.optional(),
    /** What the log may take of the disk, and what it leaves free, in MiB. */
    log: z.strictObject({ maximum: mebibytes.default(4096), free: mebibytes.default(256) }).prefault({}),
    /** Seconds that telemetry waits for the time after a start at which nobody has confirmed it; alarms never wait. */
    clock: z.strictObject({ wait: z.number().min(0).max(86_400).default(120) }).prefault({}),
  })
  .prefault({});
export type GatewaySection = z.output<typeof gatewaySection>;

/** Topic filters of MQTT: `#` stands at the end alone, `+` for one whole level. */
const topics = z
  .array(
    z.string().regex(/^(?:[^#+]|(?<=^|\/)\+(?=\/|$)|(?<=^|\/)#$)+$/, 'write a topic filter such as sensors/lobby/#'),
  )
  .min(1);

/** The gateway's own broker for devices that publish over MQTT. */
export const brokerSection = z
  .strictObject({
    /** Loopback unless told: devices in the building reach it only by an address that is named here. */
    host: z.string().min(1).default('127.0.0.1'),
    port: port.default(1883),
    users: z.record(identifier, z.strictObject({ password: secretReference, topics: topics.optional() })).default({}),
  })
  .optional();
export type BrokerSection = z.output<typeof brokerSection>;

export const siteSection = z.strictObject({
  id: identifier,
  name: text,
  timezone: z.string().min(1),
  /** Floor area in square metres. */
  area: z.number().positive().optional(),
  /** Whether machines that say nothing themselves are watched by the detectors that learn. */
  learn: z.boolean().optional(),
});

const moment = z
  .string()
  .regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d)?(?:Z|[+-]\d\d:\d\d)$/, 'write a time such as 2026-12-01T08:00+08:00')
  .transform((text) => Date.parse(text))
  .refine(Number.isFinite, 'write a time that exists, such as 2026-12-01T08:00+08:00');

/** Planned work: alarms of the equipment are suppressed by design meanwhile, but for those of fire and lift safety. */
const maintenance = z
  .strictObject({ from: moment, to: moment, reason: z.string().min(1).max(150) })
  .refine(({ from, to }) => from < to, { path: ['to'], error: 'write a time after `from`' });

/** An entry under `equipment`; what it has besides belongs to its protocol and is checked by the driver. */
export const equipmentEntry = z
  .object({
    /** The name of a profile, or the path of one's own YAML file from the site file's folder. */
    profile: z.string().min(1),
    on: identifier,
    name: text,
    at: placeText.prefault(''),
    ratings: z.record(z.string().min(1), z.number()).default({}),
    /** The meter above it, which feeds it. */
    parent: identifier.optional(),
    maintenance: z.array(maintenance).max(100).optional(),
    /** What the detectors that learn watch of it: nothing, only these points, or all that its kind allows. */
    learn: z.union([z.boolean(), z.array(z.string()).max(100)]).optional(),
    /** Milliseconds between two readings, instead of the profile's. */
    period: z.number().int().min(50).max(86_400_000).optional(),
    /** The site's own thresholds: fault, parameter, figure. */
    parameters: z.record(z.string(), z.record(z.string(), z.number())).default({}),
    /** Report by exception: deadband and longest silence, point by point, instead of the kind's. */
    report: reportEntry,
    /** A second connection over which a panel reports its events. */
    events: z.object({ on: identifier }).catchall(z.unknown()).optional(),
  })
  .catchall(z.unknown());
export type EquipmentEntry = z.output<typeof equipmentEntry>;

/** The keys of an equipment's entry that are not its protocol's. */
export const ownEquipmentKeys: ReadonlySet<string> = new Set(Object.keys(equipmentEntry.shape));

/** Entries by id, whose forms are checked one by one. */
export const entries = z.record(z.string(), z.unknown()).optional();

/** The keys of the file; its parts are read one by one, so that one that is wrong does not hide the others. */
export const siteFile = z.strictObject({
  site: z.unknown().optional(),
  gateway: z.unknown().optional(),
  broker: z.unknown().optional(),
  connections: z.unknown().optional(),
  /** Parts of entries that several equipment share, by name. */
  templates: z.unknown().optional(),
  equipment: z.unknown().optional(),
  /** Faults that the site declares itself. */
  rules: z.unknown().optional(),
  /** Tables with an equipment on each line. */
  'equipment-from': z.unknown().optional(),
});
