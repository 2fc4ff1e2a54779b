import type { LatestPoint } from '@plantroom/model/api';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { believed, equipmentFreshness, freshnessOf, onTheWay } from './freshness.ts';

const point = (change: Partial<LatestPoint> = {}) => ({
  heardAt: 1_000,
  staleAfter: 500,
  quality: 'good' as const,
  value: 5,
  changedAt: 400,
  ...change,
});

describe('a value', () => {
  test('is fresh up to its limit and stale a moment later', () => {
    expect(freshnessOf(point(), 1_500 + onTheWay)).toBe('fresh');
    expect(freshnessOf(point(), 1_501 + onTheWay)).toBe('stale');
  });

  test('of bad quality is bad, but silence comes first', () => {
    expect(freshnessOf(point({ quality: 'bad' }), 1_200)).toBe('bad');
    expect(freshnessOf(point({ quality: 'bad' }), 9_999)).toBe('stale');
    expect(freshnessOf(point({ value: null }), 1_200)).toBe('bad');
    expect(freshnessOf(undefined, 1_200)).toBe('missing');
  });

  test('that is stale, bad or missing is never drawn', () => {
    const quality = fc.constantFrom('good' as const, 'uncertain' as const, 'bad' as const);
    fc.assert(
      fc.property(fc.nat(20_000), fc.nat(5_000), quality, fc.option(fc.double()), (now, staleAfter, q, value) => {
        const judged = point({ staleAfter, quality: q, value });
        if (now - judged.heardAt > staleAfter + onTheWay) expect(believed(judged, now)).toBeUndefined();
        if (q === 'bad') expect(believed(judged, now)).toBeUndefined();
      }),
    );
  });
});

describe('a machine', () => {
  test('is silent when the points are that it tells most often', () => {
    expect(equipmentFreshness([point(), point({ heardAt: 0 })], 1_400)).toEqual({ isSilent: false, heardAt: 1_000 });
    expect(equipmentFreshness([point(), point({ heardAt: 0 })], 1_600 + onTheWay).isSilent).toBe(true);
    const counter = point({ staleAfter: 99_999 });
    expect(equipmentFreshness([point(), counter], 1_600 + onTheWay).isSilent).toBe(true);
    const bad = point({ quality: 'bad', value: null });
    expect(equipmentFreshness([bad, bad], 1_400)).toEqual({ isSilent: true, heardAt: 400 });
    expect(equipmentFreshness([point(), bad], 1_400).isSilent).toBe(false);
    expect(equipmentFreshness([], 0)).toEqual({ isSilent: true, heardAt: undefined });
  });
});
