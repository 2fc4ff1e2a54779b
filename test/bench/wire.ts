import { zstdCompressSync } from 'node:zlib';
import { systemClock } from '@plantroom/base';
import { qualityCode } from '@plantroom/model';
import { decodeColumns, encodeTelemetry, type IndexedSample, packSamples } from '@plantroom/model/wire';
import { encodePacked } from '@plantroom/model/wire/frames';
import { demoMinute } from './demo-minute.ts';
import { demoMix, frameOf, regularReadings } from './demo-mix.ts';
import { atMost, type Bench, type Figure, orientation } from './figure.ts';

const bytesOf = (samples: readonly IndexedSample[]) => encodeTelemetry(frameOf(samples)).length;
const bytesASample = (samples: readonly IndexedSample[]) => bytesOf(samples) / samples.length;

/** Codec 1 as it was written: columns in JSON, packed with zstd at its default level. */
function columnarJson(samples: readonly IndexedSample[]): Buffer {
  const { header } = frameOf(samples);
  const columns = {
    points: samples.map((s) => s.index),
    times: samples.map((s, n) => s.time - (samples[n - 1]?.time ?? 0)),
    lags: samples.map((s) => s.gatewayTime - s.time),
    values: samples.map((s) => s.value),
    qualities: samples.map(qualityCode),
  };
  return zstdCompressSync(Buffer.from(JSON.stringify({ header, ...columns })));
}

const jsonBytesASample = (samples: readonly IndexedSample[]) => columnarJson(samples).length / samples.length;

/** Microseconds a sample, the best of several rounds. */
function microseconds(samples: number, run: () => unknown): number {
  const rounds = Array.from({ length: 100 }, () => {
    const before = systemClock.monotonic();
    run();
    return systemClock.monotonic() - before;
  });
  return (Math.min(...rounds) / samples) * 1000;
}

function costs(samples: readonly IndexedSample[]): Figure[] {
  const frame = frameOf(samples);
  const packed = packSamples(samples);
  const bytes = encodePacked(frame.header, packed);
  const json = microseconds(samples.length, () => JSON.stringify(frame));
  const pack = microseconds(samples.length, () => encodePacked(frame.header, packed));
  const unpack = microseconds(samples.length, () => decodeColumns(bytes));
  return [
    orientation('packing the changes', pack, 'µs/sample'),
    orientation('unpacking them into columns', unpack, 'µs/sample'),
    orientation('packing, ratio to JSON.stringify of the rows', pack / json, 'x'),
    orientation('unpacking, ratio to the same', unpack / json, 'x'),
  ];
}

/** Bytes of payload on the wire, head and header included, and what packing costs beside plain JSON. */
export const bench: Bench = {
  about: 'bytes a sample on the wire and the cost of packing',
  async run() {
    const regular = regularReadings(100, 10);
    const mixed = demoMix(10);
    const [live = [], ...seconds] = demoMinute();
    const minute = [live, ...seconds].flat();
    const later = seconds.flat();
    const sent = (frames: readonly IndexedSample[][]) => frames.reduce((sum, frame) => sum + bytesOf(frame), 0);
    return [
      atMost('100 points x 10 regular two-decimal readings', bytesASample(regular), 'bytes/sample', 1.5),
      atMost('a mixed plant, 10 s of reported changes', bytesASample(mixed), 'bytes/sample', 3),
      atMost('the demo building recorded, every point once', bytesASample(live), 'bytes/sample', 4),
      orientation('the readings as columnar JSON in zstd', jsonBytesASample(regular), 'bytes/sample'),
      orientation('the changes as columnar JSON in zstd', jsonBytesASample(mixed), 'bytes/sample'),
      orientation('every point once as columnar JSON in zstd', jsonBytesASample(live), 'bytes/sample'),
      orientation('the demo building, a minute in one frame', bytesASample(minute), 'bytes/sample'),
      orientation('the demo building, later frames of a second', sent(seconds) / later.length, 'bytes/sample'),
      orientation('samples in such a frame, mean', later.length / seconds.length, 'samples'),
      ...costs(mixed),
    ];
  },
};
