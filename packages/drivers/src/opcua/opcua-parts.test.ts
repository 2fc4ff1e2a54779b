import { describe, expect, it } from 'vitest';
import { CountSince } from './count-since.ts';
import { hasOverflow, markOfStatus } from './status.ts';
import { timeOfRead } from './value.ts';

const good = 0;
const uncertain = 0x40900000;
const now = 1_800_000_000_000;
const old = now - 3_600_000;

describe('the time of a read value', () => {
  it('is the source’s when the value has just changed', () => {
    const changed = { raw: 1, status: good, sourceTime: now - 500, serverTime: now };
    expect(timeOfRead(changed, old, now)).toBe(now - 500);
  });

  it('is the server’s for a good value that stands still', () => {
    expect(timeOfRead({ raw: 1, status: good, sourceTime: old, serverTime: now - 20 }, old, now)).toBe(now - 20);
    expect(timeOfRead({ raw: 1, status: good, sourceTime: old, serverTime: now - 20 }, undefined, now)).toBe(now - 20);
  });

  it('is the gateway’s when the server’s clock is off', () => {
    expect(timeOfRead({ raw: 1, status: good, sourceTime: old, serverTime: old }, old, now)).toBeUndefined();
    expect(timeOfRead({ raw: 1, status: good }, undefined, now)).toBeUndefined();
  });

  it('stays old for what the server calls a last usable value', () => {
    expect(timeOfRead({ raw: 1, status: uncertain, sourceTime: old, serverTime: now }, old, now)).toBe(old);
  });
});

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
