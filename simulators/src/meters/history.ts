import { writeFile } from 'node:fs/promises';
import { day, quarter } from '../building/local-time.ts';
import { createWeather } from '../building/weather.ts';
import { createLoadModel, type MeterId, meterIds } from './load-model.ts';
import { addEnergy, firstReadings, floorToQuarter, nightOfTheChillers, type Readings } from './readings.ts';

export interface HistoryOptions {
  seed: number;
  /** Instant at which the live registers begin; history ends at the full quarter of an hour before it. */
  end: number;
  days: number;
}

/** One row of history: kWh for `energyImport`, °C for `temperature`. */
export interface HistoryRow {
  time: number;
  equipment: string;
  point: 'energyImport' | 'temperature';
  value: number;
}

/** Spans without readings, as a dead link leaves them; the registers count on behind them. Days and hours before the end. */
const gaps: readonly { meter: MeterId; daysBefore: number; hours: number }[] = [
  { meter: 'tenant-mid', daysBefore: 12.4, hours: 3 },
  { meter: 'lift-meter', daysBefore: 25.2, hours: 0.5 },
];

function isGap(meter: MeterId, time: number, end: number): boolean {
  return gaps.some((gap) => {
    const from = end - gap.daysBefore * day;
    return gap.meter === meter && time >= from && time < from + gap.hours * 3_600_000;
  });
}

/**
 * True readings at each quarter of an hour from `days` before the end up to it, oldest first. A pure function of its
 * options; the last readings are what the live registers begin with.
 */
export function* quarterHours(options: HistoryOptions): Generator<{ time: number; readings: Readings }> {
  const { seed, days } = options;
  const model = createLoadModel(seed, createWeather(seed));
  const end = floorToQuarter(options.end);
  const leftOn = [nightOfTheChillers(end)];
  const readings = firstReadings(seed);
  for (let time = end - days * day; time <= end; time += quarter) {
    yield { time, readings: { ...readings } };
    if (time < end) addEnergy(readings, model, time, time + quarter, leftOn);
  }
}

/** What a data logger would have written: the readings without the gaps, and the outdoor temperature. */
export function* historyRows(options: HistoryOptions): Generator<HistoryRow> {
  const weather = createWeather(options.seed);
  const end = floorToQuarter(options.end);
  for (const { time, readings } of quarterHours(options)) {
    for (const meter of meterIds) {
      if (isGap(meter, time, end)) continue;
      yield { time, equipment: meter, point: 'energyImport', value: round(readings[meter], 3) };
    }
    yield { time, equipment: 'outdoor', point: 'temperature', value: round(weather.temperature(time), 2) };
  }
}

/** Writes the history as CSV (`time,equipment,point,value`); gives the number of rows. */
export async function writeHistory(file: string, options: HistoryOptions): Promise<number> {
  const lines = ['time,equipment,point,value'];
  let last = Number.NaN;
  let text = '';
  for (const row of historyRows(options)) {
    if (row.time !== last) {
      last = row.time;
      text = new Date(row.time).toISOString();
    }
    lines.push(`${text},${row.equipment},${row.point},${row.value}`);
  }
  await writeFile(file, `${lines.join('\n')}\n`);
  return lines.length - 1;
}

function round(value: number, digits: number): number {
  const scale = 10 ** digits;
  return Math.round(value * scale) / scale;
}
