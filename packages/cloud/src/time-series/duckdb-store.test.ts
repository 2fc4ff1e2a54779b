import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { timeSeriesConformance } from './conformance.ts';
import { frameName, frameOf, sampleAt } from './conformance-kit.ts';
import { openDuckdbStore } from './duckdb-store.ts';

const flow = { site: 'harbour', equipment: 'pump-1', point: 'flow' };
const directory = () => mkdtemp(join(tmpdir(), 'plantroom-series-'));

describe('the DuckDB store', () => {
  it.each(timeSeriesConformance)('$name', async ({ run }) => {
    const path = await directory();
    let store = await openDuckdbStore(path);
    const reopen = async () => {
      await store.close();
      store = await openDuckdbStore(path);
    };
    try {
      await run({ store: () => store, reopen });
    } finally {
      await store.close();
      await rm(path, { recursive: true });
    }
  });
});

it('keeps a file for each month and frees the space of those that are removed', async () => {
  const path = await directory();
  const store = await openDuckdbStore(path);
  const months = [Date.UTC(2025, 10, 1), Date.UTC(2025, 11, 31), Date.UTC(2026, 0, 1)];
  await store.write([
    frameOf(
      frameName(1),
      months.map((t, n) => sampleAt(t, n)),
    ),
  ]);
  expect((await readdir(path)).filter((f) => /^\d.*duckdb$/.test(f)).sort()).toEqual([
    '2025-11.duckdb',
    '2025-12.duckdb',
    '2026-01.duckdb',
  ]);
  const forever = { minute: 1 / 0, quarter: 1 / 0, day: 1 / 0 };
  const now = Date.UTC(2026, 0, 8);
  expect(await store.expire({ samples: 8, ...forever }, now)).toEqual(['2025-11']);
  expect(await store.expire({ samples: 7, ...forever }, now)).toEqual(['2025-12']);
  expect((await readdir(path)).filter((f) => f.startsWith('2025'))).toEqual([]);
  expect((await store.raw({ ...flow, from: 0, to: 4e12 }, 10)).map((r) => r.value)).toEqual([2]);
  await store.close();
  await rm(path, { recursive: true });
});

it('keeps rollups for times of their own, in files that go as a whole', async () => {
  const path = await directory();
  const store = await openDuckdbStore(path);
  const months = [Date.UTC(2024, 10, 1), Date.UTC(2025, 11, 31), Date.UTC(2026, 0, 1)];
  const range = { site: 'harbour', from: months[0] ?? 0, to: Date.UTC(2026, 1, 1) };
  const rollups = months.map((time) => ({
    ...{
      time,
      mean: 1,
      minimum: 1,
      maximum: 1,
      first: 1,
      last: 1,
      count: 1,
      bad: 0,
      covered: 1,
      silent: 0,
      quality: 0,
    },
  }));
  for (const width of ['minute', 'quarter', 'day'] as const)
    await store.replaceRollups(width, range, [{ equipment: 'pump-1', point: 'flow', rollups }]);
  const gone = await store.expire({ samples: 1, minute: 5, quarter: 365, day: 400 }, Date.UTC(2026, 0, 8));
  expect(gone).toEqual(['minutes-2024-11', 'minutes-2025-12', 'quarters-2024']);
  const left = async (width: 'minute' | 'quarter' | 'day') =>
    (await store.rollups(width, { ...flow, from: 0, to: 4e12 })).map((r) => months.indexOf(r.time));
  expect([await left('minute'), await left('quarter'), await left('day')]).toEqual([[2], [1, 2], [1, 2]]);
  await store.close();
  await rm(path, { recursive: true });
});

it('merges the ledger when it is opened, and still knows every frame', async () => {
  const path = await directory();
  const first = await openDuckdbStore(path);
  for (let n = 1; n <= 1100; n++) await first.write([frameOf(frameName(n), [sampleAt(Date.UTC(2026, 0, 1) + n, n)])]);
  await first.close();
  for (let round = 0; round < 2; round++) {
    const store = await openDuckdbStore(path);
    const again = [1, 550, 1100].map((n) => frameOf(frameName(n), [sampleAt(Date.UTC(2026, 0, 1), 0)]));
    await store.write(again);
    expect(await store.raw({ ...flow, from: 0, to: 4e12 }, 2000)).toHaveLength(1100);
    await store.close();
  }
  await rm(path, { recursive: true });
});

it('says who has the files when a second process wants them', async () => {
  const path = await directory();
  const store = await openDuckdbStore(path);
  await store.write([frameOf(frameName(1), [sampleAt(Date.UTC(2026, 0, 1), 1)])]);
  await expect(openDuckdbStore(path)).rejects.toMatchObject({ code: 'time-series-open' });
  await store.close();
  await rm(path, { recursive: true });
});
