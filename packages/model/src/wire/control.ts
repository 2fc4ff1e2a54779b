import { z } from 'zod';
import { commandActions } from '../command-actions.ts';
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
  /** Frames a second that the cloud wants of what is not current (an outage's backlog, imported history). Holds for 3 s. */
  historyRate: z.number().positive().optional(),
  /** The answer to a status that asked: the cloud's clock, ms since 1970 UTC. Such an acknowledgement has no ranges. */
  clock: z.object({ question: z.number().int(), time: z.number().int() }).optional(),
});
export type Acknowledgement = z.infer<typeof acknowledgement>;

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
  /** For `shelve`: it ends as soon as the alarm returns to normal. */
  oneShot: z.boolean().optional(),
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

/** How a gateway's time stands; spans in ms. */
export const clockStatus = z.object({
  /** `holding`: what confirmed the time has left it, and the gateway goes on by its monotonic clock. */
  state: z.enum(['synchronised', 'holding', 'unsynchronised']),
  /** Who confirmed it: an NTP client of the machine, the cloud, nobody. */
  source: z.enum(['none', 'system', 'cloud']),
  /** For how long it has not been `synchronised`. */
  doubtfulFor: z.number().int(),
  /** The clock of the system minus gateway time. */
  systemOffset: z.number().int(),
  /** The cloud's clock minus gateway time, and how far that may be wrong. */
  cloudOffset: z.object({ by: z.number().int(), within: z.number().int() }).nullable(),
  /** The newest jump of the clock of the system, at gateway time. */
  lastJump: z.object({ at: z.number().int(), by: z.number().int() }).nullable(),
});
export type ClockStatus = z.infer<typeof clockStatus>;

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
  clock: clockStatus.nullish(),
  /** The cloud answers it with its time, in an acknowledgement. */
  question: z.number().int().optional(),
  connections: z.array(connectionStatus),
});
export type GatewayStatus = z.infer<typeof gatewayStatus>;
