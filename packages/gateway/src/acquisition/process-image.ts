import { isDeepStrictEqual } from 'node:util';
import { isStale, type QualityMark, type Sample } from '@plantroom/model';
import { checkValue } from './check-value.ts';
import type { AcquiredPoint, RawReading, SilenceReason } from './contract.ts';
import { decideTime, defaultTolerance, separate, type TakenTimes } from './sample-time.ts';

interface Cell {
  point: AcquiredPoint;
  sample: Sample | undefined;
  /** The sample's time by the source, if that was taken. */
  sourceTime: number | undefined;
  /** The sample's time on the monotonic clock: wall time may jump. */
  moment: number;
  taken: TakenTimes | undefined;
  /** When the device last gave this point, on the monotonic clock. */
  heard: number | undefined;
  lastChanged: number | undefined;
}

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
  /** Readings of points that this site does not have. */
  unknown = 0;
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

  /** Makes a sample of a reading; undefined when it says nothing new of its moment, or the point is not ours. */
  accept(reading: RawReading, { now, monotonic }: Moment): Sample | undefined {
    const cell = this.#cells.get(reading.equipment)?.get(reading.point);
    if (!cell) {
      this.unknown++;
      return undefined;
    }
    const checked = checkValue(cell.point.definition, reading);
    const { sourceTime } = reading;
    const known = cell.sample;
    let decided = decideTime(sourceTime, now);
    const mark = decided.doubted && checked.quality === 'good' ? doubtful : checked;
    const equal = known !== undefined && known.value === checked.value;
    const same = equal && known.quality === mark.quality;
    // The device gives the same moment's value again when asked again: it holds now, and is not an old value made new.
    if (same && sourceTime !== undefined && sourceTime === cell.sourceTime && mark.quality === 'good')
      decided = decideTime(undefined, now);
    const { time, own } = decided;
    const moment = monotonic - (now - time);
    // A value of long ago was heard then.
    cell.heard = Math.max(cell.heard ?? Number.NEGATIVE_INFINITY, decided.doubted && own ? moment : monotonic);
    // An old value that comes again was better known when it came first.
    if (equal && known.time === time && (same || decided.doubted)) return undefined;
    const sample = this.#separate(cell, sampleOf(cell.point, time, now, checked.value, mark, reading.raw));
    // A late reading is logged at its own time, but the image shows the newest.
    const isNewest = !own || moment >= cell.moment || isAtLeast(sourceTime, cell.sourceTime);
    if (isNewest) show(cell, sample, moment, own ? sourceTime : undefined);
    return sample;
  }

  /** One valueless sample for each of these points, whose device went bad; points that are so already give none. */
  silence(equipment: string, points: readonly string[], reason: SilenceReason, { now, monotonic }: Moment): Sample[] {
    const samples: Sample[] = [];
    for (const name of points) {
      const cell = this.#cells.get(equipment)?.get(name);
      if (!cell) continue;
      const known = cell.sample;
      if (known && known.value === null && known.quality === 'bad' && known.reason === reason) continue;
      const { equipment: id, point } = cell.point;
      // A source may run ahead of us; the silence still comes after its last value. Further ahead our own clock went back.
      const isAhead = known !== undefined && known.time >= now && known.time <= now + defaultTolerance.ahead;
      const time = isAhead ? known.time + 1 : now;
      const gone = { equipment: id, point, time, gatewayTime: now, value: null, quality: 'bad', reason } as const;
      const sample = this.#separate(cell, gone);
      show(cell, sample, monotonic, undefined);
      samples.push(sample);
    }
    return samples;
  }

  /** Every point that has a sample; stale is computed here and nowhere kept. */
  view({ now, monotonic }: Moment): ImageView[] {
    return [...this.#cells.values()].flatMap((device) =>
      [...device.values()].flatMap(({ point, sample, heard, moment, lastChanged }) =>
        sample === undefined
          ? []
          : [
              {
                sample,
                lastHeard: heard === undefined ? null : Math.round(now - (monotonic - heard)),
                lastChanged: lastChanged ?? null,
                stale: isStale(heard ?? moment, point.cadence, monotonic),
              },
            ],
      ),
    );
  }

  /** Whether the device has ever given a value. */
  wasHeard(equipment: string): boolean {
    for (const cell of this.#cells.get(equipment)?.values() ?? []) if (cell.heard !== undefined) return true;
    return false;
  }

  #separate(cell: Cell, sample: Sample): Sample {
    const { time, taken } = separate(sample.time, cell.taken);
    cell.taken = taken;
    if (time === sample.time) return sample;
    this.moved++;
    return { ...sample, time };
  }
}

function emptyCell(point: AcquiredPoint): Cell {
  return {
    point,
    sample: undefined,
    sourceTime: undefined,
    moment: Number.NEGATIVE_INFINITY,
    taken: undefined,
    heard: undefined,
    lastChanged: undefined,
  };
}

/** Written out for the plain case, which nearly every sample is: copying into an object piece by piece is dear. */
function sampleOf(
  { equipment, point }: AcquiredPoint,
  time: number,
  gatewayTime: number,
  value: number | null,
  { quality, reason }: QualityMark,
  raw: number | undefined,
): Sample {
  const plain = { equipment, point, time, gatewayTime, value, quality };
  if (reason === undefined && raw === undefined) return plain;
  return { ...plain, ...(reason === undefined ? {} : { reason }), ...(raw === undefined ? {} : { raw }) };
}

const doubtful: QualityMark = { quality: 'uncertain', reason: 'clock' };

function show(cell: Cell, sample: Sample, moment: number, sourceTime: number | undefined): void {
  if (cell.sample?.value !== sample.value) cell.lastChanged = sample.gatewayTime;
  cell.sample = sample;
  cell.moment = moment;
  cell.sourceTime = sourceTime;
}

function isAtLeast(time: number | undefined, other: number | undefined): boolean {
  return time !== undefined && other !== undefined && time >= other;
}
