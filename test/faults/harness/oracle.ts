import type { AlarmView, Series, WorkOrderView } from '@plantroom/model/api';
import type { Plant } from './plant.ts';
import { meters, points, toldValue } from './source.ts';

/** Milliseconds that a sample may take from the gateway's broker into its log: a second's frame and a commit, and more. */
const wayToTheLog = 4000;

export interface Verdict {
  /** Values that the devices told and the gateway's broker took. */
  produced: number;
  stored: number;
  /** Taken well before the gateway went down, and not stored. */
  lost: number;
  duplicated: number;
  misattributed: number;
  ticketsDoubled: number;
}

/** Compares what was told since `from` with what is stored; `falls` are the moments at which the gateway went down. */
export async function judge(plant: Plant, from: number, to: number, falls: readonly number[]): Promise<Verdict> {
  const verdict: Verdict = { produced: 0, stored: 0, lost: 0, duplicated: 0, misattributed: 0, ticketsDoubled: 0 };
  for (const meter of meters) {
    const told = [...(plant.source.told.get(meter) ?? [])].filter(([, t]) => t.time >= from && t.time < to);
    for (const point of points) {
      const query = `site=oracle&equipment=${meter}&point=${point}&from=${from}&to=${to}&aggregate=raw`;
      const { items } = await plant.api<Series>(`series?${query}`);
      const stored = new Map<number, number[]>();
      for (const { time, value } of items) if (value !== null) stored.set(time, [...(stored.get(time) ?? []), value]);
      for (const [n, { time, taken }] of told) {
        const values = stored.get(time) ?? [];
        stored.delete(time);
        const expected = toldValue(meter, point, n);
        if (taken !== undefined) verdict.produced++;
        verdict.stored += values.length > 0 ? 1 : 0;
        verdict.duplicated += Math.max(0, values.length - 1);
        verdict.misattributed += values.filter((v) => v !== expected).length;
        const mayBeMissing = taken === undefined || falls.some((fall) => fall >= taken && fall < taken + wayToTheLog);
        if (values.length === 0 && !mayBeMissing) verdict.lost++;
      }
      // What stands at a time at which nothing was told was made up, or moved.
      for (const values of stored.values()) verdict.misattributed += values.length;
    }
  }
  verdict.ticketsDoubled = await doubledTickets(plant);
  return verdict;
}

async function all<T>(plant: Plant, path: string): Promise<T[]> {
  const items: T[] = [];
  let cursor = '';
  do {
    const page = await plant.api<{ items: T[]; next: string | null }>(`${path}${cursor}`);
    items.push(...page.items);
    cursor = page.next === null ? '' : `${path.includes('?') ? '&' : '?'}after=${encodeURIComponent(page.next)}`;
  } while (cursor !== '');
  return items;
}

async function doubledTickets(plant: Plant): Promise<number> {
  // Of two alarms of one thing the older is over, whether its end was heard or not.
  const open = await all<AlarmView>(plant, 'alarms?open=true');
  const orders = await all<WorkOrderView>(plant, 'work-orders');
  const over = (keys: readonly string[]) => keys.length - new Set(keys).size;
  const unfinished = orders.filter((o) => !['closed', 'cancelled'].includes(o.state));
  return (
    over(open.map((a) => `${a.equipment} ${a.fault} ${a.subject}`)) +
    over(unfinished.map((o) => `${o.equipment} ${o.fault} ${o.subject}`)) +
    over(orders.map((o) => o.number))
  );
}
