import type { ModelRevision } from '@plantroom/model';
import type { FrameHeader, GapRecord, Lane, RejectionCode, WireEvent } from '@plantroom/model/wire';
import { encodeEvents, encodePacked, spanOf } from '@plantroom/model/wire/frames';
import type {
  EntryName,
  LogOperations,
  NewEntry,
  NextQuery,
  OutboxCapacity,
  OutboxStats,
  RejectedChoice,
  RejectedEntry,
  SalvageReport,
  SequenceRange,
  StateChange,
  StoredEntry,
  TimeCorrection,
} from './contract.ts';
import { TimeCorrections } from './corrections-sqlite.ts';
import { isDamage, LogDamage } from './damage.ts';
import { EntryTable, type ReadEntry } from './entries-sqlite.ts';
import { freshRow, HandedRows } from './handed-sqlite.ts';
import type { LostSamples } from './held-writes.ts';
import { type OpenedLog, openLog, reopenDamaged } from './open-sqlite.ts';
import { QuarantineTable } from './quarantine-sqlite.ts';
import { type Relief, type TelemetryGap, TelemetryRelief } from './relief-sqlite.ts';
import type { SqliteSession } from './session-sqlite.ts';

export interface LogOptions {
  readonly file: string;
  readonly site: string;
  readonly gateway: string;
  readonly capacity: OutboxCapacity;
  readonly now: () => number;
  /** Makes `now` the monotonic clock plus `base`, ms. */
  readonly useTime?: (base: number) => void;
  /** The log was broken and what could be read of it was saved; `epoch` is the one from here on. */
  readonly onSalvaged?: (report: SalvageReport, epoch: string) => void;
}

/** Steps to make room that follow one commit. */
const reliefSteps = 4;
/**
 * Free pages kept inside the file while the disk is below its floor, so that the next entries need no growth. A log that uses no
 * more than this is left alone: it makes no room worth having, and a cloud that answers empties it all the time.
 */
const reserveBytes = 4 * 1024 * 1024;

/** How far a log may grow over its limit before what may have been sent is dropped too, bytes: a window of frames and their blocks. */
const sentReserve = 8 * 1024 * 1024;

/** A hole in one lane of one epoch. */
interface Gap extends TelemetryGap {
  readonly lane: Lane;
}

/** The outbox itself: synchronous, one writer. Every public method is one transaction, or part of the one around it. */
export class OutboxLog implements LogOperations {
  readonly #options: LogOptions;
  #opened: OpenedLog;
  #entries: EntryTable;
  #handed: HandedRows;
  #relief: TelemetryRelief;
  #revision: string | undefined;
  #model: ModelRevision | undefined;

  constructor(options: LogOptions) {
    this.#options = options;
    this.#opened = openLog(options.file, options, options.now());
    this.#entries = new EntryTable(this.#session, this.#opened.nextRow);
    this.#handed = new HandedRows(this.#session);
    this.#relief = this.#reliefOf();
    this.#begin();
  }

  /** Names every entry that is logged from here on; another one after each opening. */
  get epoch(): string {
    return this.#opened.epoch;
  }

  /** What had changed on the disk while nobody had the log open, and was mended. */
  get mended(): OpenedLog['mended'] {
    return this.#opened.mended;
  }

  get #session(): SqliteSession {
    return this.#opened.session;
  }

  get #quarantine(): QuarantineTable {
    return new QuarantineTable(this.#session);
  }

  get #corrections(): TimeCorrections {
    return new TimeCorrections(this.#session);
  }

  together<T>(run: () => T): T {
    return this.#session.together(run);
  }

  /** Runs something on the log; when that finds the file broken, saves what can be read and runs it once more. */
  mending<T>(run: () => T): T {
    try {
      return run();
    } catch (thrown) {
      if (!isDamage(thrown)) throw thrown;
      const { nextRow } = this.#entries;
      this.#session.close();
      this.#opened = reopenDamaged(this.#options.file, this.#options, this.#options.now());
      // Readers know how far they came; what is logged from here on comes after that, whatever was lost.
      this.#entries = new EntryTable(this.#session, Math.max(nextRow, this.#opened.nextRow));
      this.#handed = new HandedRows(this.#session);
      this.#relief = this.#reliefOf();
      this.#begin();
      if (this.#model) this.useModel(this.#model);
      return run();
    }
  }

  useModel(model: ModelRevision): boolean {
    this.#model = model;
    const changed = model.revision !== this.#revision;
    if (changed) this.#changeModel(model);
    this.#sayGaps();
    return changed;
  }

  #changeModel(model: ModelRevision): void {
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

  /** Books samples that could not be kept while the disk took no writes: a sequence of their own, and a gap record. */
  lose({ samples, times }: LostSamples): void {
    const { epoch, lane, sequence } = this.#header('telemetry');
    this.together(() => {
      this.#entries.lose(lane, samples);
      this.#recordGaps([{ epoch, lane, sequences: [sequence, sequence], times, samples, reason: 'dropped' }]);
    });
  }

  next(query: NextQuery): StoredEntry[] {
    const read = this.#entries.read(query);
    if (query.lane === 'telemetry') this.#handed.add(read.map((r) => r.entry.row));
    for (const r of read) if (!r.sound) this.#giveUp(r);
    return read.filter((r) => r.sound).map((r) => r.entry);
  }

  acknowledge(epoch: string, lane: Lane, ranges: readonly SequenceRange[]): void {
    this.together(() => {
      for (const range of ranges) this.#entries.take(epoch, lane, range, 'stored');
    });
  }

  quarantine(name: EntryName, code: RejectionCode, reason: string): void {
    this.together(() => {
      this.#quarantine.keep(name, code, reason);
      this.#entries.take(name.epoch, name.lane, [name.sequence, name.sequence], 'quarantined');
    });
  }

  quarantined(limit: number): RejectedEntry[] {
    return this.#quarantine.list(limit).map(({ times: _, thinned: __, ...entry }) => entry);
  }

  replayQuarantine(which: RejectedChoice): number {
    return this.together(() => {
      const count = this.#quarantine.count(which);
      if (count === 0) return 0;
      const row = this.#entries.takeRows(count);
      this.#quarantine.release(which, row);
      this.#handed.add(Array.from({ length: count }, (_, n) => row + n));
      return count;
    });
  }

  dropQuarantine(which: RejectedChoice): number {
    return this.together(() => {
      const count = this.#quarantine.count(which);
      const chosen = which === 'all' ? this.#quarantine.list(count) : [this.#quarantine.one(which)];
      for (const entry of chosen) {
        if (!entry) continue;
        const { epoch, lane, sequence, times, items, thinned } = entry;
        this.#quarantine.drop(entry);
        const samples = items + thinned;
        this.#recordGaps([{ epoch, lane, sequences: [sequence, sequence], times, samples, reason: 'dropped' }]);
      }
      return count;
    });
  }

  resendModel(revision: string): StoredEntry | undefined {
    const content = this.#session.text('SELECT content FROM models WHERE revision = ?', revision);
    if (content === undefined) return undefined;
    const model = parse(content) as ModelRevision;
    const row = this.#entries.nextRow;
    this.together(() => this.#logModel(model));
    return this.next({ lane: 'events', history: false, after: row - 1, limit: 1 })[0];
  }

  readState(key: string): unknown {
    const text = this.#session.text('SELECT value FROM state WHERE key = ?', key);
    return text === undefined ? undefined : parse(text);
  }

  stats(): OutboxStats {
    const lanes = { events: this.#entries.stats('events'), telemetry: this.#entries.stats('telemetry') };
    return { epoch: this.epoch, nextRow: this.#entries.nextRow, lanes, used: this.used() };
  }

  useTime(base: number): void {
    this.#options.useTime?.(base);
  }

  correct(correction: TimeCorrection): void {
    this.together(() => {
      this.#releaseRefused(correction.from);
      this.#corrections.begin(correction, this.#entries.nextRow);
    });
  }

  /** What the cloud refused for its time can be put right, and is sent again then: it was stored nowhere. */
  #releaseRefused(since: number): void {
    const refused = this.#quarantine.refused(since);
    if (refused.length === 0) return;
    const row = freshRow(this.#session, this.#entries.nextRow);
    this.#entries.takeRows(row + refused.length - this.#entries.nextRow);
    for (const [n, name] of refused.entries()) this.#quarantine.release(name, row + n);
  }

  correctOn(): boolean {
    return this.together(() => this.#corrections.step());
  }

  /** Bytes in use. */
  used(): number {
    return this.#pages('page_count') - this.#pages('freelist_count');
  }

  /**
   * Brings the log back towards its limits, a few bounded steps at a time: old telemetry is thinned, then dropped, and gap
   * records say so. `free` is what the disk still has, in bytes. Events are never dropped.
   */
  relieve(free: number): Relief & { readonly isFull: boolean } {
    this.#handed.settle();
    let [thinned, dropped] = [0, 0];
    for (let n = 0; n < reliefSteps && this.#isTight(free); n++) {
      const relief = this.together(() => this.#relief.step(this.#isBeyond(free)));
      if (!relief) return { thinned, dropped, isFull: true };
      thinned += relief.thinned;
      dropped += relief.dropped;
    }
    return { thinned, dropped, isFull: false };
  }

  close(): void {
    this.#session.close();
  }

  #isTight(free: number): boolean {
    const { maximumBytes, freeFloor } = this.#options.capacity;
    const unused = this.#pages('freelist_count');
    const used = this.used();
    return used > maximumBytes || (free < freeFloor && unused < reserveBytes && used > reserveBytes);
  }

  /** So tight that even what may have been sent must go. */
  #isBeyond(free: number): boolean {
    const { maximumBytes, freeFloor } = this.#options.capacity;
    return this.used() > maximumBytes + sentReserve || free < freeFloor / 2;
  }

  #reliefOf(): TelemetryRelief {
    return new TelemetryRelief({
      session: this.#session,
      entries: this.#entries,
      now: this.#options.now,
      header: (revision) => this.#header('telemetry', revision),
      record: (gaps) => this.#recordGaps(gaps.map((gap) => ({ ...gap, lane: 'telemetry' }))),
    });
  }

  #begin(): void {
    const { salvaged, epoch } = this.#opened;
    this.#revision = this.#session.text("SELECT value FROM about WHERE name = 'revision'");
    if (salvaged) this.#options.onSalvaged?.(salvaged, epoch);
  }

  /** Logs what a salvage found missing: until a model revision is in use no frame can be named. */
  #sayGaps(): void {
    const text = this.#session.text("SELECT value FROM about WHERE name = 'gaps'");
    if (text === undefined) return;
    const gaps = parse(text) as GapRecord[];
    this.together(() => {
      if (gaps.length > 0)
        this.#logEvents(
          gaps.map((gap) => ({ type: 'gap', gap })),
          false,
        );
      this.#session.run("DELETE FROM about WHERE name = 'gaps'");
    });
  }

  /** A frame whose bytes have changed on the disk cannot be sent: it is counted as corrupt and leaves a gap record. */
  #giveUp({ entry: { epoch, lane, sequence }, items, times }: ReadEntry): void {
    const sequences: SequenceRange = [sequence, sequence];
    this.together(() => {
      this.#entries.take(epoch, lane, sequences, 'corrupt');
      this.#recordGaps([{ epoch, lane, sequences, times, samples: items, reason: 'corrupt' }]);
    });
  }

  #recordGaps(gaps: readonly Gap[]): void {
    this.#logEvents(
      gaps.map(({ epoch, lane, sequences, times, samples, reason }) => {
        const [fromSequence, toSequence] = sequences;
        const [fromTime, toTime] = times;
        const id = `${epoch}-${lane}-${fromSequence}-${toSequence}`;
        return { type: 'gap', gap: { id, lane, fromSequence, toSequence, fromTime, toTime, samples, reason } };
      }),
      false,
    );
  }

  #logModel(model: ModelRevision): void {
    const bytes = this.#logEvents([{ type: 'model', model }], false, model.revision);
    this.#session.run('UPDATE models SET frame = ? WHERE revision = ?', bytes, model.revision);
  }

  #logEvents(events: readonly WireEvent[], history: boolean, revision?: string): Uint8Array {
    const header = this.#header('events', revision);
    const now = this.#options.now();
    const bytes = encodeEvents({ header, events: [...events] });
    this.#entries.insert(header, bytes, { history, items: events.length, times: [now, now], loggedAt: now });
    return bytes;
  }

  #logTelemetry({ samples }: Extract<NewEntry, { lane: 'telemetry' }>): void {
    const { count, first, last } = spanOf(samples);
    const header = this.#header('telemetry');
    const bytes = encodePacked(header, samples);
    const loggedAt = this.#options.now();
    this.#entries.insert(header, bytes, { history: false, items: count, times: [first, last], loggedAt });
  }

  #header(lane: Lane, revision = this.#revision): FrameHeader {
    if (revision === undefined) throw new Error('the outbox has no model revision yet; useModel comes first');
    const { site, gateway } = this.#options;
    return { site, gateway, epoch: this.epoch, lane, sequence: this.#entries.nextSequence(lane), revision };
  }

  /** Bytes in all pages of the file, or in those that are free for reuse. */
  #pages(which: 'page_count' | 'freelist_count'): number {
    const count = this.#session.number(`PRAGMA ${which}`) ?? 0;
    return count * (this.#session.number('PRAGMA page_size') ?? 0);
  }
}

/** Text that we wrote as JSON; anything else is damage. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (thrown) {
    throw new LogDamage('a value of the log is no JSON', { cause: thrown });
  }
}
