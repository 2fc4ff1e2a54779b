import { qualityOfCode } from '@plantroom/model';
import type { LatestRow } from './contract.ts';
import { firstAfterQuery, type NewestSample, newestQuery, otherValueQuery } from './influx-queries.ts';
import { numberAt, type ResultSeries } from './influx-results.ts';

/** How far back before the newest sample a value's last change is looked for; ms. */
const lookBack = 31 * 86_400_000;
/** Series asked for in one request, so that its address stays well below the 8 KiB that proxies take. */
const together = 4;
/** Requests at a time. */
const askers = 4;

/** A newest sample with its measurement, which is the only one that is looked at further. */
type Found = LatestRow & Pick<NewestSample, 'kind'>;

/** Runs statements and gives the series of each. */
export type Ask = (statements: string) => Promise<ResultSeries[][]>;

/** The newest sample of every series not later than `until`, and since when it has its value. */
export async function readLatest(ask: Ask, until: number): Promise<LatestRow[]> {
  const newest = new Map<string, Found>();
  for (const { name: kind, tags, values } of (await ask(newestQuery(until))).flat()) {
    const [row] = values;
    const { site = '', equipment = '', point = '' } = tags;
    if (!row) continue;
    const time = Number(row[0]);
    const [value, gatewayTime] = [numberAt(row, 2), time + (numberAt(row, 3) ?? 0)];
    const mark = qualityOfCode(numberAt(row, 1) ?? 0);
    const key = `${site}/${equipment}/${point}`;
    if ((newest.get(key)?.time ?? Number.NEGATIVE_INFINITY) < time)
      newest.set(key, { kind, site, equipment, point, time, gatewayTime, value, changedAt: time, ...mark });
  }
  return changesOf(ask, [...newest.values()]);
}

async function changesOf(ask: Ask, all: readonly Found[]): Promise<LatestRow[]> {
  const found: LatestRow[] = [];
  const parts = Array.from({ length: Math.ceil(all.length / together) }, (_, n) =>
    all.slice(n * together, (n + 1) * together),
  ).values();
  const work = async () => {
    for (const part of parts) found.push(...(await withChanges(ask, part)));
  };
  await Promise.all(Array.from({ length: askers }, work));
  return found;
}

async function withChanges(ask: Ask, rows: readonly Found[]): Promise<LatestRow[]> {
  const others = await ask(rows.map((r) => otherValueQuery(r, r.time - lookBack)).join('; '));
  const before = rows.map((row, n) => {
    const other = newestTime(others[2 * n] ?? []);
    const bad = (others[2 * n + 1] ?? []).map((s) => ({
      ...s,
      values: s.values.filter((v) => numberAt(v, 2) === null),
    }));
    return Math.max(row.time - lookBack - 1, other, row.value === null ? other : newestTime(bad));
  });
  const firsts = await ask(rows.map((row, n) => firstAfterQuery(row, before[n] ?? row.time)).join('; '));
  return rows.map(({ kind: _, ...row }, n) => {
    const times = (firsts[n] ?? []).flatMap((s) => s.values.map((v) => Number(v[0])));
    return { ...row, changedAt: Math.min(row.time, ...times) };
  });
}

function newestTime(series: readonly ResultSeries[]): number {
  return Math.max(Number.NEGATIVE_INFINITY, ...series.flatMap((s) => s.values.map((v) => Number(v[0]))));
}
