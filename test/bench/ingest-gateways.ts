// Gateways in a process of their own: frames that were packed before go out, 16 of each gateway in flight.
import { systemClock } from '@plantroom/base';
import { BenchGateway } from './gateway.ts';
import type { IngestAnswer } from './ingest-bare.ts';
import { addressOf, gateways, modelFrame, telemetryFrame } from './ingest-plant.ts';

export interface GatewaysQuestion {
  readonly port: number;
  readonly secrets: readonly string[];
  /** Samples of a frame. */
  readonly size: number;
  /** Frames of each gateway that are packed. */
  readonly frames: number;
  readonly seconds: number;
}

const inFlight = 16;

async function deliver({ port, secrets, size, frames, seconds }: GatewaysQuestion): Promise<IngestAnswer> {
  const all = await Promise.all(secrets.map((secret, n) => BenchGateway.connect(port, addressOf(n), secret)));
  await Promise.all(all.map((gateway, n) => gateway.deliver('events', [modelFrame(n)], 1)));
  const packed = Array.from({ length: gateways }, (_, gateway) =>
    Array.from({ length: frames }, (_, n) => telemetryFrame(gateway, n + 1, size)),
  );
  const [began, cpu] = [systemClock.monotonic(), process.cpuUsage()];
  const isOver = () => systemClock.monotonic() - began >= seconds * 1000;
  const sent = await Promise.all(all.map((g, n) => g.deliver('telemetry', packed[n] ?? [], inFlight, isOver)));
  const elapsed = systemClock.monotonic() - began;
  const { user, system } = process.cpuUsage(cpu);
  await Promise.all(all.map((gateway) => gateway.close()));
  const samples = sent.reduce((sum, n) => sum + n, 0) * size;
  return { elapsed, samples, cpu: (user + system) / samples };
}

process.once('disconnect', () => process.exit(0));
process.on('message', (question: GatewaysQuestion) => void deliver(question).then((answer) => process.send?.(answer)));
process.send?.({});
