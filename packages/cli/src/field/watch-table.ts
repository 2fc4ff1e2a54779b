import type { Reading } from '@plantroom/drivers';
import { type KindName, kinds, pointDefinition } from '@plantroom/model';
import { columns, duration } from './columns.ts';
import { round } from './scale-hint.ts';

interface Cell {
  readonly reading: Reading;
  readonly words: readonly number[] | undefined;
  /** Monotonic ms at which it was heard. */
  readonly heard: number;
}

/** An equipment to watch, and the points that are expected of it. */
export interface Watched {
  readonly equipment: string;
  readonly kind: KindName;
  readonly points: readonly string[];
}

/** The newest reading of each point, and what each silent equipment's last failure was. */
export class WatchTable {
  readonly #watched: readonly Watched[];
  readonly #cells = new Map<string, Cell>();
  readonly #failures = new Map<string, string>();

  constructor(watched: readonly Watched[]) {
    this.#watched = watched;
  }

  note(reading: Reading, heard: number, words?: readonly number[]): void {
    this.#cells.set(`${reading.equipment} ${reading.point}`, { reading, words, heard });
    this.#failures.delete(reading.equipment);
  }

  fail(equipment: string, what: string): void {
    this.#failures.set(equipment, what);
  }

  /** Every equipment has been heard, or has failed. */
  get complete(): boolean {
    return this.#watched.every(
      ({ equipment, points }) =>
        this.#failures.has(equipment) || points.some((point) => this.#cells.has(`${equipment} ${point}`)),
    );
  }

  /** Nothing has failed and no value is bad for another reason than that the device does not have it. */
  get sound(): boolean {
    const bad = [...this.#cells.values()].filter(
      ({ reading }) => reading.quality === 'bad' && reading.reason !== 'not-available',
    );
    return this.#failures.size === 0 && bad.length === 0;
  }

  /** The table at a moment (monotonic ms), cut to so many lines; failures stand first. */
  lines(now: number, most = Number.POSITIVE_INFINITY): string[] {
    const failures = [...this.#failures].map(([equipment, what]) => `! ${equipment}: ${what}`);
    const table = columns({
      head: ['equipment', 'point', 'value', 'unit', 'raw', 'quality', 'age'],
      rows: this.#watched.flatMap((watched) => watched.points.map((point) => this.#row(watched, point, now))),
      right: [2, 6],
    });
    const all = [...failures, ...table];
    if (all.length <= most) return all;
    const rest = all.length - most + 1;
    return [...all.slice(0, most - 1), `... and ${rest} more lines: --equipment ID shows one equipment`];
  }

  #row({ equipment, kind }: Watched, point: string, now: number): string[] {
    const cell = this.#cells.get(`${equipment} ${point}`);
    if (!cell) return [equipment, point, '', '', '', 'not yet heard', ''];
    const { value, unit } = valueText(kind, cell.reading);
    return [equipment, point, value, unit, rawText(cell), qualityText(cell.reading), duration(now - cell.heard)];
  }
}

/** The value as the dashboard shows it, a state by its name. */
export function valueText(kind: KindName, { point, value }: Reading): { value: string; unit: string } {
  const definition = pointDefinition(kinds[kind], point);
  if (value === null) return { value: '-', unit: '' };
  if (definition?.type === 'state') return { value: definition.states[value]?.en ?? String(value), unit: '' };
  return { value: round(value, definition?.type === 'counter' ? 12 : 5), unit: definition?.unit ?? '' };
}

export function qualityText({ quality, reason }: Reading): string {
  return reason === undefined ? quality : `${quality}: ${reason}`;
}

/** The registers as on the wire, else the code that the protocol gave. */
function rawText({ words, reading }: Cell): string {
  return words ? wordsText(words) : reading.raw === undefined ? '' : String(reading.raw);
}

/** As a protocol analyser shows it: `4366 199A`. */
export function wordsText(words: readonly number[]): string {
  return words.map((word) => word.toString(16).toUpperCase().padStart(4, '0')).join(' ');
}
