import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { systemClock } from '@plantroom/base';
import { temporaryDirectory, until } from '@plantroom/testing';
import { atLeast, atMost, type Bench, type Figure, orientation } from './figure.ts';
import type { BareUsage } from './gateway-bare-loop.ts';
import { BenchChild } from './gateway-child.ts';
import { loadFor, meterSite, registersOfMeter } from './gateway-meters.ts';
import { measureOpcUa } from './gateway-opcua.ts';
import type { PeerAnswer, PeerQuestion } from './gateway-peer.ts';
import { GatewayProcess } from './gateway-process.ts';

const second = 1000;
/** Seconds to come up to speed, and for the last samples to arrive. */
const warmUp = 6;
const settle = 3;
const allSizes = '1000,5000,20000,100000';

interface Measured {
  /** Points a second that arrived. */
  readonly rate: number;
  readonly share: number;
  readonly notGood: number;
  readonly twice: number;
  readonly bytesASample: number;
  readonly cpuAPoint: number;
  readonly core: number;
  /** MiB. */
  readonly memory: { readonly now: number; readonly highest: number };
  /** ms. */
  readonly loop: number;
  readonly alarms: number;
}

async function bareLoop(rate: number, modbus: number, seconds: number): Promise<number> {
  const { child } = await BenchChild.start<object, BareUsage>('gateway-bare-loop.ts', [modbus, rate]);
  using loop = child;
  await systemClock.sleep(2 * second);
  const before = await loop.ask({});
  await systemClock.sleep(seconds * second);
  const after = await loop.ask({});
  return (after.cpu - before.cpu) / ((after.reads - before.reads) * registersOfMeter().length);
}

async function gateway(rate: number, modbus: number, seconds: number): Promise<Measured> {
  using folder = temporaryDirectory('plantroom-bench');
  const { child, port } = await BenchChild.start<PeerQuestion, PeerAnswer>('gateway-peer.ts');
  using peer = child;
  const site = join(folder.path, 'site.yaml');
  const secret = join(folder.path, 'secret');
  const load = loadFor(rate);
  writeFileSync(site, meterSite(load, modbus));
  writeFileSync(secret, 'any');
  const cloud = ['--cloud', `mqtt://127.0.0.1:${port}`, '--secret-file', secret];
  const running = await GatewayProcess.start(site, ['--data', join(folder.path, 'data'), ...cloud]);
  try {
    await until(
      'the gateway has logged samples',
      async () => ((await running.metrics()).get('plantroom_samples') ?? 0) > 0,
    );
    await systemClock.sleep(warmUp * second);
    const before = await running.metrics();
    const from = systemClock.now();
    await systemClock.sleep(seconds * second);
    const to = systemClock.now();
    const after = await running.metrics();
    const memory = running.memory();
    await systemClock.sleep(settle * second);
    const { samples, notGood, twice, bytes } = await peer.ask({ from, to });
    const cpu = (after.get('process_cpu_seconds_total') ?? 0) - (before.get('process_cpu_seconds_total') ?? 0);
    const demanded = (load.points * (to - from)) / load.period;
    return {
      rate: (samples * second) / (to - from),
      share: samples / demanded,
      notGood,
      twice,
      bytesASample: bytes / samples,
      cpuAPoint: (cpu * 1e6) / samples,
      core: (cpu * second) / (to - from),
      memory,
      loop: (after.get('nodejs_eventloop_lag_p99_seconds') ?? 0) * second,
      alarms: after.get('plantroom_alarms_open') ?? 0,
    };
  } finally {
    await running.stop();
  }
}

async function measure(points: number, seconds: number): Promise<Figure[]> {
  const { child, port } = await BenchChild.start('gateway-modbus-server.ts');
  using _server = child;
  const bare = await bareLoop(points, port, seconds);
  const all = await gateway(points, port, seconds);
  const named = (what: string) => `${points} points: ${what}`;
  const small = points === 5000;
  const limited = small ? atMost : (name: string, value: number, unit: string) => orientation(name, value, unit);
  return [
    atLeast(named('share of demand that arrived'), all.share, 'x', 0.99),
    orientation(named('points a second'), all.rate, '1/s'),
    orientation(named('CPU a point, gateway'), all.cpuAPoint, 'µs'),
    orientation(named('CPU a point, bare modbus-serial loop'), bare, 'µs'),
    atMost(named('CPU a point, ratio to the bare loop'), all.cpuAPoint / bare, 'x', 3),
    limited(named('one core'), all.core * 100, '%', 30),
    limited(named('memory'), all.memory.now, 'MiB', 150),
    orientation(named('memory, highest'), all.memory.highest, 'MiB'),
    limited(named('event loop, p99'), all.loop, 'ms', 50),
    orientation(named('bytes a sample, frame heads included'), all.bytesASample, 'bytes/sample'),
    atMost(named('samples that are not good, or came twice'), all.notGood + all.twice, '', 0),
    atMost(named('alarms open'), all.alarms, '', 0),
  ];
}

/** Node keeps what it made of the sources when a process ends: a machine's very first start takes 30 MB more, and only that. */
async function firstStart(): Promise<void> {
  const { child, port } = await BenchChild.start('gateway-modbus-server.ts');
  using _server = child;
  await gateway(registersOfMeter().length, port, 1);
}

/** `--points 1000,5000` measures some sizes alone; `--seconds` is how long each is measured. */
export const bench: Bench = {
  about:
    'Modbus points read, judged, watched, logged with fsync and acknowledged by a scripted peer in place of the cloud, ' +
    'every value changing each second; beside a loop that only reads the same registers with modbus-serial',
  async run({ points = allSizes, seconds = '15' }) {
    await firstStart();
    const figures: Figure[] = [];
    for (const size of points.split(',').map(Number)) figures.push(...(await measure(size, Number(seconds))));
    // The sizes of the whole bench; who asks for some alone wants those.
    if (points === allSizes) figures.push(...(await measureOpcUa(Number(seconds))));
    return figures;
  },
};
