import { crc32 } from 'node:zlib';
import type { FrameHeader, GapRecord, SampleColumns } from '@plantroom/model/wire';
import { decodePacked, largestFrame, packColumns } from '@plantroom/model/wire/frames';
import type { SequenceRange } from './contract.ts';
import { type EntryTable, type RowFacts, rowFactColumns, rowFacts } from './entries-sqlite.ts';
import { notHanded } from './handed-sqlite.ts';
import type { SqliteSession } from './session-sqlite.ts';
import { thin } from './thin.ts';

/** What one step has done, in samples. */
export interface Relief {
  readonly thinned: number;
  readonly dropped: number;
}

/** A hole in the telemetry of one epoch. */
export interface TelemetryGap {
  readonly epoch: string;
  readonly sequences: SequenceRange;
  readonly times: SequenceRange;
  readonly samples: number;
  readonly reason: GapRecord['reason'];
}

export interface ReliefOptions {
  readonly session: SqliteSession;
  readonly entries: EntryTable;
  readonly now: () => number;
  /** The header of the next telemetry entry with this revision. */
  readonly header: (revision: string) => FrameHeader;
  readonly record: (gaps: readonly TelemetryGap[]) => void;
}

const minute = 60_000;
/** Lengths of a row after each stage, ms. */
const stages = [minute, 15 * minute] as const;
/** What was logged later than this (ms ago) stays as it is while anything older can make room. */
const keptWhole = 15 * minute;
/** Entries, samples and bytes that one step takes at most, so that it does not hold up what is logged. */
const entriesAtOnce = 64;
const samplesAtOnce = 200_000;
const bytesAtOnce = 1.5 * 1024 * 1024;
/** Bytes that one step drops: a thinned entry may stand for hours, so no more goes than makes room. */
const droppedAtOnce = 256 * 1024;
/** Thinning must save at least this part of the bytes, or the entries stay as they are. */
const worthwhile = 0.25;

/**
 * Makes room in a log that is at its limit, a bounded step at a time: the oldest telemetry is thinned by the minute, then by
 * the quarter of an hour, then dropped. What may have been sent is never thinned, and dropped only `beyond` the space left for it: the cloud
 * may have stored it, and an acknowledgement that comes late could not be booked. The caller opens the transaction.
 */
export class TelemetryRelief {
  readonly #options: ReliefOptions;

  constructor(options: ReliefOptions) {
    this.#options = options;
  }

  /** Undefined when there is no telemetry that may go. */
  step(beyond: boolean): Relief | undefined {
    for (const [stage, length] of stages.entries()) {
      const chosen = this.#oldest(stage);
      if (chosen.length > 0) return { thinned: this.#thin(chosen, stage + 1, length), dropped: 0 };
    }
    const dropped = this.#drop(notHanded) ?? (beyond ? this.#drop('TRUE') : undefined);
    return dropped === undefined ? undefined : { thinned: 0, dropped };
  }

  /** The oldest entries that this stage has not yet thinned, all of one revision. */
  #oldest(stage: number): RowFacts[] {
    const { session, now } = this.#options;
    const rows = session
      .all(
        `SELECT ${rowFactColumns} FROM entries WHERE lane = 'telemetry' AND history = 0 AND stage = ? AND time <= ?
         AND ${notHanded} ORDER BY rowid LIMIT ?`,
        stage,
        now() - keptWhole,
        entriesAtOnce,
      )
      .map(rowFacts);
    let [samples, bytes] = [0, 0];
    const end = rows.findIndex((row, n) => {
      samples += row.items;
      bytes += row.size;
      const isEnough = samples > samplesAtOnce || bytes > bytesAtOnce;
      return n > 0 && (isEnough || row.revision !== rows[0]?.revision);
    });
    return end < 0 ? rows : rows.slice(0, end);
  }

  #thin(chosen: readonly RowFacts[], stage: number, length: number): number {
    const { entries, header, record } = this.#options;
    const [first] = chosen;
    const frames = this.#read(chosen);
    if (!first || !frames) return 0;
    const samples = thin(frames, length);
    const head = header(first.revision);
    const bytes = samples.times.length > largestFrame ? undefined : packColumns({ header: head, samples });
    const before = chosen.reduce((sum, row) => sum + row.size, 0);
    if (!bytes || bytes.length > before * (1 - worthwhile)) {
      entries.pass(chosen, stage);
      return 0;
    }
    const standing = chosen.reduce((sum, row) => sum + row.items + row.thinned, 0);
    entries.replace(chosen, head, bytes, {
      history: false,
      items: 0,
      times: hull(chosen),
      loggedAt: first.loggedAt,
      thinned: standing,
      stage,
    });
    record(gapsOf(chosen, 'thinned', (row) => row.items));
    return chosen.reduce((sum, row) => sum + row.items, 0);
  }

  /** The content of entries; undefined when one is not what was written: it is given up, and the others have their turn later. */
  #read(chosen: readonly RowFacts[]): SampleColumns[] | undefined {
    const { session, entries, record } = this.#options;
    const frames: SampleColumns[] = [];
    for (const row of chosen) {
      const stored = session.get('SELECT bytes, crc FROM entries WHERE rowid = ?', row.row);
      const bytes = stored?.bytes instanceof Uint8Array ? stored.bytes : new Uint8Array();
      if (crc32(bytes) !== Number(stored?.crc)) {
        entries.take(row.epoch, 'telemetry', [row.sequence, row.sequence], 'corrupt');
        record(gapsOf([row], 'corrupt', (r) => r.items + r.thinned));
        return undefined;
      }
      const frame = decodePacked(bytes);
      if (frame) frames.push(frame.samples);
    }
    return frames;
  }

  #drop(which: string): number | undefined {
    const { entries, record } = this.#options;
    let bytes = 0;
    const oldest = entries.oldestTelemetry(which, entriesAtOnce).filter((row) => {
      const isWanted = bytes < droppedAtOnce;
      bytes += row.size;
      return isWanted;
    });
    if (oldest.length === 0) return undefined;
    let samples = 0;
    for (const { epoch, sequence } of oldest)
      samples += entries.take(epoch, 'telemetry', [sequence, sequence], 'dropped');
    record(gapsOf(oldest, 'dropped', (row) => row.items + row.thinned));
    return samples;
  }
}

/** A record for each run of sequences that follow each other. */
function gapsOf(
  rows: readonly RowFacts[],
  reason: GapRecord['reason'],
  samplesOf: (row: RowFacts) => number,
): TelemetryGap[] {
  const runs: RowFacts[][] = [];
  for (const row of rows) {
    const run = runs.at(-1);
    const before = run?.at(-1);
    if (run && before?.epoch === row.epoch && before.sequence + 1 === row.sequence) run.push(row);
    else runs.push([row]);
  }
  return runs.map((run) => ({
    epoch: run[0]?.epoch ?? '',
    sequences: [run[0]?.sequence ?? 0, run.at(-1)?.sequence ?? 0],
    times: hull(run),
    samples: run.reduce((sum, row) => sum + samplesOf(row), 0),
    reason,
  }));
}

/** From the earliest to the latest time in entries. */
function hull(rows: readonly RowFacts[]): SequenceRange {
  return [Math.min(...rows.map((r) => r.times[0])), Math.max(...rows.map((r) => r.times[1]))];
}
