import { type QualityMark, qualityCode } from '@plantroom/model';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { FrameName, StoredSample, TimeSeriesStore } from './contract.ts';

/** How a store under test is opened, and opened again on the same data. */
export interface StoreUnderTest {
  open(): Promise<TimeSeriesStore>;
  /** Removes the data; called after the store was closed. */
  remove(): Promise<void>;
}

const minute = 60_000;
/** A quarter of an hour before a month's end, so that frames can lie on both sides. */
const start = Date.UTC(2026, 0, 31, 23, 45);

export function frameName(sequence: number, from: Partial<FrameName> = {}): FrameName {
  return { site: 'harbour', gateway: 'gw-1', epoch: 'epoch-0001', sequence, ...from };
}

export function sampleAt(time: number, value: number | null, more: Partial<StoredSample> = {}): StoredSample {
  return {
    site: 'harbour',
    equipment: 'pump-1',
    point: 'flow',
    time,
    gatewayTime: time + 5,
    value,
    quality: 'good',
    ...more,
  };
}

const series = { site: 'harbour', equipment: 'pump-1', point: 'flow' };
const all = { ...series, from: 0, to: 4e12 };
const codes = (rows: readonly QualityMark[]) => rows.map(qualityCode);

/** What every store of time series must do. */
export function describeTimeSeriesStore(name: string, make: () => Promise<StoreUnderTest>): void {
  describe(name, () => {
    let made: StoreUnderTest;
    let store: TimeSeriesStore;
    beforeEach(async () => {
      made = await make();
      store = await made.open();
    });
    afterEach(async () => {
      await store.close();
      await made.remove();
    });
    const reopen = async () => {
      await store.close();
      store = await made.open();
    };
    const values = async (query = all) => (await store.raw(query, 1000)).map((r) => r.value);

    it('gives samples back in the order of time, with quality, over months and restarts', async () => {
      const samples = [
        sampleAt(start + 30 * minute, 3),
        sampleAt(start, 1, { quality: 'uncertain', reason: 'held' }),
        sampleAt(start + minute, null, { quality: 'bad', reason: 'no-answer' }),
      ];
      expect(await store.write([{ frame: frameName(1), samples }])).toEqual([frameName(1)]);
      for (const again of [false, true]) {
        if (again) await reopen();
        const rows = await store.raw(all, 1000);
        expect(rows.map((r) => [r.time, r.value])).toEqual([
          [start, 1],
          [start + minute, null],
          [start + 30 * minute, 3],
        ]);
        expect(codes(rows)).toEqual([110, 201, 0]);
      }
    });

    it('keeps a frame once, however often it comes', async () => {
      const write = (sequence: number, value: number) =>
        store.write([{ frame: frameName(sequence), samples: [sampleAt(start + sequence * 20 * minute, value)] }]);
      await write(1, 10);
      expect(await write(1, 10)).toEqual([]);
      await write(2, 20);
      await reopen();
      expect(await write(2, 20)).toEqual([]);
      expect(await write(1, 10)).toEqual([]);
      const twice = { frame: frameName(3), samples: [sampleAt(start + 5, 30)] };
      expect(await store.write([twice, twice])).toEqual([frameName(3)]);
      expect(await values()).toEqual([30, 10, 20]);
    });

    it('keeps a frame that lies in two months once', async () => {
      const samples = [sampleAt(start, 1), sampleAt(start + 20 * minute, 2)];
      await store.write([{ frame: frameName(7), samples }]);
      await reopen();
      expect(await store.write([{ frame: frameName(7), samples }])).toEqual([]);
      expect(await values()).toEqual([1, 2]);
    });

    it('tells streams apart by site, gateway and epoch', async () => {
      const others = [{}, { site: 'other' }, { gateway: 'gw-2' }, { epoch: 'epoch-0002' }];
      const frames = others.map((o, i) => ({ frame: frameName(1, o), samples: [sampleAt(start + i, i)] }));
      expect(await store.write(frames)).toHaveLength(4);
      expect(await values()).toEqual([0, 1, 2, 3]);
    });

    it('accepts sequences in any order and fills holes', async () => {
      for (const sequence of [5, 1, 3, 2, 4, 3, 1])
        await store.write([{ frame: frameName(sequence), samples: [sampleAt(start + sequence, sequence)] }]);
      expect(await values()).toEqual([1, 2, 3, 4, 5]);
    });

    it('answers for one series and a half-open range, with a limit', async () => {
      const samples = [0, 1, 2, 3].map((n) => sampleAt(start + n * minute, n));
      const others = [{ site: 'other' }, { equipment: 'pump-2' }, { point: 'head' }].map((o) => sampleAt(start, 99, o));
      await store.write([{ frame: frameName(1), samples: [...samples, ...others] }]);
      expect(await values({ ...series, from: start + minute, to: start + 3 * minute })).toEqual([1, 2]);
      expect((await store.raw(all, 2)).map((r) => r.value)).toEqual([0, 1]);
      expect(await store.raw({ ...all, point: 'unknown' }, 10)).toEqual([]);
      expect(await store.steps({ ...all, equipment: 'unknown' }, minute, 0)).toEqual([]);
    });

    it('computes steps from usable values, keeps the worst quality, and leaves gaps out', async () => {
      const at = (seconds: number, value: number | null, mark: QualityMark = { quality: 'good' }) =>
        sampleAt(start + seconds * 1000, value, mark);
      const samples = [
        at(0, 2),
        at(30, 4, { quality: 'uncertain', reason: 'held' }),
        at(59.999, 999, { quality: 'bad', reason: 'out-of-range' }),
        at(120, null, { quality: 'bad', reason: 'no-answer' }),
        at(20 * 60, -1),
      ];
      await store.write([{ frame: frameName(1), samples }]);
      expect(await store.steps(all, minute, 0)).toEqual([
        { time: start, mean: 3, minimum: 2, maximum: 4, last: 4, count: 2, quality: 204 },
        { time: start + 2 * minute, mean: null, minimum: null, maximum: null, last: null, count: 0, quality: 201 },
        { time: start + 20 * minute, mean: -1, minimum: -1, maximum: -1, last: -1, count: 1, quality: 0 },
      ]);
    });

    it('aligns steps to multiples of the interval plus the offset, across months', async () => {
      const day = 86_400_000;
      // 16:00 UTC is midnight in Shanghai.
      const offset = -8 * 3_600_000;
      const midnight = Date.UTC(2026, 0, 31, 16);
      const samples = [sampleAt(midnight - 1, 1), sampleAt(midnight, 2), sampleAt(midnight + day - 1, 4)];
      await store.write([{ frame: frameName(1), samples }]);
      const steps = await store.steps(all, day, offset);
      expect(steps.map((s) => [s.time, s.mean])).toEqual([
        [midnight - day, 1],
        [midnight, 3],
      ]);
    });

    it('knows the newest sample of every point and when its value last changed', async () => {
      const flow = [5, 7, 7, 7].map((v, n) => sampleAt(start + n * 7 * minute, v));
      const lost = [
        sampleAt(start, 1, { point: 'head' }),
        sampleAt(start + minute, null, { point: 'head', quality: 'bad', reason: 'no-answer' }),
      ];
      const never = [0, 1, 2].map((n) => sampleAt(start + n * minute, 0, { point: 'tripped' }));
      await store.write([{ frame: frameName(1), samples: [...flow, ...lost, ...never] }]);
      const rows = (await store.latest()).sort((a, b) => a.point.localeCompare(b.point));
      expect(rows).toEqual([
        { ...sampleAt(start + 21 * minute, 7), changedAt: start + 7 * minute },
        { ...lost[1], changedAt: start + minute },
        { ...never[2], changedAt: start },
      ]);
    });

    it('takes the newest by time, not by arrival', async () => {
      await store.write([{ frame: frameName(2), samples: [sampleAt(start + minute, 2)] }]);
      await store.write([{ frame: frameName(1), samples: [sampleAt(start, 1)] }]);
      expect((await store.latest()).map((r) => [r.value, r.changedAt])).toEqual([[2, start + minute]]);
    });

    it('keeps values exact and survives many writers at once', async () => {
      const exact = [0.1 + 0.2, -0, 1e-300, 1.7976931348623157e308, 123456789.123456];
      await Promise.all(
        exact.map((value, n) =>
          store.write([{ frame: frameName(n + 1), samples: [sampleAt(start + n * 5 * minute, value)] }]),
        ),
      );
      expect(await values()).toEqual(exact);
    });
  });
}
