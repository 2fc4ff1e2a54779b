import { readFileSync } from 'node:fs';
import { qualityOfCode } from '@plantroom/model';
import type { IndexedSample } from '@plantroom/model/wire';

/** Added to the recording's times, which count from its first sample. */
const start = Date.UTC(2026, 4, 12, 1, 0, 0);

/**
 * The first minute of `plantroom demo` as its gateway logged it, frame by frame: in the first each point once, then a second
 * each. A machine runs dry in it, none falls silent.
 */
export function demoMinute(): IndexedSample[][] {
  const [, ...lines] = readFileSync(new URL('./demo-minute.csv', import.meta.url), 'utf8')
    .trim()
    .split('\n');
  const rows = lines.map((line) => line.split(','));
  return [...Map.groupBy(rows, ([frame]) => frame).values()].map((frame) => frame.map(sampleOf));
}

function sampleOf([, index, after, lag, value, code, raw]: readonly string[]): IndexedSample {
  const time = start + Number(after);
  return {
    index: Number(index),
    time,
    gatewayTime: time + Number(lag),
    value: value === '' ? null : Number(value),
    ...qualityOfCode(Number(code)),
    ...(raw === '' ? {} : { raw: Number(raw) }),
  };
}
