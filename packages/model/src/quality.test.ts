import { expect, it } from 'vitest';
import { qualities, qualityCode, qualityOfCode, qualityReasons } from './quality.ts';

it('gives good values the code 0, and every other mark a code that leads back to it', () => {
  expect(qualityCode({ quality: 'good' })).toBe(0);
  for (const quality of qualities) {
    expect(qualityOfCode(qualityCode({ quality }))).toEqual({ quality });
    for (const reason of qualityReasons)
      expect(qualityOfCode(qualityCode({ quality, reason }))).toEqual({ quality, reason });
  }
});

it('has the codes that stored data depends on', () => {
  expect(qualityCode({ quality: 'bad', reason: 'no-answer' })).toBe(201);
  expect(qualityCode({ quality: 'uncertain', reason: 'held' })).toBe(110);
  expect(qualityCode({ quality: 'bad', reason: 'not-connected' })).toBe(212);
});

it('never makes an unknown code good', () => {
  expect(qualityOfCode(999)).toEqual({ quality: 'bad' });
  expect(qualityOfCode(299)).toEqual({ quality: 'bad' });
  expect(qualityOfCode(-5).quality).not.toBe('uncertain');
});
