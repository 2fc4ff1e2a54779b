import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { seededRandom } from '@plantroom/base';
import { MultivariateDetector, UnivariateDetector, type UnivariateState } from '@plantroom/detection';
import { readCsv } from '../../packages/cli/src/detect/csv.ts';
import { numberIn } from '../../packages/cli/src/detect/numbers.ts';
import { survey } from '../../packages/cli/src/detect/survey.ts';
import { timeIn } from '../../packages/cli/src/detect/times.ts';
import { type Bench, type Figure, orientation } from './figure.ts';
import { type Injection, injections } from './injection.ts';
import { type BedFault, bedFaults, bedSensors, runTestBed } from './test-bed.ts';

const loads = [
  { name: 'a city', file: 'tetouan/tetouan.csv', time: 'DateTime', value: 'Total electricity', perHour: 6 },
  { name: 'a steel plant', file: 'steel/Steel_industry_data.csv', time: 'date', value: 'Usage_kWh', perHour: 4 },
] as const;
type Load = (typeof loads)[number];

/** Injections of each type, spread over the year; the first month is left to learn. */
const onsets = 40;
const month = 30 * 24;
const training = 400;
const runs = 10;

interface Reading {
  readonly time: number;
  readonly value: number;
}

async function readLoad(directory: string, { file, time, value }: Load): Promise<Reading[]> {
  const csv = { path: join(directory, file), separator: undefined };
  const layout = await survey(csv, { time, values: [value] });
  const readings: Reading[] = [];
  for await (const { cells } of readCsv(csv)) {
    const at = timeIn(cells[layout.time] ?? '', layout.timeFormat);
    const read = numberIn(cells[layout.values[0]?.at ?? 0] ?? '', layout.comma);
    if (at !== undefined && read !== undefined) readings.push({ time: at, value: read });
  }
  return readings;
}

/** One pass over the untouched year: its anomalies after the first month, and the detector's state at each onset. */
function healthy(readings: readonly Reading[], perHour: number) {
  const random = seededRandom(7);
  const last = readings.length - 20 * 24 * perHour;
  const at = () => Math.floor(month * perHour + random() * (last - month * perHour));
  const states = new Map(Array.from({ length: onsets }, (): [number, string] => [at(), '']));
  const detector = new UnivariateDetector();
  let anomalies = 0;
  for (const [row, { time, value }] of readings.entries()) {
    if (states.has(row)) states.set(row, JSON.stringify(detector.state()));
    if (detector.observe(time, value).anomaly && row >= month * perHour) anomalies++;
  }
  return { states, aMonth: anomalies / (readings.length / (month * perHour) - 1) };
}

/** Hours until each onset was found; Infinity when it was not, half an hour after its end at the latest. */
function inject(
  readings: readonly Reading[],
  states: ReadonlyMap<number, string>,
  { rows, value }: Injection,
  perHour: number,
) {
  const random = seededRandom(11);
  const delays = [...states].map(([onset, state]) => {
    const detector = new UnivariateDetector(undefined, JSON.parse(state) as UnivariateState);
    const length = rows(perHour, random);
    const first = readings[onset]?.value ?? 0;
    for (const [row, reading] of readings.slice(onset, onset + length + perHour / 2 + 1).entries()) {
      const read = row < length ? value(reading.value, row, perHour, first) : reading.value;
      if (detector.observe(reading.time, read).odd) return row / perHour;
    }
    return Number.POSITIVE_INFINITY;
  });
  return delays.sort((a, b) => a - b);
}

async function loadFigures(directory: string, load: Load): Promise<Figure[]> {
  const { name, perHour } = load;
  const readings = await readLoad(directory, load);
  const { states, aMonth } = healthy(readings, perHour);
  const figures = [orientation(`${name}, untouched: anomalies`, aMonth, 'a month')];
  for (const injection of injections) {
    const delays = inject(readings, states, injection, perHour);
    const found = delays.filter(Number.isFinite);
    figures.push(orientation(`${name}, ${injection.name}: found`, found.length / delays.length, ''));
    const median = found[found.length >> 1];
    if (median !== undefined) figures.push(orientation(`${name}, ${injection.name}: median delay`, median, 'h'));
  }
  return figures;
}

/** Rows of all runs with a fault: told rightly, told falsely, missed; and how often the first sensor named is one of it. */
function judgeBed(fault: BedFault | undefined) {
  const count = { right: 0, wrong: 0, missed: 0, healthy: 0, named: 0 };
  for (let seed = 1; seed <= runs; seed++) {
    const { rows, from, to } = runTestBed(seed, fault);
    const detector = new MultivariateDetector(bedSensors.length, training);
    for (const [row, values] of rows.entries()) {
      const { anomaly, blame } = detector.observe(values);
      const isFault = fault !== undefined && row >= from && row < to;
      if (row < training) continue;
      if (!isFault) count.healthy++;
      if (anomaly && !isFault) count.wrong++;
      if (!anomaly && isFault) count.missed++;
      if (!anomaly || !isFault) continue;
      count.right++;
      const sensors: readonly string[] = bedFaults[fault];
      if (sensors.includes(bedSensors[blame[0] ?? 0] ?? '')) count.named++;
    }
  }
  return count;
}

function bedFigures(): Figure[] {
  const faults = Object.keys(bedFaults) as BedFault[];
  const all = { right: 0, wrong: 0, missed: 0, healthy: 0 };
  const figures = faults.flatMap((fault) => {
    const { right, wrong, missed, healthy, named } = judgeBed(fault);
    all.right += right;
    all.wrong += wrong;
    all.missed += missed;
    all.healthy += healthy;
    return [
      orientation(`test bed, ${fault}: F1 of rows`, (2 * right) / (2 * right + wrong + missed), ''),
      orientation(`test bed, ${fault}: first sensor named is right`, right > 0 ? named / right : 0, ''),
    ];
  });
  const { wrong, healthy } = judgeBed(undefined);
  return [
    ...figures,
    orientation('test bed, all faults: F1 of rows', (2 * all.right) / (2 * all.right + all.wrong + all.missed), ''),
    orientation('test bed, all faults: healthy rows told', all.wrong / all.healthy, ''),
    orientation('test bed, no fault: healthy rows told', wrong / healthy, ''),
  ];
}

/** `--data DIR` holds tetouan/ and steel/ (UCI 849 and 851); what is not there is left out. */
export const bench: Bench = {
  about: 'the detectors that learn on injected faults: two public loads, and a simulated test bed of a pump',
  async run({ data }) {
    const figures = bedFigures();
    for (const load of loads)
      if (data && existsSync(join(data, load.file))) figures.push(...(await loadFigures(data, load)));
    return figures;
  },
};
