import { ManualClock, seededRandom, silentLogger } from '@plantroom/base';
import { describe, expect, it } from 'vitest';
import type { ModbusType } from '../../packages/drivers/src/modbus/bus.ts';
import { prepareOnBus } from '../../packages/drivers/src/modbus/prepare-on-bus.ts';
import { bindingOf, testContext } from '../../packages/drivers/test/builders.ts';
import { memoryLine, tellingPdu } from '../../packages/drivers/test/memory-line.ts';
import { meter } from '../../packages/drivers/test/test-meter.ts';
import { ConnectionRunner, type RunnerEvents } from '../../packages/gateway/src/acquisition/connection-runner.ts';

const period = 5000;
const timeout = 1000;
const dead = 17;
const minute = 60_000;

/** Runs a bus of 32 meters, one of them dead, for simulated minutes under the gateway's own scheduler. */
async function runBus(type: ModbusType) {
  const clock = new ManualClock();
  const line = memoryLine(
    type,
    clock,
    { answer: (r) => (r.unit === dead ? undefined : tellingPdu(r)), delay: () => 40 },
    { timeout },
  );
  const bindings = Array.from({ length: 32 }, (_, i) => ({
    ...bindingOf(`meter-${i + 1}`, meter, { unit: i + 1 }),
    period,
  }));
  const connection = await prepareOnBus(line.bus, 'bus', bindings, testContext(clock));
  const polled = new Map<string, number[]>(bindings.map((b) => [b.id, []]));
  const events: RunnerEvents = {
    readings: (batch) => void polled.get(batch[0]?.equipment ?? '')?.push(clock.monotonic()),
    silent: () => {},
    changed: () => {},
    wasHeard: () => true,
    sink: { event: () => {}, property: () => {} },
  };
  const random = seededRandom(1);
  const runner = new ConnectionRunner({ connection, clock, random, logger: silentLogger, events });
  runner.start();
  return { clock, line, polled, runner };
}

/** The lowest and highest mean period of the neighbours, and the longest single one, in ms. */
function figures(times: ReadonlyMap<string, readonly number[]>, from: number) {
  const neighbours = [...times].filter(([id]) => id !== `meter-${dead}`).map(([, t]) => t.filter((at) => at >= from));
  const periods = neighbours.map((t) => t.slice(1).map((at, i) => at - (t[i] ?? 0)));
  const means = periods.map((p) => p.reduce((sum, ms) => sum + ms, 0) / p.length);
  return { lowest: Math.min(...means), highest: Math.max(...means), longest: Math.max(...periods.flat()) };
}

describe.each<[ModbusType, number]>([
  ['modbus-tcp', 0],
  ['modbus-rtu', 3 * timeout],
  ['modbus-rtu-over-tcp', 3 * timeout],
])('one dead device among 32 over %s', (type, drain) => {
  it('costs its neighbours one timeout and drain for each step of its back-off, and no cycle', async () => {
    const { clock, line, polled, runner } = await runBus(type);
    await clock.advance(2 * minute);
    const from = clock.monotonic();
    const skippedBefore = runner.skipped;
    await clock.advance(20 * minute);

    const { lowest, highest, longest } = figures(polled, from);
    expect(lowest).toBeGreaterThan(0.95 * period);
    expect(highest).toBeLessThan(1.05 * period);
    expect(runner.skipped - skippedBefore).toBe(0);

    const steps = line.requests.filter((r) => r.unit === dead).length;
    // What a poll of a healthy device takes on this line comes on top: two requests and their answers.
    const own = 250;
    console.log(
      `${type}: mean period ${lowest.toFixed(0)} to ${highest.toFixed(0)} ms, longest ${longest.toFixed(0)} ms, ` +
        `${steps} questions to the dead unit in 22 minutes`,
    );
    expect(longest).toBeLessThanOrEqual(period + timeout + drain + own);
    expect(steps).toBeLessThanOrEqual(14);
    await runner.stop();
  });
});
