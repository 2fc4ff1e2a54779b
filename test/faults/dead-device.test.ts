import { ManualClock, seededRandom, silentLogger } from '@plantroom/base';
import { describe, expect, it } from 'vitest';
import type { ModbusType } from '../../packages/drivers/src/modbus/bus.ts';
import { prepareOnBus } from '../../packages/drivers/src/modbus/prepare-on-bus.ts';
import { bindingOf, testContext } from '../../packages/drivers/test/builders.ts';
import { memoryLine, tellingPdu } from '../../packages/drivers/test/memory-line.ts';
import { meter } from '../../packages/drivers/test/test-meter.ts';
import { ConnectionRunner, type RunnerEvents } from '../../packages/gateway/src/acquisition/connection-runner.ts';
import { firstRetry, longestRetry } from '../../packages/gateway/src/acquisition/device-health.ts';

const units = 32;
const period = 5000;
const timeout = 1000;
const dead = 17;
const minute = 60_000;
/** What a question and the silence after it take on a line of 9600 baud beside the timeout, at most, in ms. */
const overhead = 100;

interface Poll {
  readonly equipment: string;
  readonly at: number;
}

/** A bus of 32 meters under the gateway's own scheduler; one of them dies after a minute. */
async function runBus(type: ModbusType, answerTime: number) {
  const clock = new ManualClock();
  const asked: { readonly unit: number; readonly at: number }[] = [];
  const start = clock.monotonic();
  const isDead = (unit: number) => unit === dead && clock.monotonic() >= start + minute;
  const peer = {
    answer: (request: Parameters<typeof tellingPdu>[0]) => {
      asked.push({ unit: request.unit, at: clock.monotonic() });
      return isDead(request.unit) ? undefined : tellingPdu(request);
    },
    delay: () => answerTime,
  };
  const line = memoryLine(type, clock, peer, { timeout });
  const bindings = Array.from({ length: units }, (_, i) => ({
    ...bindingOf(`meter-${i + 1}`, meter, { unit: i + 1 }),
    period,
  }));
  const connection = await prepareOnBus(line.bus, 'bus', bindings, testContext(clock));
  const polls: Poll[] = [];
  const silenced: string[] = [];
  const events: RunnerEvents = {
    readings: (batch) => void polls.push({ equipment: batch[0]?.equipment ?? '', at: clock.monotonic() }),
    silent: ({ equipment }) => void silenced.push(equipment),
    changed: () => {},
    wasHeard: () => true,
    sink: { event: () => {}, property: () => {} },
  };
  const random = seededRandom(1);
  const runner = new ConnectionRunner({ connection, clock, random, logger: silentLogger, events });
  runner.start();
  return { clock, asked, polls, silenced, runner, start };
}
type Run = Awaited<ReturnType<typeof runBus>>;

/** The questions to the dead unit since it died, and how long each kept the bus from a neighbour that waited, in ms. */
function stepsOf({ asked, start }: Run) {
  return asked.flatMap(({ unit, at }, i) => {
    if (unit !== dead || at < start + minute) return [];
    const next = asked[i + 1]?.at ?? at;
    // Turns fall due together, every period from the start on: who is asked at that very moment has not waited.
    const nobodyWaited = (next - start) % period < 1;
    return [{ at, held: nobodyWaited ? 0 : next - at }];
  });
}

/** The neighbours' polls within the minutes: mean period of each, and the longest single one, in ms. */
function periodsOf({ polls, start }: Run, from: number, to: number) {
  const times = Map.groupBy(
    polls.filter(({ at }) => at >= start + from * minute && at < start + to * minute),
    ({ equipment }) => equipment,
  );
  times.delete(`meter-${dead}`);
  const periods = [...times.values()].map((t) => t.slice(1).map(({ at }, i) => at - (t[i]?.at ?? 0)));
  return {
    means: periods.map((p) => p.reduce((sum, ms) => sum + ms, 0) / p.length),
    longest: Math.max(...periods.flat()),
  };
}

describe.each<[ModbusType, number]>([
  ['modbus-tcp', 0],
  ['modbus-rtu', 3 * timeout],
  ['modbus-rtu-over-tcp', 3 * timeout],
])('one dead device among 32 over %s', (type, drain) => {
  it.each([
    ['half', 40],
    // On a line as many as the plan allows without a warning; a dead unit leaves time for the others to catch up.
    ['nearly all', type === 'modbus-tcp' ? 75 : 66],
  ])('costs one timeout and drain a step, and no cycle, on a bus that needs %s of its time', async (_, answerTime) => {
    const run = await runBus(type, answerTime);
    await run.clock.advance(3 * minute);
    const before = run.runner.skipped;
    await run.clock.advance(20 * minute);
    await run.runner.stop();

    const steps = stepsOf(run);
    const { means, longest } = periodsOf(run, 3, 23);
    const held = Math.max(...steps.map((s) => s.held));
    // A line that is new is left quiet before its first question.
    const busy = (run.asked[2 * units - 1]?.at ?? 0) - (run.asked[0]?.at ?? 0) + answerTime;
    console.log(
      `${type}, ${Math.round((100 * busy) / period)} % busy: mean periods ${Math.min(...means).toFixed(0)} to ` +
        `${Math.max(...means).toFixed(0)} ms, longest ${longest.toFixed(0)} ms, ${run.runner.skipped - before} cycles skipped; ` +
        `${steps.length} questions to the dead unit in 22 minutes, each held the bus for at most ${held.toFixed(0)} ms`,
    );
    expect(means).toHaveLength(units - 1);
    for (const mean of means) expect(Math.abs(mean / period - 1)).toBeLessThan(0.05);
    expect(run.runner.skipped).toBe(before);
    expect(run.silenced).toEqual([`meter-${dead}`]);

    // Somebody was kept waiting, or the bound would say nothing.
    expect(held).toBeGreaterThan(timeout - 1);
    expect(held).toBeLessThanOrEqual(timeout + drain + overhead);
    expect(longest).toBeLessThanOrEqual(period + timeout + drain + overhead);
    // One question a step, and no step shorter than the back-off's: its delays are drawn from their upper half.
    for (const [i, step] of steps.entries()) {
      const next = steps[i + 1];
      const delay = Math.min(firstRetry * 2 ** i, longestRetry) / 2;
      if (next) expect(next.at - step.at).toBeGreaterThanOrEqual(timeout + delay);
    }
    expect(steps.length).toBeGreaterThan(8);
  });
});
