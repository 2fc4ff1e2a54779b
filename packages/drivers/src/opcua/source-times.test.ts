import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { testContext } from '../../test/builders.ts';
import { declareLift, listen } from '../../test/opcua-listener.ts';
import { DataType, OpcUaTestServer, StatusCodes } from '../../test/opcua-server.ts';
import { SourceTimes } from './source-times.ts';
import type { UaValue } from './value.ts';

const good = 0;
const lastUsable = 0x40900000;
const now = 1_800_000_000_000;
const second = 1000;
const hour = 3_600_000;

const value = (raw: number, sourceTime: number, more: Partial<UaValue> = {}): UaValue => {
  return { raw, status: good, sourceTime, ...more };
};

/** What a node gave first: a value of an hour ago, read now by a server whose clock is right. */
function node() {
  const times = new SourceTimes();
  const first = times.take(value(20, now - hour, { serverTime: now - 20 }), 'read', now);
  return { times, first };
}

describe('the time of a value that is read', () => {
  it('is the server’s for a good one that stands still, the gateway’s when that clock is off', () => {
    const { times, first } = node();
    expect(first).toEqual({ time: now - 20, off: false });
    const again = value(20, now - hour, { serverTime: now - hour });
    expect(times.take(again, 'read', now + 20 * second)).toEqual({ time: undefined, off: false });
    expect(new SourceTimes().take({ raw: 1, status: good }, 'read', now)).toEqual({ time: undefined, off: false });
  });

  it('is the source’s when it has just changed', () => {
    expect(node().times.take(value(21, now + 9500), 'read', now + 10_000)).toEqual({ time: now + 9500, off: false });
  });

  it('stays old for a last usable value, but not older than what was good before it', () => {
    const held = value(20, now - hour, { status: lastUsable, serverTime: now });
    const fresh = new SourceTimes();
    for (const _ of [1, 2]) expect(fresh.take(held, 'read', now)).toEqual({ time: now - hour, off: false });
    const { times } = node();
    for (const how of ['change', 'read', 'read'] as const)
      expect(times.take(held, how, now + 5000)).toEqual({ time: now - 19, off: false });
  });
});

describe('a source whose clock is slow', () => {
  it('by less than the tolerance gives no change a time before what was confirmed', () => {
    const { times } = node();
    const at = now + second;
    expect(times.take(value(35, at - 30 * second), 'change', at)).toEqual({ time: now - 19, off: false });
    expect(times.take(value(36, at - 30 * second), 'change', at)).toEqual({ time: now - 18, off: false });
  });

  it('by more gives changes the time of their arrival, in doubt for as long as they hold', () => {
    const { times } = node();
    const slow = now - 600 * second;
    expect(times.take(value(35, slow), 'change', now + second)).toEqual({ time: undefined, off: true });
    const read = value(35, slow, { serverTime: now + 2000 });
    expect(times.take(read, 'read', now + 2000)).toEqual({ time: now + 2000, off: true });
    // That it changed is seen by a read only.
    expect(times.take(value(36, slow + 5000), 'read', now + 5000)).toEqual({ time: undefined, off: true });
    expect(times.take(value(37, now + 6000), 'change', now + 6000)).toEqual({ time: now + 6000, off: false });
  });

  it('or fast does not keep what comes after our own clock was set back', () => {
    const { times } = node();
    expect(times.take(value(35, now - hour + second), 'change', now - hour + second)).toEqual({
      time: now - hour + second,
      off: false,
    });
  });
});

it('whatever clocks say, no value is older than the one before it', () => {
  const step = fc.record({
    how: fc.constantFrom('change' as const, 'read' as const),
    wait: fc.nat({ max: 30_000 }),
    lag: fc.oneof(fc.integer({ min: -20_000, max: 60_000 }), fc.integer({ min: -hour, max: hour })),
    raw: fc.nat({ max: 2 }),
    status: fc.constantFrom(good, lastUsable, 0x80000000),
    serverLag: fc.option(fc.integer({ min: -15_000, max: 15_000 })),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const times = new SourceTimes();
      let at = now;
      let before = Number.NEGATIVE_INFINITY;
      for (const { how, wait, lag, raw, status, serverLag } of steps) {
        at += wait;
        const server = serverLag === null ? {} : { serverTime: at - serverLag };
        const heard = times.take(value(raw, at - lag, { status, ...server }), how, at);
        if (!heard) continue;
        const time = heard.time ?? at;
        // The gateway takes its own time for one further ahead than is tolerated.
        if (before <= at + 10_000 && time <= at + 10_000) expect(time).toBeGreaterThanOrEqual(Math.min(before, at));
        before = time;
      }
    }),
    { numRuns: 300 },
  );
});

describe('a source that stamps each scan', () => {
  const scan = (times: SourceTimes, at: number, source = at - 100) =>
    times.take(value(20, source, { serverTime: at }), 'read', at);
  /** Read every 20 s, a scan each second. */
  function scanned() {
    const times = new SourceTimes();
    for (let at = now; at <= now + 80 * second; at += 20 * second) scan(times, at);
    return { times, at: now + 80 * second };
  }

  it('and stops is confirmed no longer, until it moves again', () => {
    const { times, at } = scanned();
    const stopped = at - 100;
    expect(scan(times, at + 20 * second, stopped)).toBeUndefined();
    expect(scan(times, at + 40 * second, stopped)).toBeUndefined();
    expect(times.standing).toBe(true);
    expect(scan(times, at + 60 * second)).toEqual({ time: at + 60 * second - 100, off: false });
    expect(times.standing).toBe(false);
  });

  it('is told from one that stamps changes alone, and learned anew in another session', () => {
    const { times } = node();
    for (let at = now; at <= now + hour; at += 20 * second) expect(scan(times, at, now - hour)).toBeDefined();
    const learned = scanned();
    learned.times.begin();
    expect(scan(learned.times, learned.at + 20 * second, learned.at - 100)).toBeDefined();
  });
});

it('a server with a slow device behind it gives its changes as they come, in doubt', async () => {
  const server = new OpcUaTestServer();
  declareLift(server);
  await server.start();
  try {
    const { heard } = await listen(server, {}, testContext());
    expect(heard.newest('floor')).toMatchObject({ value: 7, quality: 'good' });
    const slow = new Date(Date.now() - 600_000);
    server.set('L1.Car_Position', DataType.UInt32, 9, StatusCodes.Good, slow);
    await vi.waitFor(() => expect(heard.newest('floor')?.value).toBe(9), 5000);
    const reading = heard.newest('floor');
    expect(reading).toMatchObject({ quality: 'uncertain', reason: 'clock' });
    expect(reading?.sourceTime ?? Date.now()).toBeGreaterThan(Date.now() - 10_000);
  } finally {
    await server.remove();
  }
});
