import { describe, expect, it } from 'vitest';
import { ManualClock } from './clock.ts';

describe('ManualClock', () => {
  it('fires timers in the order of their time, with the time they fell due', async () => {
    const clock = new ManualClock(1000);
    const fired: [string, number][] = [];
    clock.after(20, () => fired.push(['b', clock.now()]));
    clock.after(10, () => fired.push(['a', clock.now()]));
    clock.every(15, () => fired.push(['every', clock.now()]));
    await clock.advance(30);
    expect(fired).toEqual([
      ['a', 1010],
      ['every', 1015],
      ['b', 1020],
      ['every', 1030],
    ]);
    expect(clock.now()).toBe(1030);
  });

  it('keeps monotonic time when wall time jumps', async () => {
    const clock = new ManualClock(5000);
    let fired = 0;
    clock.after(10, () => fired++);
    clock.jump(-3_600_000);
    expect(clock.monotonic()).toBe(0);
    await clock.advance(10);
    expect(fired).toBe(1);
    expect(clock.now()).toBe(5010 - 3_600_000);
  });

  it('lets a sleeper go when its signal is aborted', async () => {
    const clock = new ManualClock();
    const abort = new AbortController();
    const slept = clock.sleep(1_000_000, abort.signal).then(() => 'awake');
    abort.abort();
    expect(await slept).toBe('awake');
  });
});
