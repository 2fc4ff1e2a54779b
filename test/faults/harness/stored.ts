import { coerceError, systemClock } from '@plantroom/base';
import type { AlarmView, Series, Statement, WorkOrderView } from '@plantroom/model/api';
import { until } from '@plantroom/testing';
import type { Span, StoredValue } from './oracle.ts';
import type { Plant } from './plant.ts';
import { siteOffset } from './site-file.ts';
import { meters, points } from './source.ts';

/** Every sample with a value that the cloud shows in these spans of time; they may overlap. */
export async function storedValues(plant: Plant, spans: readonly Span[]): Promise<StoredValue[]> {
  const values: StoredValue[] = [];
  let asked = Number.NEGATIVE_INFINITY;
  for (const [start, to] of spans.toSorted(([a], [b]) => a - b)) {
    const from = Math.max(start, asked);
    asked = Math.max(asked, to);
    if (from >= to) continue;
    for (const meter of meters)
      for (const point of points) values.push(...(await valuesOf(plant, meter, point, [from, to])));
  }
  return values;
}

async function valuesOf(plant: Plant, meter: string, point: string, [from, to]: Span): Promise<StoredValue[]> {
  const query = `site=oracle&equipment=${meter}&point=${point}&from=${from}&to=${to}&aggregate=raw`;
  try {
    const { items } = await plant.api<Series>(`series?${query}`);
    return items.flatMap(({ value, quality, minimum, maximum, ...item }) =>
      value === null || minimum === null || maximum === null
        ? []
        : [{ meter, point, ...item, value, minimum, maximum, quality: quality ?? 0 }],
    );
  } catch (thrown) {
    if (!coerceError(thrown).message.includes('too-many-steps')) throw thrown;
    const middle = Math.floor((from + to) / 2);
    const [early, late] = [[from, middle] as const, [middle, to] as const];
    return [...(await valuesOf(plant, meter, point, early)), ...(await valuesOf(plant, meter, point, late))];
  }
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

/** Alarms and tickets of one thing that are open at once, and numbers that two tickets have. */
export async function doubledTickets(plant: Plant): Promise<number> {
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

/** What becomes of frames that are not stored for a reason that was told. */
const told = new Set(['dropped', 'thinned', 'corrupt', 'quarantined']);
/** Milliseconds in which frames that were overtaken come too. */
const overtaken = 5000;

/** Sequences of the log that are missing in the cloud's ledger below a stored one, without a reason that it was told. */
export async function unexplainedHoles(plant: Plant): Promise<number> {
  const dayOf = (time: number) => new Date(time + siteOffset).toISOString().slice(0, 10);
  const holesNow = async () => {
    let holes = 0;
    for (const day of new Set([plant.startedAt, systemClock.now()].map(dayOf))) {
      const { gateways } = await plant.api<Statement>(`completeness?site=oracle&day=${day}`);
      for (const { missing } of gateways)
        for (const { first, last, cause } of missing) if (!told.has(cause)) holes += last - first + 1;
    }
    return holes;
  };
  const isWhole = async () => (await holesNow()) === 0;
  return until('the ledger is whole', isWhole, { timeout: overtaken, every: 500 }).then(() => 0, holesNow);
}
