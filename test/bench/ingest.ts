import { join } from 'node:path';
import { silentLogger, systemClock } from '@plantroom/base';
import { startCloud } from '@plantroom/cloud';
import type { ModelRevision } from '@plantroom/model';
import {
  decodeColumns,
  encodeEvents,
  encodeTelemetry,
  type FrameHeader,
  type IndexedSample,
} from '@plantroom/model/wire';
import { temporaryDirectory } from '@plantroom/testing';
import { openDuckdbStore } from '../../packages/cloud/src/time-series/duckdb-store.ts';
import { type Bench, type Figure, orientation } from './figure.ts';
import { BenchGateway } from './gateway.ts';

const address = { site: 'bench', gateway: 'gw-1' } as const;
const epoch = 'bench-epoch';
const revision = 'bench-revision';
const points = 500;
const startTime = Date.UTC(2026, 4, 12);
/** As many frames as a gateway keeps in flight. */
const inFlight = 16;

const model: ModelRevision = {
  revision,
  gateway: address.gateway,
  site: { id: address.site, name: { en: 'Bench', zh: '测试' }, timezone: 'UTC' },
  equipment: [],
  points: Array.from({ length: points }, (_, n) => ({
    equipment: `meter-${Math.floor(n / 10)}`,
    point: `value[${n % 10}]`,
    period: 1000,
    maximumSilence: 60_000,
  })),
  catalogue: [],
};

function headerOf(lane: FrameHeader['lane'], sequence: number): FrameHeader {
  return { ...address, epoch, lane, sequence, revision };
}

function samplesOf(sequence: number, size: number): IndexedSample[] {
  return Array.from({ length: size }, (_, n) => {
    const time = startTime + sequence * 10_000 + Math.floor(n / points) * 1000;
    return {
      index: n % points,
      time,
      gatewayTime: time,
      value: ((sequence * 7 + n * 13) % 9973) / 100,
      quality: 'good',
    };
  });
}

/** Samples a second when the store is written to directly, in batches as large as the window. */
async function bareStore(directory: string, frames: number, size: number): Promise<number> {
  const store = await openDuckdbStore(directory);
  const batches = Array.from({ length: Math.ceil(frames / inFlight) }, (_, b) =>
    Array.from({ length: Math.min(inFlight, frames - b * inFlight) }, (_, n) => {
      const sequence = b * inFlight + n + 1;
      const frame = encodeTelemetry({ header: headerOf('telemetry', sequence), samples: samplesOf(sequence, size) });
      const { samples } = decodeColumns(frame);
      const series = samples.points.flatMap((index) => {
        const { equipment, point } = model.points[index] ?? {};
        return equipment && point ? [{ site: address.site, equipment, point, kind: 'energy-meter' as const }] : [];
      });
      return { frame: { ...address, epoch, sequence }, samples: { ...samples, series } };
    }),
  );
  const began = systemClock.monotonic();
  for (const batch of batches) await store.write(batch);
  const seconds = (systemClock.monotonic() - began) / 1000;
  await store.close();
  return (frames * size) / seconds;
}

/** Samples a second from an MQTT frame to its acknowledgement after the commit, at most 16 frames in flight. */
async function throughTheCloud(directory: string, frames: number, size: number): Promise<number> {
  const cloud = await startCloud({ dataDirectory: directory, logger: silentLogger });
  const secret = await cloud.enrolGateway(address.site, address.gateway);
  const gateway = await BenchGateway.connect(cloud.mqttPort, address, secret);
  await gateway.deliver(
    'events',
    [encodeEvents({ header: headerOf('events', 1), events: [{ type: 'model', model }] })],
    1,
  );
  const encoded = Array.from({ length: frames }, (_, n) =>
    encodeTelemetry({ header: headerOf('telemetry', n + 1), samples: samplesOf(n + 1, size) }),
  );
  const began = systemClock.monotonic();
  await gateway.deliver('telemetry', encoded, inFlight);
  const seconds = (systemClock.monotonic() - began) / 1000;
  await gateway.close();
  await cloud.stop();
  return (frames * size) / seconds;
}

async function measure(frames: number, size: number): Promise<Figure[]> {
  using folder = temporaryDirectory('plantroom-bench');
  const bare = await bareStore(join(folder.path, 'bare'), frames, size);
  const through = await throughTheCloud(join(folder.path, 'cloud'), frames, size);
  return [
    orientation(`ingest, ratio to the bare store, ${size} samples a frame`, through / bare, 'x'),
    orientation(`ingest, frame to acknowledgement, ${size} samples a frame`, through, 'samples/s'),
  ];
}

/** The embedded store; the budget of the design is stated for InfluxDB, so these figures have no target. */
export const bench: Bench = {
  about: 'MQTT frame to committed in DuckDB and acknowledged, beside the bare store in the same process',
  run: async () => [...(await measure(300, 1000)), ...(await measure(60, 5000))],
};
