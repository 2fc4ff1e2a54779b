import { intervalLength } from '@plantroom/model';
import type { Consumption, ConsumptionItem, IntervalView, Series } from '@plantroom/model/api';
import { dayStart, hour, monthStart } from '../src/util/time.ts';
import { equipment, site } from './building.ts';
import { loadOf, valueAt } from './values.ts';

const zone = site.timezone;
const historyDays = 60;

/** Intervals of a meter; the chillers stay on this night, half an hour is missing in the morning, one is estimated. */
export function intervalsOf(meter: string, from: number, to: number, now: number): IntervalView[] {
  const first = dayStart(now, zone, -historyDays);
  const midnight = dayStart(now, zone);
  const items: IntervalView[] = [];
  for (let start = Math.max(from, first); start < to && start < dayStart(now, zone, 1); start += intervalLength) {
    const slot = (start - midnight) / intervalLength;
    const usual = loadOf(meter, start) / 4;
    const extra = slot >= 5 && slot < 22 ? (usual / 90) * 62 : 0;
    const isOver = start + intervalLength <= now;
    const isMissing = !isOver || slot === 31 || slot === 32;
    items.push({
      site: site.id,
      equipment: meter,
      start,
      kWh: isMissing ? null : usual + extra,
      status: isMissing ? 'missing' : slot === 40 ? 'estimated' : 'measured',
      revision: 1,
      expected: { kWh: usual, low: usual * 0.93 - usual * 0.02, high: usual * 1.07 + usual * 0.03 },
    });
  }
  return items;
}

const nextStep = {
  hour: (time: number) => time + hour,
  day: (time: number) => dayStart(time, zone, 1),
  month: (time: number) => monthStart(time, zone, 1),
} as const;

function sumOf(meter: string, from: number, to: number, now: number) {
  const items = intervalsOf(meter, from, Math.min(to, now), now);
  const known = items.filter((item) => item.kWh !== null);
  const kWh = known.length > 0 ? known.reduce((sum, item) => sum + (item.kWh ?? 0), 0) : null;
  const all = Math.max(1, Math.round((to - from) / intervalLength));
  const estimated = known.filter((item) => item.status === 'estimated').length;
  return { kWh, completeness: known.length / all, estimated: known.length > 0 ? estimated / known.length : 0 };
}

/** Consumption in steps, each beside the step one period earlier. */
export function consumptionOf(
  meter: string,
  by: Consumption['by'],
  { from, to }: { from: number; to: number },
  now: number,
): Consumption {
  const span = to - from;
  const items: ConsumptionItem[] = [];
  for (let start = from; start < to; start = nextStep[by](start)) {
    const end = nextStep[by](start);
    const before = sumOf(meter, start - span, end - span, now).kWh;
    items.push({ start, end, before, ...sumOf(meter, start, end, now) });
  }
  const both = items.filter((item) => item.kWh !== null && item.before !== null);
  const kWh = (both.length > 0 ? both : items).reduce((sum, item) => sum + (item.kWh ?? 0), 0);
  const before = both.length > 0 ? both.reduce((sum, item) => sum + (item.before ?? 0), 0) : null;
  return {
    site: site.id,
    equipment: meter,
    by,
    from,
    to,
    beforeFrom: from - span,
    beforeTo: from,
    total: { kWh, before, change: before === null ? null : kWh / before - 1 },
    items,
  };
}

/** History of a point in about 300 steps, with a hole in the middle. */
export function seriesOf(id: string, point: string, from: number, to: number, aggregate: Series['aggregate']): Series {
  const machine = equipment.find((each) => each.id === id);
  const interval = Math.max(1_000, Math.ceil((to - from) / 300 / 1_000) * 1_000);
  const items: Series['items'] = [];
  for (let time = Math.floor(from / interval) * interval; time < to; time += interval) {
    const share = (time - from) / (to - from);
    const isHole = share > 0.42 && share < 0.47;
    const value = machine && !isHole ? valueAt(machine, point, time) : null;
    const spread = value === null ? 0 : Math.abs(value) * 0.03;
    items.push({
      time,
      value,
      minimum: value === null ? null : value - spread,
      maximum: value === null ? null : value + spread,
      count: value === null ? 0 : 12,
      quality: value === null ? null : 0,
      coverage: value === null ? 0 : 1,
    });
  }
  return { site: site.id, equipment: id, point, from, to, interval, resolution: 'minute', aggregate, items };
}
