import type { ModelRevision } from '@plantroom/model';
import { encodeEvents, encodeTelemetry, type FrameHeader, type IndexedSample } from '@plantroom/model/wire';

/** Gateways that send at the same time, and the points of each: 2,000 series together. */
export const gateways = 8;
export const pointsEach = 250;
const site = 'bench';
const epoch = 'bench-epoch';
const startTime = Date.UTC(2026, 4, 12);
const pointsOfMeter = 10;

export const gatewayId = (gateway: number) => `gw-${gateway}`;
export const addressOf = (gateway: number) => ({ site, gateway: gatewayId(gateway) });
const equipmentOf = (gateway: number, index: number) => `meter-${gateway}-${Math.floor(index / pointsOfMeter)}`;
const pointOf = (index: number) => `value[${index % pointsOfMeter}]`;

/** Two decimals, as a meter gives them; another value at each time. */
const valueAt = (gateway: number, index: number, tick: number) =>
  ((gateway * 131 + index * 37 + tick * 7919) % 99_991) / 100;

function modelOf(gateway: number): ModelRevision {
  const meters = Array.from({ length: pointsEach / pointsOfMeter }, (_, n) => equipmentOf(gateway, n * pointsOfMeter));
  return {
    revision: 'bench-revision',
    gateway: gatewayId(gateway),
    site: { id: site, name: { en: 'Bench', zh: '测试' }, timezone: 'UTC' },
    equipment: meters.map((id) => ({
      ...{
        id,
        kind: 'energy-meter',
        name: { en: id, zh: id },
        place: { en: '', zh: '' },
        profile: 'bench',
        connection: 'bus',
      },
      ratings: {},
    })),
    points: Array.from({ length: pointsEach }, (_, index) => ({
      ...{ equipment: equipmentOf(gateway, index), point: pointOf(index), period: 1000, maximumSilence: 60_000 },
    })),
    catalogue: [],
  };
}

function headerOf(gateway: number, lane: FrameHeader['lane'], sequence: number): FrameHeader {
  return { ...addressOf(gateway), epoch, lane, sequence, revision: 'bench-revision' };
}

/** The frame that tells the cloud what the others mean. */
export function modelFrame(gateway: number): Buffer {
  return encodeEvents({
    header: headerOf(gateway, 'events', 1),
    events: [{ type: 'model', model: modelOf(gateway) }],
  });
}

/** A frame of `size` samples: all points of the gateway at as many times as it takes. */
export function telemetryFrame(gateway: number, sequence: number, size: number): Buffer {
  const ticks = size / pointsEach;
  const samples = Array.from({ length: size }, (_, n): IndexedSample => {
    const index = Math.floor(n / ticks);
    const tick = sequence * ticks + (n % ticks);
    const time = startTime + tick * 1000;
    return { index, time, gatewayTime: time, value: valueAt(gateway, index, tick), quality: 'good' };
  });
  return encodeTelemetry({ header: headerOf(gateway, 'telemetry', sequence), samples });
}

/** The same samples as lines, each point at twenty times: 5,000 lines of one gateway. */
export function bareLines(gateway: number, batch: number): string {
  const ticks = 20;
  let lines = '';
  for (let index = 0; index < pointsEach; index++) {
    const head = `energy-meter,site=${site},equipment=${equipmentOf(gateway, index)},point=${pointOf(index)}`;
    for (let n = 0; n < ticks; n++) {
      const tick = batch * ticks + n;
      lines += `${head} value=${valueAt(gateway, index, tick)},quality=0i ${startTime + tick * 1000}\n`;
    }
  }
  return lines;
}
