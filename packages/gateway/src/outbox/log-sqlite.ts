import type { ModelRevision } from '@plantroom/model';
import {
  encodeEvents,
  encodeTelemetry,
  type FrameHeader,
  type GapRecord,
  type Lane,
  type RejectionCode,
  type WireEvent,
} from '@plantroom/model/wire';
import type {
  LogOperations,
  NewEntry,
  NextQuery,
  OutboxCapacity,
  OutboxStats,
  SequenceRange,
  StateChange,
  StoredEntry,
} from './contract.ts';
import { EntryTable, type ReadEntry } from './entries-sqlite.ts';
import { openLog } from './open-sqlite.ts';
import type { SqliteSession } from './session-sqlite.ts';

export interface LogOptions {
  readonly file: string;
  readonly site: string;
  readonly gateway: string;
  readonly capacity: OutboxCapacity;
  readonly now: () => number;
}

/** Entries that are dropped in one go; then the space is measured again. */
const dropAtOnce = 32;
/** Free pages kept inside the file while the disk is below its floor, so that the next entries need no growth. */
const reserveBytes = 4 * 1024 * 1024;

/** The outbox itself: synchronous, one writer. Every public method is one transaction, or part of the one around it. */
export class OutboxLog implements LogOperations {
  readonly epoch: string;
  readonly setAside: string | undefined;
  readonly #session: SqliteSession;
  readonly #entries: EntryTable;
  readonly #options: LogOptions;
  #revision: string | undefined;

  constructor(options: LogOptions) {
    const opened = openLog(options.file, options, options.now());
    this.#session = opened.session;
    this.#entries = new EntryTable(opened.session);
    this.#options = options;
    this.epoch = opened.epoch;
    this.setAside = opened.setAside;
    this.#revision = this.#session.text("SELECT value FROM about WHERE name = 'revision'");
  }

  together<T>(run: () => T): T {
    return this.#session.together(run);
  }

  useModel(model: ModelRevision): boolean {
    if (model.revision === this.#revision) return false;
    this.together(() => {
      this.#session.run(
        'INSERT OR IGNORE INTO models (revision, content) VALUES (?, ?)',
        model.revision,
        JSON.stringify(model),
      );
      this.#session.run("INSERT OR REPLACE INTO about VALUES ('revision', ?)", model.revision);
      // Frames of an earlier revision may still wait, and their cloud may ask for it.
      this.#session.run(
        `DELETE FROM models WHERE revision <> ? AND revision NOT IN (SELECT revision FROM entries)
         AND revision NOT IN (SELECT revision FROM quarantine)`,
        model.revision,
      );
      this.#revision = model.revision;
      this.#logModel(model);
    });
    return true;
  }

  modelFrame(): Uint8Array | undefined {
    const frame = this.#session.get('SELECT frame FROM models WHERE revision = ?', this.#revision ?? '')?.frame;
    return frame instanceof Uint8Array ? frame : undefined;
  }

  append(entries: readonly NewEntry[], state: StateChange): void {
    this.together(() => {
      for (const entry of entries) {
        if (entry.lane === 'events') this.#logEvents(entry.events, entry.history ?? false);
        else this.#logTelemetry(entry);
      }
      for (const [key, value] of Object.entries(state))
        this.#session.run('INSERT OR REPLACE INTO state VALUES (?, ?)', key, JSON.stringify(value));
    });
  }

  next(query: NextQuery): StoredEntry[] {
    const read = this.#entries.read(query);
    for (const r of read) if (!r.sound) this.#giveUp(r);
    return read.filter((r) => r.sound).map((r) => r.entry);
  }

  acknowledge(lane: Lane, ranges: readonly SequenceRange[]): void {
    this.together(() => {
      for (const range of ranges) this.#entries.take(lane, range, 'stored');
    });
  }

  quarantine(lane: Lane, sequence: number, code: RejectionCode, reason: string): void {
    this.together(() => {
      this.#entries.keepRejected(lane, sequence, code, reason);
      this.#entries.take(lane, [sequence, sequence], 'quarantined');
    });
  }

  replayQuarantine(): number {
    return this.together(() => this.#entries.releaseRejected());
  }

  resendModel(revision: string): StoredEntry | undefined {
    const content = this.#session.text('SELECT content FROM models WHERE revision = ?', revision);
    if (content === undefined) return undefined;
    const model: ModelRevision = JSON.parse(content);
    const sequence = this.together(() => this.#logModel(model));
    return this.next({ lane: 'events', history: false, after: sequence - 1, limit: 1 })[0];
  }

  readState(key: string): unknown {
    const text = this.#session.text('SELECT value FROM state WHERE key = ?', key);
    return text === undefined ? undefined : JSON.parse(text);
  }

  stats(): OutboxStats {
    const lanes = { events: this.#entries.stats('events'), telemetry: this.#entries.stats('telemetry') };
    return { epoch: this.epoch, lanes, used: this.#used() };
  }

  /**
   * Brings the log back under its limits: the oldest telemetry goes, and a gap record says so. `free` is what the disk
   * still has, in bytes. Events are never dropped. Gives the number of samples dropped.
   */
  relieve(free: number): number {
    if (!this.#isTight(free)) return 0;
    return this.together(() => {
      let sequences: SequenceRange | undefined;
      let times: SequenceRange = [Number.MAX_SAFE_INTEGER, 0];
      let samples = 0;
      while (this.#isTight(free)) {
        const oldest = this.#entries.oldestTelemetry(dropAtOnce);
        if (!oldest) break;
        samples += this.#entries.take('telemetry', oldest.sequences, 'dropped');
        sequences = [sequences?.[0] ?? oldest.sequences[0], oldest.sequences[1]];
        times = [Math.min(times[0], oldest.times[0]), Math.max(times[1], oldest.times[1])];
      }
      if (sequences) this.#recordGap('telemetry', sequences, times, samples, 'dropped');
      return samples;
    });
  }

  close(): void {
    this.#session.close();
  }

  #isTight(free: number): boolean {
    const { maximumBytes, freeFloor } = this.#options.capacity;
    const unused = this.#pages('freelist_count');
    return this.#used() > maximumBytes || (free < freeFloor && unused < reserveBytes);
  }

  /** A frame whose bytes have changed on the disk cannot be sent: it is counted as dropped and leaves a gap record. */
  #giveUp({ entry, items, times }: ReadEntry): void {
    this.together(() => {
      this.#entries.take(entry.lane, [entry.sequence, entry.sequence], 'dropped');
      this.#recordGap(entry.lane, [entry.sequence, entry.sequence], times, items, 'corrupt');
    });
  }

  #recordGap(lane: Lane, at: SequenceRange, times: SequenceRange, samples: number, reason: GapRecord['reason']): void {
    const gap: GapRecord = {
      id: `${this.epoch}-${lane}-${at[0]}-${at[1]}`,
      lane,
      fromSequence: at[0],
      toSequence: at[1],
      fromTime: times[0],
      toTime: times[1],
      samples,
      reason,
    };
    this.#logEvents([{ type: 'gap', gap }], false);
  }

  #logModel(model: ModelRevision): number {
    const { sequence, bytes } = this.#logEvents([{ type: 'model', model }], false, model.revision);
    this.#session.run('UPDATE models SET frame = ? WHERE revision = ?', bytes, model.revision);
    return sequence;
  }

  #logEvents(
    events: readonly WireEvent[],
    history: boolean,
    revision?: string,
  ): { sequence: number; bytes: Uint8Array } {
    const header = this.#header('events', revision);
    const now = this.#options.now();
    const bytes = encodeEvents({ header, events: [...events] });
    this.#entries.insert(header, bytes, { history, items: events.length, times: [now, now], loggedAt: now });
    return { sequence: header.sequence, bytes };
  }

  #logTelemetry({ samples }: Extract<NewEntry, { lane: 'telemetry' }>): void {
    let first = Number.MAX_SAFE_INTEGER;
    let last = 0;
    for (const sample of samples) {
      if (sample.time < first) first = sample.time;
      if (sample.time > last) last = sample.time;
    }
    const header = this.#header('telemetry');
    const bytes = encodeTelemetry({ header, samples });
    const loggedAt = this.#options.now();
    this.#entries.insert(header, bytes, { history: false, items: samples.length, times: [first, last], loggedAt });
  }

  #header(lane: Lane, revision = this.#revision): FrameHeader {
    if (revision === undefined) throw new Error('the outbox has no model revision yet; useModel comes first');
    const { site, gateway } = this.#options;
    return { site, gateway, epoch: this.epoch, lane, sequence: this.#entries.nextSequence(lane), revision };
  }

  #used(): number {
    return this.#pages('page_count') - this.#pages('freelist_count');
  }

  /** Bytes in all pages of the file, or in those that are free for reuse. */
  #pages(which: 'page_count' | 'freelist_count'): number {
    const count = this.#session.number(`PRAGMA ${which}`) ?? 0;
    return count * (this.#session.number('PRAGMA page_size') ?? 0);
  }
}
