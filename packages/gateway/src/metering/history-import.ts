import type { Logger } from '@plantroom/base';
import type { Meter } from '@plantroom/energy';
import type { Interval } from '@plantroom/model';
import { type EnergyFinding, type ImportProgress, type IntervalLog, registerPoint, stateKeys } from './contract.ts';
import type { HistoryBook } from './history-book.ts';
import { describeFile, historyRows } from './history-file.ts';
import { MeterBench } from './meter-bench.ts';

/** Told as the import goes on: bytes of the file that are in, and all of them. */
export type ReportProgress = (done: number, total: number) => void;

export interface ImportOptions {
  readonly file: string;
  readonly progress: ReportProgress;
  /** The registers that live readings go through. */
  readonly bench: MeterBench;
  readonly book: HistoryBook;
  readonly log: IntervalLog;
  readonly logger: Logger;
  readonly meters: readonly Meter[];
  readonly timezone: string;
  readonly onFinding: (finding: EnergyFinding) => void;
  /** Ends the import after the frame in hand; the next start goes on from there. */
  readonly signal: AbortSignal;
}

/** Intervals in one frame. */
const frameSize = 1000;

/**
 * Feeds a history file through the registers, frame by frame: intervals, registers and the place in the file become
 * durable in one step, so that an import that was cut off goes on where it stopped. A file that is offered before anything
 * was metered goes through the live registers and joins without a seam; a later one is measured apart, and only what
 * lies before the first live interval is taken.
 */
export async function importHistory(options: ImportOptions): Promise<void> {
  const { file, book, logger, progress } = options;
  const { digest, size } = await describeFile(file);
  const start = book.progressOf(digest);
  if (start.done) return progress(size, size);
  const run = new ImportRun(options, digest, start);
  let row = 0;
  for await (const { bytes, ...reading } of historyRows(file)) {
    row++;
    // Registers of their own are not kept, so they begin again; the cloud knows what it has.
    if (start.joined && row <= start.rows) continue;
    run.take(reading);
    if (!run.full) continue;
    await run.log(row, false);
    if (options.signal.aborted) return;
    progress(bytes, size);
  }
  await run.log(row, true);
  progress(size, size);
  logger.info({ file, rows: row, ignored: run.ignored, intervals: run.logged }, 'The history is imported.');
}

class ImportRun {
  ignored = 0;
  logged = 0;
  readonly #options: ImportOptions;
  readonly #digest: string;
  readonly #joined: boolean;
  readonly #bench: MeterBench;
  readonly #known: ReadonlySet<string>;
  #pending: Interval[] = [];

  constructor(options: ImportOptions, digest: string, start: ImportProgress) {
    this.#options = options;
    this.#digest = digest;
    this.#joined = start.joined;
    this.#bench = start.joined ? options.bench : new MeterBench(options.timezone, options.meters);
    this.#known = new Set(options.meters.map((m) => m.id));
  }

  get full(): boolean {
    return this.#pending.length >= frameSize;
  }

  take({ point, ...reading }: { time: number; equipment: string; point: string; value: number }): void {
    if (point !== registerPoint || !this.#known.has(reading.equipment)) {
      this.ignored++;
      return;
    }
    const { intervals, findings } = this.#bench.reading({ ...reading, quality: 'good' });
    const { book, bench, onFinding } = this.#options;
    const wanted = intervals.filter((i) => !book.isLive(i));
    if (this.#joined) for (const finding of findings) onFinding(finding);
    else bench.learn(wanted);
    this.#pending.push(...wanted);
  }

  async log(rows: number, done: boolean): Promise<void> {
    const { book, bench, log } = this.#options;
    const events = [];
    for (let i = 0; i < this.#pending.length; i += frameSize)
      events.push({ type: 'intervals' as const, intervals: this.#pending.slice(i, i + frameSize) });
    this.logged += this.#pending.length;
    this.#pending = [];
    await log.append(
      events.map((event) => ({ lane: 'events', events: [event], history: true })),
      {
        state: {
          ...bench.state(),
          [stateKeys.history]: book.note(this.#digest, { rows, done, joined: this.#joined }),
        },
        // The next frame is not read before this one is committed.
        urgent: true,
      },
    );
  }
}
