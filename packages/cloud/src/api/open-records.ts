import type { AlarmRow, ApiRecords } from '../records/contract.ts';

const page = 500;

/** Every item of a paged list. */
async function everyPage<T>(read: (after: string | undefined) => Promise<{ items: T[]; next: string | null }>) {
  const items: T[] = [];
  let after: string | undefined;
  do {
    const { items: own, next } = await read(after);
    items.push(...own);
    after = next ?? undefined;
  } while (after !== undefined);
  return items;
}

/** Open alarms that call for somebody: those that are shelved, suppressed or out of service are left out. */
export async function openAlarms(
  records: Pick<ApiRecords, 'alarms'>,
  site: string,
  equipment?: string,
): Promise<AlarmRow[]> {
  const filter = { site, open: true, limit: page, ...(equipment === undefined ? {} : { equipment }) };
  const rows = await everyPage((after) => records.alarms(after === undefined ? filter : { ...filter, after }));
  return rows.filter(({ facts }) => !facts.shelved && !facts.suppressed && !facts.outOfService);
}

/** Counts by priority. */
export function alarmSummary(alarms: readonly AlarmRow[]): { 1: number; 2: number; 3: number; 4: number } {
  const counts = { 1: 0, 2: 0, 3: 0, 4: 0 };
  for (const a of alarms) counts[a.priority]++;
  return counts;
}

export async function openOrderCount(records: Pick<ApiRecords, 'orders'>, site: string): Promise<number> {
  const filter = { site, open: true, limit: page };
  const rows = await everyPage((after) => records.orders(after === undefined ? filter : { ...filter, after }));
  return rows.length;
}
