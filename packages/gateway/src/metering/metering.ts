import type { Clock, Logger, Timer } from '@plantroom/base';
import type { Meter } from '@plantroom/energy';
import type { Interval, Sample } from '@plantroom/model';
import { type EnergyFinding, type IntervalLog, type RegisterSample, registerPoint, stateKeys } from './contract.ts';
import { HistoryBook } from './history-book.ts';
import { importHistory, type ReportProgress } from './history-import.ts';
import { MeterBench, type Metered } from './meter-bench.ts';

export interface MeteringStageOptions {
  readonly timezone: string;
  readonly meters: readonly Meter[];
  /** The values of `stateKeys` as the log kept them. */
  readonly saved: Readonly<Record<string, unknown>>;
  readonly log: IntervalLog;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly onFinding: (finding: EnergyFinding) => void;
  /** Whether the right time may soon be known: until then no interval is made. */
  readonly isTimeAwaited?: () => boolean;
  /** The log failed: intervals can no longer be kept. */
  readonly onFailure: (thrown: unknown) => void;
}

/** How often time passes for the registers and pending intervals are logged, ms. */
const tickPeriod = 1000;
/** How often a reading is kept while the time is awaited, ms. */
const holdPeriod = 60_000;
/** Intervals in one frame at most: after two weeks without a reading there are more than a frame may hold. */
const frameSize = 500;
/** An anomaly of the imported past that is older (ms) is history, not an alarm. */
const newsworthy = 86_400_000;

/** Registers to intervals to anomalies, live and from history, through one set of registers. */
export class MeteringStage {
  readonly #options: MeteringStageOptions;
  readonly #bench: MeterBench;
  readonly #book: HistoryBook;
  readonly #meters: ReadonlySet<string>;
  #pending: Interval[] = [];
  /** Live readings that wait until the history before them is in, or for the stage that follows this one. */
  #waiting: RegisterSample[] | undefined;
  /** Readings by a time that nobody has confirmed, one a minute of each meter. */
  #held: RegisterSample[] = [];
  readonly #heldAt = new Map<string, number>();
  #timer: Timer | undefined;
  #import: Promise<void> | undefined;
  readonly #stopping = new AbortController();

  constructor(options: MeteringStageOptions) {
    this.#options = options;
    this.#bench = new MeterBench(options.timezone, options.meters, options.saved);
    this.#book = new HistoryBook(options.saved);
    this.#meters = new Set(options.meters.map((m) => m.id));
  }

  start(): void {
    // Registers that were kept by a clock that was ahead, and has been set right since.
    this.move(Number.POSITIVE_INFINITY, 0);
    this.#timer = this.#options.clock.every(tickPeriod, () => this.#tick());
  }

  samples(batch: readonly Sample[]): void {
    for (const sample of batch) {
      if (sample.point === registerPoint && this.#meters.has(sample.equipment)) this.#read(sample);
    }
  }

  /** The clock was wrong: what was read from `from` on, by the time as it was, was read `by` ms later. */
  move(from: number, by: number): void {
    const moved = (s: RegisterSample) => (s.time >= from ? { ...s, time: s.time + by } : s);
    this.#held = this.#held.map(moved);
    if (this.#waiting) this.#waiting = this.#waiting.map(moved);
    else this.#take(this.#bench.move(from, by, this.#options.clock.now()));
  }

  /** Takes the readings that have come since the other stage was stopped; this one was made from what its stop saved. */
  follow(before: MeteringStage): void {
    for (const sample of [...before.#held, ...(before.#waiting ?? [])])
      if (this.#meters.has(sample.equipment)) this.#read(sample);
  }

  /**
   * Imports readings from before the gateway was there, once per content. Live readings wait meanwhile. Throws
   * PlantroomError `history` for a file that cannot be read or has another form.
   */
  importHistory(file: string, progress: ReportProgress): Promise<void> {
    this.#import = this.#importHistory(file, progress);
    return this.#import;
  }

  async #importHistory(file: string, progress: ReportProgress): Promise<void> {
    this.#waiting = [];
    try {
      await importHistory({
        file,
        progress,
        bench: this.#bench,
        book: this.#book,
        log: this.#options.log,
        logger: this.#options.logger,
        meters: this.#options.meters,
        timezone: this.#options.timezone,
        onFinding: (finding) => this.#report(finding),
        signal: this.#stopping.signal,
      });
    } finally {
      const waiting = this.#waiting;
      this.#waiting = undefined;
      for (const sample of waiting) this.#take(this.#bench.reading(sample));
    }
  }

  /** Logs what is pending, and the registers as they stand. Readings that come later are not in them: see `follow`. */
  async stop(): Promise<void> {
    this.#timer?.cancel();
    this.#stopping.abort();
    await this.#import?.catch(() => {});
    this.#waiting = [];
    await this.#save(true);
  }

  #read(sample: RegisterSample): void {
    if (this.#waiting) this.#waiting.push(sample);
    else if (this.#isTimeAwaited) this.#hold(sample);
    else {
      this.#release();
      this.#take(this.#bench.reading(sample));
    }
  }

  get #isTimeAwaited(): boolean {
    return this.#options.isTimeAwaited?.() ?? false;
  }

  /** A register counts on, so that readings between two that are kept tell nothing more. */
  #hold(sample: RegisterSample): void {
    const last = this.#heldAt.get(sample.equipment);
    if (last !== undefined && Math.abs(sample.time - last) < holdPeriod) return;
    this.#heldAt.set(sample.equipment, sample.time);
    this.#held.push(sample);
  }

  #release(): void {
    const held = this.#held;
    this.#held = [];
    this.#heldAt.clear();
    for (const sample of held) this.#take(this.#bench.reading(sample));
  }

  #tick(): void {
    if (this.#waiting || this.#isTimeAwaited) return;
    this.#release();
    this.#take(this.#bench.tick(this.#options.clock.now()));
    if (this.#pending.length > 0) void this.#save();
  }

  #take({ intervals, findings }: Metered): void {
    // Findings first: told twice after a crash they change nothing, not told they would be lost.
    for (const finding of findings) this.#report(finding);
    for (const interval of intervals) this.#book.noteLive(interval);
    this.#pending.push(...intervals);
  }

  #report(finding: EnergyFinding): void {
    if (finding.time >= this.#options.clock.now() - newsworthy) this.#options.onFinding(finding);
  }

  async #save(urgent = false): Promise<void> {
    const intervals = this.#pending;
    this.#pending = [];
    const entries = [];
    for (let i = 0; i < intervals.length; i += frameSize) {
      const events = [{ type: 'intervals' as const, intervals: intervals.slice(i, i + frameSize) }];
      entries.push({ lane: 'events' as const, events });
    }
    const state = { ...this.#bench.state(), [stateKeys.firstLive]: this.#book.firstLive() };
    try {
      await this.#options.log.append(entries, { state, urgent });
    } catch (thrown) {
      this.#options.onFailure(thrown);
    }
  }
}
