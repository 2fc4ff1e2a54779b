import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { systemClock } from '@plantroom/base';
import { temporaryDirectory, until } from '@plantroom/testing';
import { atLeast, atMost, type Bench, type Figure, orientation } from './figure.ts';
import { BenchChild } from './gateway-child.ts';
import { benchItems, meterProfileText, opcuaSite } from './gateway-opcua-nodes.ts';
import type { PeerAnswer, PeerQuestion } from './gateway-peer.ts';
import { GatewayProcess } from './gateway-process.ts';

const second = 1000;
/** Seconds to come up to speed, and for the last samples to arrive. */
const warmUp = 10;
const settle = 3;

/** CPU of a gateway that reads 2,000 items at 1 Hz from a server in another process, all of the line on. */
export async function measureOpcUa(seconds: number): Promise<Figure[]> {
  using folder = temporaryDirectory('plantroom-bench');
  const { child: serverChild, port: server } = await BenchChild.start('gateway-opcua-server.ts');
  using _server = serverChild;
  const { child, port } = await BenchChild.start<PeerQuestion, PeerAnswer>('gateway-peer.ts');
  using peer = child;
  const path = (name: string) => join(folder.path, name);
  writeFileSync(path('meter.yaml'), meterProfileText());
  writeFileSync(path('site.yaml'), opcuaSite(server, './meter.yaml'));
  writeFileSync(path('secret'), 'any');
  const cloud = ['--cloud', `mqtt://127.0.0.1:${port}`, '--secret-file', path('secret')];
  const running = await GatewayProcess.start(path('site.yaml'), ['--data', path('data'), ...cloud]);
  try {
    const started = async () => ((await running.metrics()).get('plantroom_samples') ?? 0) > 0;
    await until('the gateway has logged samples', started, { timeout: 60_000, every: 200 });
    await systemClock.sleep(warmUp * second);
    const before = await running.metrics();
    const from = systemClock.now();
    await systemClock.sleep(seconds * second);
    const to = systemClock.now();
    const after = await running.metrics();
    const { now } = running.memory();
    await systemClock.sleep(settle * second);
    const { samples, notGood, twice } = await peer.ask({ from, to });
    const cpu = (after.get('process_cpu_seconds_total') ?? 0) - (before.get('process_cpu_seconds_total') ?? 0);
    const named = (what: string) => `${benchItems} OPC UA items: ${what}`;
    return [
      atLeast(named('share of changes that arrived'), (samples * second) / (benchItems * (to - from)), 'x', 0.99),
      atMost(named('CPU seconds a minute, gateway'), (cpu * 60 * second) / (to - from), 's', 2),
      orientation(named('memory'), now, 'MiB'),
      atMost(named('samples that are not good, or came twice'), notGood + twice, '', 0),
    ];
  } finally {
    await running.stop();
  }
}

/** The same figures alone; `--seconds` is how long it is measured. */
export const bench: Bench = {
  about:
    'OPC UA items that change each second, read over one session, judged, watched, logged with fsync and acknowledged',
  run: ({ seconds = '30' }) => measureOpcUa(Number(seconds)),
};
