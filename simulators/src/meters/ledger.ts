import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { quarter } from '../building/local-time.ts';
import { type HistoryOptions, quarterHours } from './history.ts';
import { type MeterId, meterIds } from './load-model.ts';
import { floorToQuarter, type Readings } from './readings.ts';

/** Readings at one quarter of an hour, kWh. */
export interface QuarterReadings {
  time: number;
  readings: Readings;
}

/**
 * True readings at every quarter of an hour: before the live registers began from the pure history, after that from what
 * they really showed, kept in `readings.csv`.
 */
export class ReadingLedger {
  readonly #file: string;
  readonly #options: HistoryOptions;
  readonly #live: QuarterReadings[];
  #past: QuarterReadings[] | undefined;
  #next: number;

  constructor(directory: string, options: HistoryOptions) {
    this.#file = join(directory, 'readings.csv');
    this.#options = options;
    this.#live = existsSync(this.#file) ? parse(readFileSync(this.#file, 'utf8')) : [];
    this.#next = (this.#live.at(-1)?.time ?? floorToQuarter(options.end)) + quarter;
  }

  /** Notes the readings when `at` has reached the next quarter of an hour; call it in every step. */
  note(at: number, readings: () => Readings): void {
    if (at < this.#next) return;
    const entry = { time: floorToQuarter(at), readings: readings() };
    this.#next = entry.time + quarter;
    this.#live.push(entry);
    const figures = meterIds.map((id) => entry.readings[id].toFixed(4));
    appendFileSync(this.#file, `${entry.time},${figures.join(',')}\n`);
  }

  /** Readings from `from` to `to` (both included), oldest first. */
  between(from: number, to: number): QuarterReadings[] {
    this.#past ??= [...quarterHours(this.#options)];
    return [...this.#past, ...this.#live].filter(({ time }) => time >= from && time <= to);
  }
}

function parse(text: string): QuarterReadings[] {
  const out: QuarterReadings[] = [];
  for (const line of text.split('\n')) {
    const [time, ...figures] = line.split(',').map(Number);
    // The last line may be cut short by a power cut.
    if (time === undefined || figures.length !== meterIds.length || figures.some(Number.isNaN)) continue;
    out.push({
      time,
      readings: Object.fromEntries(meterIds.map((id, i) => [id, figures[i]])) as Record<MeterId, number>,
    });
  }
  return out;
}
