// What stands for the cloud, in a process of its own: a broker that lets everybody in and an application that
// acknowledges every frame as the cloud does, without a store. It keeps the frames and unpacks them when it is asked
// what came, after the measurement.
import { once } from 'node:events';
import { createServer } from 'node:net';
import { systemClock } from '@plantroom/base';
import {
  decodeTelemetry,
  downTopic,
  type GatewayStatus,
  type IndexedSample,
  parseUpTopic,
  peekHeader,
} from '@plantroom/model/wire';
import { Aedes } from 'aedes';

export interface PeerQuestion {
  /**
   * Samples that the gateway read from then on and before, ms since 1970 UTC; moved by less than a second to where the
   * fewest are read, so that no round of readings is cut.
   */
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
const lullWidth = 20;
/** Milliseconds by which a sample's time may lie behind the window, for a number that tells samples apart. */
const longestLag = 10_000;

const broker = await Aedes.createBroker();
let telemetry: Buffer[] = [];
let waiting: Parameters<typeof acknowledge>[] = [];

function acknowledge(topic: string, epoch: string, lane: string, sequence: number): void {
  answer(topic, { epoch, lane, ranges: [[sequence, sequence]], rejected: [] });
}

/** Tells the time to who asks for it. */
function tellTime(topic: string, { epoch, question }: GatewayStatus): void {
  if (question === undefined) return;
  answer(topic, { epoch, lane: 'events', ranges: [], rejected: [], clock: { question, time: systemClock.now() } });
}

function answer(topic: string, content: object): void {
  const payload = JSON.stringify(content);
  broker.publish({ cmd: 'publish', topic, payload, qos: 1, retain: false, dup: false }, () => {});
}

broker.on('publish', ({ topic, payload }) => {
  const from = parseUpTopic(topic);
  if (from?.channel === 'status') tellTime(downTopic(from, 'acks'), JSON.parse(payload.toString()));
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

/** The 20 ms of a second in which the fewest samples were read; ms. */
function lull(samples: readonly IndexedSample[]): number {
  const reads = new Array<number>(1000 / lullWidth).fill(0);
  for (const { gatewayTime } of samples) {
    const at = Math.floor((gatewayTime % 1000) / lullWidth);
    reads[at] = (reads[at] ?? 0) + 1;
  }
  return reads.indexOf(Math.min(...reads)) * lullWidth + lullWidth / 2;
}

function count({ from, to }: PeerQuestion): PeerAnswer {
  const frames = telemetry.map((bytes) => ({ bytes, samples: decodeTelemetry(bytes).samples }));
  telemetry = [];
  const moved = (lull(frames.flatMap((f) => f.samples)) - (from % 1000) + 1000) % 1000;
  const seen = new Set<number>();
  const sum = { samples: 0, notGood: 0, twice: 0, bytes: 0 };
  for (const { bytes, samples } of frames) {
    const inside = samples.filter((s) => s.gatewayTime >= from + moved && s.gatewayTime < to + moved);
    sum.bytes += (bytes.length * inside.length) / samples.length;
    for (const { index, time, quality } of inside) {
      const key = index * (to - from + longestLag) + time - from;
      sum.twice += seen.has(key) ? 1 : 0;
      seen.add(key);
      sum.samples++;
      sum.notGood += quality === 'good' ? 0 : 1;
    }
  }
  return sum;
}

process.once('disconnect', () => process.exit(0));
process.on('message', (question: PeerQuestion) => process.send?.(count(question)));
const server = createServer((socket) => void broker.handle(socket));
server.listen(0, '127.0.0.1');
await once(server, 'listening');
const at = server.address();
process.send?.({ port: typeof at === 'object' ? at?.port : undefined });
