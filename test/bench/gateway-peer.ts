// What stands for the cloud, in a process of its own: a broker that lets everybody in and an application that
// acknowledges every frame as the cloud does, without a store. It keeps the frames and unpacks them when it is asked
// what came, after the measurement.
import { once } from 'node:events';
import { createServer } from 'node:net';
import { systemClock } from '@plantroom/base';
import { decodeTelemetry, downTopic, parseUpTopic, peekHeader } from '@plantroom/model/wire';
import { Aedes } from 'aedes';

export interface PeerQuestion {
  /** Samples that the gateway read from then on and before; ms since 1970 UTC. */
  readonly from: number;
  readonly to: number;
}

export interface PeerAnswer {
  readonly samples: number;
  readonly notGood: number;
  /** Samples of a point and time that had come before. */
  readonly twice: number;
  readonly bytes: number;
}

/** Milliseconds that the cloud gathers frames for one commit. */
const commitPeriod = 50;

const broker = await Aedes.createBroker();
let telemetry: Buffer[] = [];
let waiting: Parameters<typeof acknowledge>[] = [];

function acknowledge(topic: string, epoch: string, lane: string, sequence: number): void {
  const payload = JSON.stringify({ epoch, lane, ranges: [[sequence, sequence]], rejected: [] });
  broker.publish({ cmd: 'publish', topic, payload, qos: 1, retain: false, dup: false }, () => {});
}

broker.on('publish', ({ topic, payload }) => {
  const from = parseUpTopic(topic);
  if (!from || !Buffer.isBuffer(payload) || (from.channel !== 'telemetry' && from.channel !== 'events')) return;
  const header = peekHeader(payload);
  if (!header) throw new Error(`a frame on ${topic} is not readable`);
  if (from.channel === 'telemetry') telemetry.push(payload);
  waiting.push([downTopic(from, 'acks'), header.epoch, header.lane, header.sequence]);
});
systemClock.every(commitPeriod, () => {
  const batch = waiting;
  waiting = [];
  for (const frame of batch) acknowledge(...frame);
});

function count({ from, to }: PeerQuestion): PeerAnswer {
  const seen = new Set<string>();
  const sum = { samples: 0, notGood: 0, twice: 0, bytes: 0 };
  for (const frame of telemetry) {
    const inside = decodeTelemetry(frame).samples.filter((s) => s.gatewayTime >= from && s.gatewayTime < to);
    sum.bytes += inside.length > 0 ? frame.length : 0;
    for (const { index, time, quality } of inside) {
      const key = `${index} ${time}`;
      sum.twice += seen.has(key) ? 1 : 0;
      seen.add(key);
      sum.samples++;
      sum.notGood += quality === 'good' ? 0 : 1;
    }
  }
  telemetry = [];
  return sum;
}

process.once('disconnect', () => process.exit(0));
process.on('message', (question: PeerQuestion) => process.send?.(count(question)));
const server = createServer((socket) => void broker.handle(socket));
server.listen(0, '127.0.0.1');
await once(server, 'listening');
const at = server.address();
process.send?.({ port: typeof at === 'object' ? at?.port : undefined });
