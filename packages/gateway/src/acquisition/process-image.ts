import { isDeepStrictEqual } from 'node:util';
import {
  isStale,
  type Quality,
  type QualityMark,
  type QualityReason,
  type Sample,
  sourceTolerance,
} from '@plantroom/model';
import { checkValue } from './check-value.ts';
import type { AcquiredPoint, RawReading, SilenceReason } from './contract.ts';
import { type DecidedTime, decideTime, SlowClock, TakenTimes } from './sample-time.ts';

/** The newest sample of a point, written in place: one object for each reading would live just long enough to be dear. */
interface Shown {
  time: number;
  gatewayTime: number;
  value: number | null;
  quality: Quality;
  reason: QualityReason | undefined;
  raw: number | undefined;
}

interface Cell {
  point: AcquiredPoint;
  shown: Shown | undefined;
  /** The newest time by the source that was taken. */
  sourceTime: number | undefined;
  /** Only of a source whose times were far back. */
  slow: SlowClock | undefined;
  /** The sample's time on the monotonic clock: wall time may jump. */
  moment: number;
  readonly taken: TakenTimes;
  /** When the device last gave this point, on the monotonic clock. */
  heard: number;
  /** By the gateway's clock. */
  lastChanged: number;
}

/** A time that has not come yet; a number like all others, so that it is kept like them. */
const never = Number.NEGATIVE_INFINITY;

/** One moment by both clocks, in ms: wall time names it, monotonic time measures from it. */
export interface Moment {
  readonly now: number;
  readonly monotonic: number;
}

/** The newest value of a point as a person may see it. */
export interface ImageView {
  readonly sample: Sample;
  /** When the device last gave this point, changed or not; ms since 1970 UTC, by the gateway's clock. */
  readonly lastHeard: number | null;
  readonly lastChanged: number | null;
  readonly stale: boolean;
}

/** The newest sample of every point, and the rules by which a reading becomes a sample. */
export class ProcessImage {
  /** Values moved on by 1 ms because their millisecond was taken. */
  moved = 0;
  /** Values that a later one has replaced unlogged, as their point gave more than there are milliseconds. */
  merged = 0;
  /** Readings of points that this site does not have. */
  unknown = 0;
  /** The newest reading of points whose milliseconds are taken: it waits for a free one. */
  readonly #held = new Map<Cell, RawReading>();
  /** Merged values that nobody has been told of. */
  readonly #untold = new Map<Cell, number>();
  #cells = new Map<string, Map<string, Cell>>();

  constructor(points: readonly AcquiredPoint[]) {
    this.use(points);
  }

  /** Shows these points from now on; one that was there before and means the same keeps its value and its age. */
  use(points: readonly AcquiredPoint[]): void {
    const before = this.#cells;
    this.#cells = new Map();
    for (const point of points) {
      const device = this.#cells.get(point.equipment) ?? new Map<string, Cell>();
      this.#cells.set(point.equipment, device);
      const known = before.get(point.equipment)?.get(point.point);
      const same = known && isDeepStrictEqual(known.point.definition, point.definition);
      device.set(point.point, same ? Object.assign(known, { point }) : emptyCell(point));
    }
  }

  /**
   * The equipment is read from another source from now on: nothing that the old one said is shown any longer, and the first
   * word of the new one is newer than it, though its clock may be behind. Gives a valueless sample for each point that had one.
   */
  rebind(equipment: string, moment: Moment): Sample[] {
    const cells = [...(this.#cells.get(equipment)?.values() ?? [])].filter(({ shown }) => shown !== undefined);
    const names = cells.map(({ point }) => point.point);
    const samples = this.silence(equipment, names, 'no-answer', moment);
    for (const cell of cells) Object.assign(cell, { sourceTime: never, slow: undefined, heard: never });
    return samples;
  }

  /** Makes a sample of a reading; undefined when it says nothing new of its moment, or the point is not ours. */
  accept(reading: RawReading, { now, monotonic }: Moment): Sample | undefined {
    const cell = this.#cells.get(reading.equipment)?.get(reading.point);
    if (!cell) {
      this.unknown++;
      return undefined;
    }
    const checked = checkValue(cell.point.definition, reading);
    const { sourceTime } = reading;
    const known = cell.shown;
    let decided = decideTime(sourceTime, now);
    if (decided.doubted && decided.own) {
      cell.slow ??= new SlowClock();
      if (cell.slow.isOfNow(decided.time, monotonic)) decided = { ...decided, time: Math.round(now), own: false };
    }
    const mark = decided.doubted && checked.quality === 'good' ? doubtful : checked;
    const equal = known !== undefined && known.value === checked.value;
    const same = equal && known.quality === mark.quality;
    const repeated = same && sourceTime !== undefined && sourceTime === cell.sourceTime && mark.quality === 'good';
    if (repeated) {
      // A source whose time has stood for so long has stopped: that what it said last is said again makes it no newer.
      if (isStale(sourceTime, cell.point.cadence, now)) return undefined;
      // The device gives the same moment's value again when asked again: it holds now, and is not an old value made new.
      decided = decideTime(undefined, now);
    }
    const { time, own } = decided;
    const moment = monotonic - (now - time);
    // A value of long ago was heard then.
    cell.heard = Math.max(cell.heard, decided.doubted && own ? moment : monotonic);
    // An old value that comes again was better known when it came first.
    if (equal && known.time === time && (same || decided.doubted)) return undefined;
    const placed = this.#place(cell, time);
    if (placed === undefined) return this.#crowded(cell, reading, decided, { now, monotonic });
    const sample = sampleOf(cell.point, placed, now, checked.value, mark, reading.raw);
    // A late reading is logged at its own time, but the image shows the newest.
    const isNewest = !own || moment >= cell.moment || isAtLeast(sourceTime, cell.sourceTime);
    if (isNewest) {
      show(cell, sample, moment, own || repeated ? sourceTime : undefined);
      if (this.#held.size > 0 && this.#held.delete(cell)) this.#merge(cell);
    }
    return sample;
  }

  /** Whether readings wait for a free millisecond, or some were merged that nobody has been told of. */
  get isCrowded(): boolean {
    return this.#held.size > 0 || this.#untold.size > 0;
  }

  /** Samples of the readings that waited and have a millisecond now. */
  settle(moment: Moment): Sample[] {
    const waiting = [...this.#held.values()];
    this.#held.clear();
    return waiting.flatMap((reading) => this.accept(reading, moment) ?? []);
  }

  /** How many values of which point were merged since this was asked last. */
  tellMerged(): { readonly equipment: string; readonly point: string; readonly merged: number }[] {
    const told = [...this.#untold].map(([{ point }, merged]) => ({
      equipment: point.equipment,
      point: point.point,
      merged,
    }));
    this.#untold.clear();
    return told;
  }

  /** One valueless sample for each of these points, whose device went bad; points that are so already give none. */
  silence(equipment: string, points: readonly string[], reason: SilenceReason, { now, monotonic }: Moment): Sample[] {
    const samples: Sample[] = [];
    for (const name of points) {
      const cell = this.#cells.get(equipment)?.get(name);
      if (!cell) continue;
      const known = cell.shown;
      if (known && known.value === null && known.quality === 'bad' && known.reason === reason) continue;
      const { equipment: id, point } = cell.point;
      // A source may run ahead of us; the silence still comes after its last value. Further ahead our own clock went back.
      const isAhead = known !== undefined && known.time >= now && known.time <= now + sourceTolerance.ahead;
      const time = this.#placeAnyhow(cell, isAhead ? known.time + 1 : now);
      if (this.#held.delete(cell)) this.#merge(cell);
      const sample = { equipment: id, point, time, gatewayTime: now, value: null, quality: 'bad', reason } as const;
      // What the device says next is newer than its last word, though its clock may be slow.
      show(cell, sample, monotonic, cell.sourceTime);
      samples.push(sample);
    }
    return samples;
  }

  /** Every point that has a sample; stale is computed here and nowhere kept. */
  view({ now, monotonic }: Moment): ImageView[] {
    return [...this.#cells.values()].flatMap((device) =>
      [...device.values()].flatMap(({ point, shown, heard, moment, lastChanged }) =>
        shown === undefined
          ? []
          : [
              {
                sample: sampleOf(point, shown.time, shown.gatewayTime, shown.value, shown, shown.raw),
                lastHeard: heard === never ? null : Math.round(now - (monotonic - heard)),
                lastChanged: lastChanged === never ? null : lastChanged,
                stale: isStale(heard === never ? moment : heard, point.cadence, monotonic),
              },
            ],
      ),
    );
  }

  /** Whether the device has ever given a value. */
  wasHeard(equipment: string): boolean {
    for (const cell of this.#cells.get(equipment)?.values() ?? []) if (cell.heard !== never) return true;
    return false;
  }

  /** A source's clock that gives one moment to all values is believed no longer; what has nothing better waits. */
  #crowded(cell: Cell, reading: RawReading, { own, doubted }: DecidedTime, moment: Moment): Sample | undefined {
    if (own && !doubted) {
      const { sourceTime: _, ...rest } = reading;
      return this.accept(rest.quality === 'good' ? { ...rest, ...doubtful } : rest, moment);
    }
    // An old value must not look new, so it has no later moment to wait for.
    if (own || this.#held.has(cell)) this.#merge(cell);
    if (!own) this.#held.set(cell, reading);
    return undefined;
  }

  #merge(cell: Cell): void {
    this.merged++;
    this.#untold.set(cell, (this.#untold.get(cell) ?? 0) + 1);
  }

  #place(cell: Cell, time: number): number | undefined {
    const placed = cell.taken.place(time);
    if (placed !== undefined && placed !== time) this.moved++;
    return placed;
  }

  /** That a device is silent is always told. */
  #placeAnyhow(cell: Cell, time: number): number {
    return this.#place(cell, time) ?? cell.taken.place(time, Number.POSITIVE_INFINITY) ?? time;
  }
}

function emptyCell(point: AcquiredPoint): Cell {
  return {
    point,
    shown: undefined,
    sourceTime: undefined,
    slow: undefined,
    moment: never,
    taken: new TakenTimes(),
    heard: never,
    lastChanged: never,
  };
}

/** Written out for the plain case, which nearly every sample is: copying into an object piece by piece is dear. */
function sampleOf(
  { equipment, point }: AcquiredPoint,
  time: number,
  gatewayTime: number,
  value: number | null,
  { quality, reason }: { readonly quality: Quality; readonly reason?: QualityReason | undefined },
  raw: number | undefined,
): Sample {
  const plain = { equipment, point, time, gatewayTime, value, quality };
  if (reason === undefined && raw === undefined) return plain;
  return { ...plain, ...(reason === undefined ? {} : { reason }), ...(raw === undefined ? {} : { raw }) };
}

const doubtful: QualityMark = { quality: 'uncertain', reason: 'clock' };

function show(cell: Cell, sample: Sample, moment: number, sourceTime: number | undefined): void {
  if (cell.shown?.value !== sample.value) cell.lastChanged = sample.gatewayTime;
  cell.shown = written(cell.shown, sample);
  cell.moment = moment;
  cell.sourceTime = sourceTime;
}

function written(shown: Shown | undefined, { time, gatewayTime, value, quality, reason, raw }: Sample): Shown {
  if (!shown) return { time, gatewayTime, value, quality, reason, raw };
  shown.time = time;
  shown.gatewayTime = gatewayTime;
  shown.value = value;
  shown.quality = quality;
  shown.reason = reason;
  shown.raw = raw;
  return shown;
}

function isAtLeast(time: number | undefined, other: number | undefined): boolean {
  return time !== undefined && other !== undefined && time >= other;
}
