import type { ModelRevision } from '@plantroom/model';
import type { Lane, PackedSamples, RejectionCode, WireEvent } from '@plantroom/model/wire';

/** What is to be logged; the log gives it its sequence and makes its bytes. The log takes packed samples over: they are gone for the caller. */
export type NewEntry =
  | { readonly lane: 'events'; readonly events: readonly WireEvent[]; readonly history?: boolean }
  | { readonly lane: 'telemetry'; readonly samples: PackedSamples };

/** Values by key, JSON; they become durable in the same transaction as the entries beside them. */
export type StateChange = Readonly<Record<string, unknown>>;

/** What names an entry for ever, beside its gateway. */
export interface EntryName {
  readonly epoch: string;
  readonly lane: Lane;
  readonly sequence: number;
}

/** One frame of the log, its bytes as they go over the wire. */
export interface StoredEntry extends EntryName {
  /** Its place in the order of logging, over all epochs. */
  readonly row: number;
  readonly revision: string;
  readonly bytes: Uint8Array;
}

export interface NextQuery {
  readonly lane: Lane;
  /** Backfill (true) or live (false). */
  readonly history: boolean;
  /** Entries of later rows. */
  readonly after: number;
  /** Entries of earlier rows; no bound when left out. */
  readonly before?: number;
  readonly limit: number;
}

/** Inclusive range of sequences. */
export type SequenceRange = readonly [number, number];

/**
 * A lane's books, in items (samples on telemetry, events on events). At any time
 * `produced = stored + buffered + quarantined + thinned + dropped + corrupt`.
 */
export interface LaneBooks {
  readonly produced: number;
  readonly stored: number;
  readonly buffered: number;
  readonly quarantined: number;
  /** Replaced by their minimum, mean, maximum and count. */
  readonly thinned: number;
  /** Given up for want of space, or by a person's word; a gap record names them. */
  readonly dropped: number;
  /** No longer what was written; a gap record names them. */
  readonly corrupt: number;
}

export interface LaneStats extends LaneBooks {
  /** The sequence that the next entry gets, in the current epoch. */
  readonly next: number;
  readonly entries: number;
  readonly bytes: number;
  /** When the oldest entry was logged; ms since 1970 UTC, `null` when the lane is empty. */
  readonly oldest: number | null;
  readonly quarantinedEntries: number;
}

export interface OutboxStats {
  readonly epoch: string;
  /** The row that the next entry gets. */
  readonly nextRow: number;
  readonly lanes: Readonly<Record<Lane, LaneStats>>;
  /** Bytes of the log in use on disk. */
  readonly used: number;
}

/** How much of its space the log has left. */
export interface SpaceOutlook {
  /** Bytes that the log may use. */
  readonly maximum: number;
  /** Free bytes of the disk. */
  readonly free: number;
  /** Milliseconds until there is no room at the rate of the last minutes; `null` while the log does not grow. */
  readonly fullIn: number | null;
}

/** A frame that the cloud rejected. */
export interface RejectedEntry extends EntryName {
  readonly code: string;
  readonly reason: string;
  readonly items: number;
  readonly bytes: number;
  /** When it was logged; ms since 1970 UTC. */
  readonly loggedAt: number;
}

/** One entry of the quarantine, or all of it. */
export type RejectedChoice = EntryName | 'all';

/** Gateway time was wrong or unconfirmed from `from` to `to` (inclusive, as it was; ms since 1970 UTC) by `by` ms. */
export interface TimeCorrection {
  readonly from: number;
  readonly to: number;
  readonly by: number;
  /** The time is right from here on; false when it is only less wrong. */
  readonly confirmed: boolean;
}

export interface OutboxCapacity {
  /** The log may use this many bytes of disk. */
  readonly maximumBytes: number;
  /** Below this many free bytes on the disk the log does not grow. */
  readonly freeFloor: number;
}

/** What the log does, step by step; the thread and the handle before it have the same words. */
export interface LogOperations {
  /** Makes `model` the revision of all later entries; logs it as an event when it is not the one in use. */
  useModel(model: ModelRevision): boolean;
  /** The newest frame with the revision in use. */
  modelFrame(): Uint8Array | undefined;
  append(entries: readonly NewEntry[], state: StateChange): void;
  next(query: NextQuery): StoredEntry[];
  acknowledge(epoch: string, lane: Lane, ranges: readonly SequenceRange[]): void;
  quarantine(name: EntryName, code: RejectionCode, reason: string): void;
  /** The oldest entries in quarantine, `limit` at most. */
  quarantined(limit: number): RejectedEntry[];
  /** Puts what is in quarantine at the end of the line; gives the number of entries. */
  replayQuarantine(which: RejectedChoice): number;
  /** Gives up what is in quarantine, each entry with a gap record; gives the number of entries. */
  dropQuarantine(which: RejectedChoice): number;
  /** Logs a model revision once more for a cloud that does not know it; undefined when we do not know it either. */
  resendModel(revision: string): StoredEntry | undefined;
  readState(key: string): unknown;
  stats(): OutboxStats;
  /** What is logged from here on is logged at the monotonic clock plus `base`, ms. */
  useTime(base: number): void;
  /** Notes a correction of the telemetry that is in the log; `correctOn` makes it. */
  correct(correction: TimeCorrection): void;
  /** Goes on with corrections, some entries at a time; false when there is nothing left to do. */
  correctOn(): boolean;
}

/** What was saved from a damaged log, and what was not. */
export interface SalvageReport {
  /** Where the damaged file is now. */
  readonly setAside: string;
  readonly entries: number;
  /** Entries that could not be read; `null` when not even their number could. */
  readonly lost: number | null;
}
