import { type Interval, intervalLength } from '@plantroom/model';
import { classifyBreak, isPlausibleGrowth } from './register-break.ts';
import type { Meter, MeterState, RegisterReading, TotalReading } from './types.ts';

type Quarter = { start: number; first: TotalReading; last: TotalReading };
type Break = MeterState['breaks'][number];

/** How long readings and published intervals are kept for late readings, ms. */
const memory = 2 * 86_400_000;
/** Readings further apart than this around a boundary make it an estimate; a 15-minute meter may be some minutes late. */
const longestHole = 20 * 60_000;
/** After this much silence no further interval is published as missing; the meter is gone, and an alarm says so. */
const longestMissing = 14 * 86_400_000;

/** Spans of wrong time that are remembered, and more revisions than an interval can have had in one. */
const mostWrong = 20;
const revisionsOfWrong = 1000;
/** What was used in a longer time without a reading (ms) is not spread over its quarter hours: the clock may be years off. */
const longestSpread = 400 * 86_400_000;

export function quarterOf(time: number): number {
  return Math.floor(time / intervalLength) * intervalLength;
}

const round = (kWh: number) => Math.round(kWh * 1e6) / 1e6;

/** The register of one meter: readings in, intervals out. Keeps the first and last reading of each quarter hour. */
export class MeterRegister {
  readonly #meter: Meter;
  readonly #published: Map<number, Interval>;
  #quarters: Quarter[];
  #breaks: Break[];
  #suspect: readonly [number, number] | null;
  #next: number | null;
  #moved: (readonly [from: number, to: number])[];
  #aside: TotalReading[];
  #wrong: (readonly [from: number, to: number])[];

  constructor(meter: Meter, initial?: MeterState) {
    this.#meter = meter;
    this.#quarters = (initial?.quarters ?? []).map((q) => ({ ...q }));
    this.#breaks = [...(initial?.breaks ?? [])];
    this.#suspect = initial?.suspect ?? null;
    this.#next = initial?.next ?? null;
    this.#moved = [...(initial?.moved ?? [])];
    this.#aside = [...(initial?.aside ?? [])];
    this.#wrong = [...(initial?.wrong ?? [])];
    this.#published = new Map((initial?.published ?? []).map((i) => [i.start, i]));
  }

  state(): MeterState {
    return {
      quarters: this.#quarters.map((q) => ({ ...q })),
      breaks: [...this.#breaks],
      suspect: this.#suspect,
      next: this.#next,
      published: [...this.#published.values()],
      ...(this.#moved.length > 0 && { moved: [...this.#moved] }),
      ...(this.#aside.length > 0 && { aside: [...this.#aside] }),
      ...(this.#wrong.length > 0 && { wrong: [...this.#wrong] }),
    };
  }

  /** Takes a reading and gives the intervals that it completes or corrects. */
  read({ time, value, quality }: RegisterReading): Interval[] {
    if (value === null || !Number.isFinite(value) || value < 0 || quality === 'bad') return [];
    const last = this.#quarters.at(-1)?.last;
    if (!last) {
      this.#next = quarterOf(time);
      this.#insert([time, value, 0]);
      return [];
    }
    if (time > last[0]) return this.#readNewer(last, time, value);
    return this.#readLate(time, value);
  }

  /** Publishes as missing what nothing was heard of for 15 minutes after its end. */
  tick(now: number): Interval[] {
    const last = this.#quarters.at(-1)?.last;
    const missing: Interval[] = [];
    if (!last || this.#next === null || now - last[0] > longestMissing) return missing;
    while (this.#next + 2 * intervalLength <= now) {
      const interval: Interval = {
        equipment: this.#meter.id,
        start: this.#next,
        kWh: null,
        status: 'missing',
        reason: 'gap',
        revision: 1,
      };
      this.#published.set(interval.start, interval);
      missing.push(interval);
      this.#next += intervalLength;
    }
    return missing;
  }

  /** What was read from `from` on, by the time as it was, was read `by` ms later; it is `now`, by the right time. */
  move(from: number, by: number, now: number): Interval[] {
    const readings = this.#quarters.flatMap(({ first, last }) => (first === last ? [first] : [first, last]));
    const moved = readings
      .filter(([time]) => time >= from)
      .map(([time, ...rest]): TotalReading => [time + by, ...rest]);
    const before = readings.filter(([time]) => time < from);
    const right = moved[0]?.[0] ?? now;
    const others = [...before, ...this.#aside].sort((a, b) => a[0] - b[0]);
    const kept = others.filter(([time]) => time < right);
    if (moved.length === 0 && kept.length === before.length && kept.every((r) => before.includes(r))) return [];
    this.#aside = others.filter(([time]) => time >= right);
    this.#quarters = [];
    for (const reading of [...kept, ...moved]) this.#insert(reading);
    this.#breaks = this.#breaks.map((b) =>
      b.to >= from ? { ...b, from: b.from < from ? b.from : b.from + by, to: b.to + by } : b,
    );
    this.#suspect = null;
    const [begin] = kept.at(-1) ?? moved[0] ?? [now];
    const end = moved.at(-1)?.[0] ?? begin;
    this.#next = quarterOf(begin);
    if (moved.length === 0) return [];
    const since = before.at(-1)?.[0] ?? from;
    this.#moved.push([begin, Math.max(end, now)]);
    this.#wrong = [...this.#wrong, [since, now - by] as const].slice(-mostWrong);
    return [...this.#remake(since, end), ...this.#publish(begin, end)];
  }

  /** Makes what was published of the time since then anew; where there are no readings any more it counts no more. */
  #remake(since: number, end: number): Interval[] {
    const first = this.#quarters[0]?.start ?? end;
    const changed: Interval[] = [];
    for (const known of this.#published.values()) {
      const { equipment, start } = known;
      if (start + intervalLength <= since) continue;
      const revision = known.revision + 1;
      const interval: Interval =
        start >= first && start + intervalLength <= end
          ? this.#measure(start, revision)
          : { equipment, start, kWh: null, status: 'missing', reason: 'gap', revision };
      if (!isSame(known, interval)) changed.push(interval);
    }
    for (const interval of changed) this.#published.set(interval.start, interval);
    return changed;
  }

  #readNewer(last: TotalReading, time: number, value: number): Interval[] {
    const [lastTime, lastTotal, offset] = last;
    const register = lastTotal - offset;
    if (isPlausibleGrowth(this.#meter, value - register, time - lastTime)) {
      this.#suspect = null;
      this.#insert([time, value + offset, offset]);
      return this.#publish(lastTime, time);
    }
    const suspect = this.#suspect;
    const confirmed =
      suspect && time > suspect[0] && isPlausibleGrowth(this.#meter, value - suspect[1], time - suspect[0]);
    if (!confirmed) {
      this.#suspect = [time, value];
      return [];
    }
    this.#break(last, register, suspect);
    const newOffset = this.#quarters.at(-1)?.last[2] ?? 0;
    this.#suspect = null;
    this.#insert([time, value + newOffset, newOffset]);
    return this.#publish(lastTime, time);
  }

  /** Two readings agree on the new course: the register broke between the last good one and the first of them. */
  #break([lastTime, lastTotal]: TotalReading, register: number, [time, value]: readonly [number, number]): void {
    const { reason, used } = classifyBreak(this.#meter, register, value, time - lastTime);
    const total = lastTotal + used;
    this.#breaks.push({ from: lastTime, to: time, reason });
    this.#insert([time, total, total - value]);
  }

  #readLate(time: number, value: number): Interval[] {
    const before = this.#neighbour(time, -1);
    const after = this.#neighbour(time, 1);
    if (!before || !after || before[0] === time || after[0] === time) return [];
    const offset = [before, after].map((r) => r[2]).find((o) => value + o >= before[1] && value + o <= after[1]);
    if (offset === undefined) return [];
    this.#insert([time, value + offset, offset]);
    return this.#publish(before[0], after[0]);
  }

  /** The nearest kept reading at or before (-1), or at or after (1), a time. */
  #neighbour(time: number, side: -1 | 1): TotalReading | undefined {
    const fits = (r: TotalReading) => (side < 0 ? r[0] <= time : r[0] >= time);
    for (let i = 0; i < this.#quarters.length; i++) {
      const quarter = side < 0 ? this.#quarters[this.#quarters.length - 1 - i] : this.#quarters[i];
      if (!quarter) break;
      const [near, far] = side < 0 ? [quarter.last, quarter.first] : [quarter.first, quarter.last];
      if (fits(near)) return near;
      if (fits(far)) return far;
    }
    return undefined;
  }

  #insert(reading: TotalReading): void {
    const start = quarterOf(reading[0]);
    const at = this.#quarters.findLastIndex((q) => q.start <= start);
    const quarter = this.#quarters[at];
    if (quarter?.start === start) {
      if (reading[0] < quarter.first[0]) quarter.first = reading;
      if (reading[0] > quarter.last[0]) quarter.last = reading;
    } else {
      this.#quarters.splice(at + 1, 0, { start, first: reading, last: reading });
    }
  }

  /** (Re)computes the complete intervals that readings between two times can have changed. */
  #publish(from: number, to: number): Interval[] {
    const newest = this.#quarters.at(-1)?.last[0] ?? 0;
    const changed: Interval[] = [];
    if (to - from > longestSpread) {
      this.#next = quarterOf(newest);
      return changed;
    }
    for (let start = quarterOf(from); start <= to && start + intervalLength <= newest; start += intervalLength) {
      const before = this.#published.get(start);
      if (!before && this.#next !== null && start < this.#next) continue;
      const interval = this.#measure(start, (before?.revision ?? this.#forgottenRevision(start)) + 1);
      if (before && isSame(before, interval)) continue;
      this.#published.set(start, interval);
      changed.push(interval);
    }
    this.#next = Math.max(this.#next ?? 0, quarterOf(newest));
    this.#forget(newest - memory);
    return changed;
  }

  #measure(start: number, revision: number): Interval {
    const end = start + intervalLength;
    const opening = this.#totalAt(start);
    const closing = this.#totalAt(end);
    const equipment = this.#meter.id;
    const kWh = round(round(closing.total) - round(opening.total));
    const isMoved = this.#moved.some(([from, to]) => from < end && to > start);
    const isGap = isMoved || opening.gap || closing.gap || !this.#hasReading(start, end);
    const broken = this.#breaks.find((b) => b.from < end && b.to > start);
    if (broken) {
      const { reason } = broken;
      // Between the last reading of the old meter and the first of the new one nobody knows.
      const isUnknown = reason === 'replacement' && broken.from <= start && broken.to >= end;
      if (isUnknown && isGap) return { equipment, start, kWh: null, status: 'missing', reason, revision };
      const status = reason === 'rollover' && !isGap ? 'measured' : 'estimated';
      return { equipment, start, kWh, status, reason, revision };
    }
    if (opening.first) return { equipment, start, kWh, status: 'estimated', reason: 'partial', revision };
    if (isGap) return { equipment, start, kWh, status: 'estimated', reason: 'gap', revision };
    return { equipment, start, kWh, status: 'measured', revision };
  }

  /** A quarter hour may have been published by a wrong time and been forgotten since: a higher revision than that had counts. */
  #forgottenRevision(start: number): number {
    return revisionsOfWrong * this.#wrong.filter(([from, to]) => start + intervalLength > from && start < to).length;
  }

  /** The running total at a boundary, on the straight line between the readings around it. */
  #totalAt(boundary: number): { total: number; gap: boolean; first: boolean } {
    const before = this.#neighbour(boundary, -1);
    const after = this.#neighbour(boundary, 1);
    if (!before || !after) return { total: (before ?? after)?.[1] ?? 0, gap: false, first: !before };
    const span = after[0] - before[0];
    if (span === 0) return { total: before[1], gap: false, first: false };
    const total = before[1] + ((after[1] - before[1]) * (boundary - before[0])) / span;
    return { total, gap: span > longestHole, first: false };
  }

  #hasReading(start: number, end: number): boolean {
    const inside = this.#neighbour(start, 1);
    return inside !== undefined && inside[0] <= end;
  }

  #forget(before: number): void {
    if ((this.#quarters[1]?.start ?? before) >= before) return;
    const keepFrom = this.#quarters.findLastIndex((q) => q.start < before);
    this.#quarters = this.#quarters.slice(Math.max(0, keepFrom));
    this.#breaks = this.#breaks.filter((b) => b.to >= before);
    this.#moved = this.#moved.filter(([, to]) => to >= before);
    for (const start of this.#published.keys()) {
      if (start >= before) break;
      this.#published.delete(start);
    }
  }
}

function isSame(a: Interval, b: Interval): boolean {
  return a.kWh === b.kWh && a.status === b.status && a.reason === b.reason;
}
