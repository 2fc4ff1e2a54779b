import type { AlarmView, LatestPoint, LiveEvent } from '@plantroom/model/api';
import { QueryClient } from '@tanstack/react-query';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { equipment } from '../../mock/building.ts';
import { createRecords } from '../../mock/records.ts';
import { latestAt } from '../../mock/values.ts';
import { keys } from '../api/keys.ts';
import { type LatestState, mergeLatest } from '../api/latest-state.ts';
import { applyEvent, upsert } from './apply-event.ts';
import { LiveFeed } from './live-feed.ts';
import { isSilent, silentAfter } from './live-status.ts';
import { ServerClock } from './server-clock.ts';

const site = 'harbour-tower';

describe("the server's clock", () => {
  test('is taken from the answer that was under way the shortest', () => {
    let own = 1_000_000;
    const clock = new ServerClock(() => own);
    clock.note(own + 5_000 - 900);
    clock.note(own + 5_000 - 20);
    clock.note(own + 5_000 - 400);
    own += 60_000;
    expect(clock.now()).toBe(own + 4_980);
  });

  test('follows a correction after a while', () => {
    const clock = new ServerClock(() => 0);
    clock.note(9_000);
    for (let i = 0; i < 24; i++) clock.note(-3_000);
    expect(clock.now()).toBe(-3_000);
  });
});

describe('newest values', () => {
  const [sample] = latestAt(1_000_000) as [LatestPoint];

  test('never go back in time, whatever the order of arrival', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray([1, 2, 3, 4, 5], { minLength: 1 }), (times) => {
        const items = times.map((time) => ({ ...sample, heardAt: time, value: time }));
        const state = items.reduce<LatestState>((held, item) => mergeLatest(held, [item]), {});
        expect(Object.values(state)[0]?.value).toBe(Math.max(...times));
      }),
    );
  });
});

describe('an event', () => {
  const [alarm] = createRecords(0).alarms as [AlarmView];
  const fill = () => {
    const client = new QueryClient();
    client.setQueryData(keys.openAlarms(site), [alarm]);
    client.setQueryData(keys.equipment(site), equipment);
    return client;
  };
  const open = (client: QueryClient) => client.getQueryData<AlarmView[]>(keys.openAlarms(site));
  const tell = (client: QueryClient, change: Partial<AlarmView>) =>
    applyEvent(client, site, { type: 'alarm', now: 0, alarm: { ...alarm, ...change } });

  test('replaces an older version and not a newer one', () => {
    const client = fill();
    tell(client, { version: 5, state: 'acknowledged' });
    tell(client, { version: 4, state: 'unacknowledged' });
    expect(open(client)).toMatchObject([{ version: 5, state: 'acknowledged' }]);
    expect(client.getQueryData(keys.alarm(alarm.id))).toMatchObject({ version: 5 });
  });

  test('takes an alarm that is over off the open ones', () => {
    const client = fill();
    tell(client, { version: 6, endedAt: 1 });
    expect(open(client)).toEqual([]);
  });

  test('of a new alarm comes first and asks for the machines again', () => {
    const client = fill();
    tell(client, { id: 'new' });
    expect(open(client)?.map((each) => each.id)).toEqual(['new', alarm.id]);
    expect(client.getQueryState(keys.equipment(site))?.isInvalidated).toBe(true);
  });

  test('brings values into what the pages show', () => {
    const client = fill();
    const [item] = latestAt(1_000) as [LatestPoint];
    applyEvent(client, site, { type: 'latest', now: 0, items: [item] });
    expect(client.getQueryData<LatestState>(keys.latest(site))).toEqual({ [`${item.equipment}/${item.point}`]: item });
  });

  test('of intervals asks again for that meter only', () => {
    const client = fill();
    client.setQueryData([...keys.energy(site), 'a', 'day'], {});
    client.setQueryData([...keys.energy(site), 'b', 'day'], {});
    applyEvent(client, site, { type: 'intervals', now: 0, equipment: ['a'] });
    expect(client.getQueryState([...keys.energy(site), 'a', 'day'])?.isInvalidated).toBe(true);
    expect(client.getQueryState([...keys.energy(site), 'b', 'day'])?.isInvalidated).toBe(false);
  });

  test('keeps the place of a record in a list', () => {
    const items = ['a', 'b', 'c'].map((id) => ({ id, version: 1 }));
    expect(upsert(items, { id: 'b', version: 2 }).map((each) => `${each.id}${each.version}`)).toEqual([
      'a1',
      'b2',
      'c1',
    ]);
  });
});

class FakeSource extends EventTarget {
  static readonly all: FakeSource[] = [];
  isClosed = false;

  constructor(readonly_url: string) {
    super();
    FakeSource.all.push(this);
    expect(readonly_url).toBe('/api/v1/live?site=harbour-tower');
  }

  close(): void {
    this.isClosed = true;
  }

  say(type: string, data: object): void {
    this.dispatchEvent(new MessageEvent(type, { data: JSON.stringify(data) }));
  }
}

describe('the live feed', () => {
  beforeEach(() => {
    vi.useFakeTimers();
    vi.stubGlobal('EventSource', FakeSource);
    FakeSource.all.length = 0;
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  const follow = () => {
    const events: LiveEvent[] = [];
    const onReturn = vi.fn();
    const feed = new LiveFeed(site, { onEvent: (event) => events.push(event), onReturn });
    feed.start();
    return { feed, events, onReturn, source: () => FakeSource.all.at(-1) as FakeSource };
  };

  test('hands events on', () => {
    const { feed, events, source } = follow();
    source().say('tick', { now: 5 });
    expect(events).toEqual([{ type: 'tick', now: 5 }]);
    feed.stop();
    expect(source().isClosed).toBe(true);
  });

  test('opens a stream anew that says nothing, and asks for what it missed', () => {
    const { feed, onReturn, source } = follow();
    source().dispatchEvent(new Event('open'));
    const first = source();
    vi.advanceTimersByTime(silentAfter + 1_100);
    expect(first.isClosed).toBe(true);
    expect(FakeSource.all).toHaveLength(2);
    source().dispatchEvent(new Event('open'));
    expect(onReturn).toHaveBeenCalledTimes(1);
    feed.stop();
  });

  test('comes back after an answer that is not 200, ever slower, and stops when told', () => {
    const { feed, source } = follow();
    for (let i = 0; i < 3; i++) {
      source().dispatchEvent(new Event('error'));
      vi.advanceTimersByTime(5_000);
    }
    expect(FakeSource.all).toHaveLength(4);
    feed.stop();
    vi.advanceTimersByTime(60_000);
    expect(FakeSource.all).toHaveLength(4);
  });

  test('stays open while ticks come', () => {
    const { feed, source } = follow();
    for (let i = 0; i < 10; i++) {
      vi.advanceTimersByTime(5_000);
      source().say('tick', { now: i });
    }
    expect(FakeSource.all).toHaveLength(1);
    feed.stop();
  });
});

test('silence is judged by the age of the last event', () => {
  expect(isSilent({ phase: 'open', heardAt: 0 }, silentAfter)).toBe(false);
  expect(isSilent({ phase: 'open', heardAt: 0 }, silentAfter + 1)).toBe(true);
  expect(isSilent({ phase: 'connecting', heardAt: undefined }, 1e12)).toBe(false);
});
