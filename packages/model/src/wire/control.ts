import { z } from 'zod';
import { lanes } from './header.ts';

/** Inclusive range of sequences. */
const range = z.tuple([z.number().int().min(1), z.number().int().min(1)]);

export const rejectionCodes = [
  'unknown-model',
  'malformed',
  'checksum',
  'too-large',
  'unsupported',
  'too-old',
  'invalid',
] as const;
export type RejectionCode = (typeof rejectionCodes)[number];

/** The application's acknowledgement, sent only after the commit, on `down/acks`. */
export const acknowledgement = z.object({
  epoch: z.string(),
  lane: z.enum(lanes),
  /** Sequences that are stored. */
  ranges: z.array(range).max(1000),
  /** Sequences that are not: `unknown-model` is sent again after the model revision, the rest go to quarantine. */
  rejected: z
    .array(z.object({ sequence: z.number().int(), code: z.enum(rejectionCodes), reason: z.string().max(500) }))
    .max(1000),
  /** Frames a second that the cloud wants of what is not current (an outage's backlog, imported history), until it says otherwise. */
  historyRate: z.number().positive().optional(),
});
export type Acknowledgement = z.infer<typeof acknowledgement>;

export const commandActions = [
  'acknowledge',
  'reset',
  'shelve',
  'unshelve',
  'remove-from-service',
  'return-to-service',
] as const;

/** A click in the cloud, on `down/commands`; sent again until an event echoes its id. */
export const alarmCommand = z.object({
  id: z.string().min(1).max(64),
  alarm: z.string().min(1).max(64),
  action: z.enum(commandActions),
  actor: z.string().min(1).max(128),
  /** When the person clicked; ms since 1970 UTC. */
  time: z.number().int(),
  comment: z.string().max(500),
  /** For `shelve`: when it ends by itself. */
  until: z.number().int().optional(),
});
export type AlarmCommand = z.infer<typeof alarmCommand>;

/** One connection of a gateway to the field, as its status tells. */
export const connectionStatus = z.object({
  id: z.string(),
  type: z.string(),
  state: z.enum(['connected', 'connecting', 'failed']),
  /** Equipment that does not answer at the moment. */
  silent: z.array(z.string()),
  detail: z.string().max(300),
});
export type ConnectionStatus = z.infer<typeof connectionStatus>;

const count = z.number().int();
/** A lane's books in items: `produced = stored + buffered + quarantined + thinned + dropped + corrupt`. */
const books = z.object({
  produced: count,
  stored: count,
  buffered: count,
  quarantined: count,
  thinned: count,
  dropped: count,
  corrupt: count,
});

/** Retained on `up/status`; the Will is the same with `online: false`. */
export const gatewayStatus = z.object({
  online: z.boolean(),
  time: z.number().int(),
  epoch: z.string(),
  revision: z.string(),
  version: z.string(),
  /** Not yet acknowledged entries and bytes by lane, and the age of the oldest in ms. */
  backlog: z.object({ entries: z.number().int(), bytes: z.number().int(), oldest: z.number().int() }),
  quarantined: z.number().int(),
  books: z.object({ events: books, telemetry: books }).optional(),
  /** Milliseconds until the log is full at the rate of the last minutes; `null` while it does not grow. */
  fullIn: z.number().int().nullish(),
  /** Why the disk of the gateway takes no writes at the moment. */
  logTrouble: z.string().nullish(),
  connections: z.array(connectionStatus),
});
export type GatewayStatus = z.infer<typeof gatewayStatus>;
