import type { IndexedSample, TelemetryFrame } from '../samples.ts';

const start = Date.UTC(2026, 4, 12, 1, 0, 0);

/** A meter read each second, a state, a float, a full double, a dead device with its code, a clock that runs ahead. */
const samples: readonly IndexedSample[] = [
  ...[230.11, 230.12, 230.05, 230.12].map((value, n) => plain(0, start + n * 1000, value)),
  ...[0, 1, 0].map((value, n) => plain(1, start + n * 2000, value)),
  plain(3, start, Math.fround(0.1)),
  plain(3, start + 1000, Math.fround(0.3)),
  plain(7, start, Math.PI),
  { ...plain(9, start, 0), value: null, quality: 'bad', reason: 'device-exception', raw: 11 },
  { ...plain(9, start + 3000, -40.5), quality: 'uncertain', reason: 'clock', gatewayTime: start + 2500 },
  plain(1_000, start + 40, 123_456_789.25),
];

function plain(index: number, time: number, value: number): IndexedSample {
  return { index, time, gatewayTime: time + 2, value, quality: 'good' };
}

/** What the golden files hold, each as its codec wrote it when it was frozen. */
export const goldenFrame: TelemetryFrame = {
  header: {
    site: 'harbour-tower',
    gateway: 'gw-1',
    epoch: '215f320da52ce3ad',
    lane: 'telemetry',
    sequence: 4711,
    revision: 'da93ca3e2e499d1deb119447c6abac2d',
  },
  samples,
};
