import { describe, expect, it } from 'vitest';
import { CountSince } from './count-since.ts';
import { hasOverflow, markOfStatus } from './status.ts';

describe('a status code', () => {
  it.each([
    [0x00000000, { quality: 'good' }],
    [0x00000480, { quality: 'good' }],
    [0x40900000, { quality: 'uncertain', reason: 'held' }],
    [0x40910000, { quality: 'uncertain', reason: 'substituted' }],
    [0x40930000, { quality: 'uncertain' }],
    [0x80310000, { quality: 'bad', reason: 'no-answer' }],
    [0x803c0000, { quality: 'bad', reason: 'out-of-range' }],
    [0x808a0000, { quality: 'bad', reason: 'not-connected' }],
    [0x80000000, { quality: 'bad', reason: 'not-available' }],
    [0xc0000000, { quality: 'bad', reason: 'not-available' }],
  ])('%i has its quality and reason', (status, mark) => expect(markOfStatus(status)).toEqual(mark));

  it('says that a queue overflowed only with the type bits of a data value', () => {
    expect([0x480, 0x80, 0x400, 0].map(hasOverflow)).toEqual([true, false, false, false]);
  });
});

describe('a count since', () => {
  it('begins at 0, with each episode and after a reset of its source', () => {
    const count = new CountSince();
    count.startAfresh(10);
    expect([100, 103].map((n) => count.of(n))).toEqual([0, 3]);
    count.startAfresh(10);
    expect(count.of(104)).toBe(4);
    count.startAfresh(11);
    expect(count.of(104)).toBe(0);
    expect(count.of(106n)).toBe(2);
    expect(count.of(1)).toBe(0);
    expect(count.of('many')).toBeUndefined();
  });
});
