import { isStale, type QualityReason, type Sample } from '@plantroom/model';
import { checkValue } from './check-value.ts';
import type { AcquiredPoint, RawReading, SilenceReason } from './contract.ts';
import { decideTime, separate, type TakenTimes } from './sample-time.ts';

interface Cell {
  readonly point: AcquiredPoint;
  sample: Sample | undefined;
  sourceTime: number | undefined;
  taken: TakenTimes | undefined;
  lastHeard: number | undefined;
  lastChanged: number | undefined;
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
  readonly #cells = new Map<string, Map<string, Cell>>();

  constructor(points: readonly AcquiredPoint[]) {
    for (const point of points) {
      const device = this.#cells.get(point.equipment) ?? new Map<string, Cell>();
      this.#cells.set(point.equipment, device);
      device.set(point.point, {
        point,
        sample: undefined,
        sourceTime: undefined,
        taken: undefined,
        lastHeard: undefined,
        lastChanged: undefined,
      });
    }
  }

  /** Makes a sample of a reading; undefined when it says nothing new of its moment, or the point is not ours. */
  accept(reading: RawReading, now: number): Sample | undefined {
    const cell = this.#cells.get(reading.equipment)?.get(reading.point);
    if (!cell) {
      this.unknown++;
      return undefined;
    }
    const checked = checkValue(cell.point.definition, reading.value, reading);
    const { sourceTime } = reading;
    const known = cell.sample;
    const same = known !== undefined && known.value === checked.value && known.quality === checked.quality;
    // The device gives the same moment's value again when asked again: it holds now, and is not an old value made new.
    const confirms = same && sourceTime !== undefined && sourceTime === cell.sourceTime && checked.quality === 'good';
    const { time, doubted } = decideTime(confirms ? undefined : sourceTime, now);
    cell.lastHeard = now;
    cell.sourceTime = sourceTime;
    if (same && known.time === time) return undefined;
    const reason: QualityReason | undefined = checked.reason ?? (doubted ? 'clock' : undefined);
    return this.#place(cell, time, {
      equipment: cell.point.equipment,
      point: cell.point.point,
      time,
      gatewayTime: now,
      value: checked.value,
      quality: checked.quality,
      ...(reason === undefined ? {} : { reason }),
      ...(reading.raw === undefined ? {} : { raw: reading.raw }),
    });
  }

  /** One valueless sample for each of these points, whose device went bad; points that are so already give none. */
  silence(equipment: string, points: readonly string[], reason: SilenceReason, now: number): Sample[] {
    const samples: Sample[] = [];
    for (const name of points) {
      const cell = this.#cells.get(equipment)?.get(name);
      if (!cell) continue;
      const known = cell.sample;
      if (known && known.value === null && known.quality === 'bad' && known.reason === reason) continue;
      const { equipment: id, point } = cell.point;
      // A source may run ahead of us; the silence still comes after its last value.
      const time = Math.max(now, (known?.time ?? 0) + 1);
      const gone = { equipment: id, point, time, gatewayTime: now, value: null, quality: 'bad', reason } as const;
      samples.push(this.#place(cell, time, gone));
    }
    return samples;
  }

  /** Every point that has a sample; stale is computed here and nowhere kept. */
  view(now: number): ImageView[] {
    return [...this.#cells.values()].flatMap((device) =>
      [...device.values()].flatMap(({ point, sample, lastHeard, lastChanged }) =>
        sample === undefined
          ? []
          : [
              {
                sample,
                lastHeard: lastHeard ?? null,
                lastChanged: lastChanged ?? null,
                stale: isStale(lastHeard ?? sample.gatewayTime, point.cadence, now),
              },
            ],
      ),
    );
  }

  /** Whether the device has ever given a value. */
  wasHeard(equipment: string): boolean {
    for (const cell of this.#cells.get(equipment)?.values() ?? []) if (cell.lastHeard !== undefined) return true;
    return false;
  }

  #place(cell: Cell, time: number, sample: Sample): Sample {
    const separated = separate(time, cell.taken);
    cell.taken = separated.taken;
    let placed = sample;
    if (separated.time !== time) {
      this.moved++;
      placed = { ...sample, time: separated.time };
    }
    if (cell.sample?.value !== placed.value) cell.lastChanged = placed.gatewayTime;
    // A late reading is logged at its own time, but the image shows the newest.
    if (!cell.sample || placed.time >= cell.sample.time) cell.sample = placed;
    return placed;
  }
}
