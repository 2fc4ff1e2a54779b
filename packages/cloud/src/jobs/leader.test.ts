import { ManualClock, silentLogger } from '@plantroom/base';
import { expect, it } from 'vitest';
import type { HeldLock } from '../records/contract.ts';
import { startLeader } from './leader.ts';

/** A lock as records give it, held by one at a time. */
class OneLock {
  #holder: AbortController | undefined;

  async hold(): Promise<HeldLock | undefined> {
    if (this.#holder) return undefined;
    const holder = new AbortController();
    this.#holder = holder;
    const release = async () => {
      if (this.#holder === holder) this.#holder = undefined;
    };
    return { lost: holder.signal, release };
  }

  /** The connection of the holder is gone. */
  lose(): void {
    this.#holder?.abort();
    this.#holder = undefined;
  }
}

const clock = new ManualClock();

function process(records: OneLock, work?: () => Promise<void>) {
  const done = { begun: 0, ended: 0 };
  const options = { records, clock, logger: silentLogger, random: () => 0.5 };
  const started = startLeader({
    ...options,
    work: async () => {
      await work?.();
      done.begun++;
      return async () => void done.ended++;
    },
  });
  return { done, started };
}

it('has one process lead, and another when it stops or loses its lock', async () => {
  const records = new OneLock();
  const one = process(records);
  const stopOne = await one.started;
  const two = process(records);
  const stopTwo = await two.started;
  await clock.advance(60_000);
  expect([one.done, two.done]).toEqual([
    { begun: 1, ended: 0 },
    { begun: 0, ended: 0 },
  ]);
  await stopOne();
  await clock.advance(4000);
  expect([one.done, two.done]).toEqual([
    { begun: 1, ended: 1 },
    { begun: 1, ended: 0 },
  ]);
  records.lose();
  await clock.advance(4000);
  expect(two.done).toEqual({ begun: 2, ended: 1 });
  await stopTwo();
  expect(two.done).toEqual({ begun: 2, ended: 2 });
});

it('gives the lock back when its work cannot begin, and tries again', async () => {
  const records = new OneLock();
  let fails = true;
  const { done, started } = process(records, async () => {
    if (fails) throw new Error('the broker is away');
  });
  const stop = await started;
  expect(await records.hold()).toBeDefined();
  records.lose();
  fails = false;
  await clock.advance(4000);
  expect(done).toEqual({ begun: 1, ended: 0 });
  await stop();
});
