import { describe, expect, test } from 'vitest';
import { nabScore, type Profile, probation, profiles, type ScoredSeries } from './nab-score.ts';

/** Scores of some rows, 0 elsewhere. */
function scored(rows: number, scores: Readonly<Record<number, number>>): number[] {
  return Array.from({ length: rows }, (_, row) => scores[row] ?? 0);
}

// Worked out by hand from the published rules. In the first series row 1 is on probation, row 5 comes before any window,
// rows 10 and 11 lie in one window of four, row 13 two rows after it; the second has a window of a single row.
const corpus: readonly ScoredSeries[] = [
  { scores: scored(20, { 1: 0.9, 5: 0.6, 10: 0.8, 11: 0.9, 13: 0.7 }), windows: [{ first: 8, last: 11 }] },
  { scores: scored(10, { 4: 0.5, 6: 0.95 }), windows: [{ first: 4, last: 4 }] },
];

describe('the benchmark score', () => {
  test.each<[string, Profile, number, number]>([
    ['standard', profiles.standard, 0.95, -2.7498],
    ['standard', profiles.standard, 0.9, 36.3034],
    ['standard', profiles.standard, 0.8, 43.7451],
    ['standard', profiles.standard, 0.7, 41.1845],
    ['standard', profiles.standard, 0.6, 38.4345],
    ['standard', profiles.standard, 0.5, 88.4345],
    ['low FP', profiles['low FP'], 0.8, 40.9953],
    ['low FP', profiles['low FP'], 0.5, 80.3742],
    ['low FN', profiles['low FN'], 0.9, 40.8689],
    ['low FN', profiles['low FN'], 0.5, 92.2897],
  ])('of the golden case, %s', (_, profile, threshold, score) => {
    expect(nabScore(corpus, profile, threshold).score).toBeCloseTo(score, 4);
  });

  test('is the best over all thresholds when none is given', () => {
    expect(nabScore(corpus, profiles.standard)).toMatchObject({ threshold: 0.5 });
    expect(nabScore(corpus.slice(0, 1), profiles.standard)).toMatchObject({ threshold: 0.8 });
  });

  test('is 0 for silence and 100 for the first row of every window alone', () => {
    const windows = [{ first: 8, last: 11 }];
    expect(nabScore([{ scores: scored(20, {}), windows }], profiles.standard, 0.5).score).toBe(0);
    expect(nabScore([{ scores: scored(20, { 8: 1 }), windows }], profiles.standard).score).toBeCloseTo(100, 9);
  });

  test('leaves out the probation of at most 750 rows', () => {
    expect([10, 1000, 4032, 5000, 20_000].map(probation)).toEqual([1, 150, 604, 750, 750]);
  });
});
