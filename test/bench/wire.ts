import { systemClock } from '@plantroom/base';
import { decodeTelemetry, encodeTelemetry, type IndexedSample } from '@plantroom/model/wire';
import { demoMix, frameOf, regularReadings } from './demo-mix.ts';
import { atMost, type Bench, orientation } from './figure.ts';

function bytesASample(samples: readonly IndexedSample[]): number {
  return encodeTelemetry(frameOf(samples)).length / samples.length;
}

/** Nanoseconds a sample, the best of several rounds. */
function nanoseconds(samples: number, run: () => unknown): number {
  const rounds = Array.from({ length: 30 }, () => {
    const before = systemClock.monotonic();
    run();
    return systemClock.monotonic() - before;
  });
  return (Math.min(...rounds) / samples) * 1e6;
}

/** Bytes of payload on the wire, frame head included, and what packing costs beside plain JSON. */
export const bench: Bench = {
  about: 'bytes a sample on the wire and the cost of packing',
  async run() {
    const regular = regularReadings(100, 10);
    const mixed = demoMix(10);
    const live = demoMix(1);
    const frame = frameOf(mixed);
    const bytes = encodeTelemetry(frame);
    const json = nanoseconds(mixed.length, () => JSON.stringify(frame));
    return [
      atMost('100 points x 10 regular two-decimal readings', bytesASample(regular), 'bytes/sample', 1.5),
      atMost('demo building, 10 s of reported changes', bytesASample(mixed), 'bytes/sample', 3),
      atMost('demo building, every point once', bytesASample(live), 'bytes/sample', 4),
      orientation('the same changes as plain JSON rows', JSON.stringify(frame).length / mixed.length, 'bytes/sample'),
      orientation(
        'packing, ratio to JSON.stringify of the rows',
        nanoseconds(mixed.length, () => encodeTelemetry(frame)) / json,
        'x',
      ),
      orientation('unpacking, ratio to the same', nanoseconds(mixed.length, () => decodeTelemetry(bytes)) / json, 'x'),
    ];
  },
};
