import { systemClock } from '@plantroom/base';
import type { AlarmJournal, AlarmView, Statement, WorkOrderView } from '@plantroom/model/api';
import { until } from '@plantroom/testing';
import type { Plant } from './plant.ts';
import { siteOffset } from './site-file.ts';

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

/** Milliseconds in which the cloud hears of an alarm; the pump trips and recovers all the time. */
const hearing = 15_000;

/** By how many the alarms that are open at the gateway and in the cloud stay apart. */
export async function alarmsAstray(plant: Plant): Promise<number> {
  const apart = async () => {
    const { openAlarms } = await plant.status();
    const open = await all<AlarmView>(plant, 'alarms?open=true');
    return Math.abs(openAlarms - open.filter((a) => a.source === 'gateway').length);
  };
  const agree = async () => (await apart()) === 0;
  return until('both know the same alarms', agree, { timeout: hearing, every: 200 }).then(() => 0, apart);
}

/** Transitions of alarms that the cloud has not heard of although it has a later one: each version has one. */
export async function missingTransitions(plant: Plant): Promise<number> {
  const alarms = (await all<AlarmView>(plant, 'alarms')).filter((a) => a.source === 'gateway');
  let missing = 0;
  for (const { id, version } of alarms) {
    const { items } = await plant.api<AlarmJournal>(`alarms/${encodeURIComponent(id)}/journal`);
    missing += version - new Set(items.map((i) => i.version)).size;
  }
  return missing;
}
