import { ManualClock, silentLogger } from '@plantroom/base';
import type { LatestPoint } from '@plantroom/model/api';
import { expect, test } from 'vitest';
import { LiveFeed, type Reader } from './feed.ts';

class FakeReader implements Reader {
  taken: string[] = [];
  isReady = true;
  allowed = true;
  ended = false;
  ready() {
    return this.isReady;
  }
  write(text: string) {
    this.taken.push(text);
  }
  async stillAllowed() {
    return this.allowed;
  }
  end() {
    this.ended = true;
  }
  events() {
    return this.taken
      .join('')
      .split('\n')
      .filter((line) => line.startsWith('event: '))
      .map((line) => line.slice(7));
  }
}

function point(value: number, name = 'speed'): LatestPoint {
  return {
    site: 'tower',
    equipment: 'p1',
    point: name,
    time: 1,
    gatewayTime: 1,
    value,
    quality: 'good',
    reason: null,
    changedAt: 1,
    staleAfter: 60_000,
    heardAt: 1,
    stale: false,
  };
}

function start() {
  const clock = new ManualClock(1_000);
  const feed = new LiveFeed({ clock, logger: silentLogger, snapshot: () => [point(0)] });
  const reader = new FakeReader();
  const close = feed.open('tower', reader);
  return { clock, feed, reader, close };
}

const latest = (...items: LatestPoint[]) => ({ type: 'latest', now: 1, items }) as const;

test('a reader starts with the present values and is told when to come back', () => {
  const { reader } = start();
  expect(reader.taken[0]).toMatch(/^retry: \d+\n\n$/);
  expect(reader.taken[1]).toContain('"value":0');
});

test('changes within a quarter of a second are one message with the newest values', async () => {
  const { clock, feed, reader } = start();
  reader.taken = [];
  for (let value = 1; value <= 100; value++) feed.publish('tower', latest(point(value), point(value, 'flow')));
  await clock.advance(250);
  expect(reader.events()).toEqual(['latest']);
  expect(JSON.parse(reader.taken[0]?.split('data: ')[1] ?? '').items.map((p: LatestPoint) => p.value)).toEqual([
    100, 100,
  ]);
});

test('at most four messages a second, however much happens', async () => {
  const { clock, feed, reader } = start();
  reader.taken = [];
  for (let i = 0; i < 100; i++) {
    feed.publish('tower', latest(point(i)));
    await clock.advance(10);
  }
  expect(reader.events().length).toBeLessThanOrEqual(4);
});

test('another site is not heard', async () => {
  const { clock, feed, reader } = start();
  reader.taken = [];
  feed.publish('other', latest(point(1)));
  await clock.advance(1_000);
  expect(reader.events()).toEqual([]);
});

test('a tick comes every 5 seconds, so that silence can be told from peace', async () => {
  const { clock, reader } = start();
  reader.taken = [];
  await clock.advance(15_000);
  expect(reader.events()).toEqual(['tick', 'tick', 'tick']);
});

test('a reader that takes nothing is dropped after 15 seconds, and nothing is written to it meanwhile', async () => {
  const { clock, feed, reader } = start();
  reader.taken = [];
  reader.isReady = false;
  for (let i = 0; i < 200; i++) {
    feed.publish('tower', latest(point(i)));
    await clock.advance(100);
  }
  expect(reader.taken).toEqual([]);
  expect(reader.ended).toBe(true);
  expect(feed.hasReaders('tower')).toBe(false);
});

test('a reader that was slow for a moment gets what it missed, the newest only', async () => {
  const { clock, feed, reader } = start();
  reader.taken = [];
  reader.isReady = false;
  feed.publish('tower', latest(point(1)));
  feed.publish('tower', { type: 'intervals', now: 1, equipment: ['m1'] });
  await clock.advance(1_000);
  feed.publish('tower', latest(point(2)));
  feed.publish('tower', { type: 'intervals', now: 1, equipment: ['m2'] });
  reader.isReady = true;
  await clock.advance(250);
  expect(reader.events()).toEqual(['intervals', 'latest']);
  expect(reader.taken.join('')).toContain('["m1","m2"]');
  expect(reader.taken.join('')).not.toContain('"value":1,');
});

test('the stream ends when its sign-in does', async () => {
  const { clock, reader } = start();
  reader.allowed = false;
  await clock.advance(5_000);
  expect(reader.ended).toBe(true);
});

test('a reader that left is forgotten', () => {
  const { feed, close } = start();
  close();
  expect(feed.hasReaders('tower')).toBe(false);
});

test('readers go when changes may be missed, and nobody is let in before all is known again', () => {
  const { feed, reader } = start();
  feed.resume();
  expect([feed.isFollowing, reader.ended]).toEqual([true, false]);
  feed.interrupt();
  expect([feed.isFollowing, reader.ended, feed.hasReaders('tower')]).toEqual([false, true, false]);
  feed.resume();
  expect(feed.isFollowing).toBe(true);
});
