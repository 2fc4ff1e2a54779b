/** A table of aligned columns. */
export interface Columns {
  readonly head?: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** Columns, counted from 0, whose texts stand at the right. */
  readonly right?: readonly number[];
  readonly indent?: number;
}

/** The lines of the table; Chinese characters take two places, as terminals draw them. */
export function columns({ head, rows, right = [], indent = 0 }: Columns): string[] {
  const all = head ? [head, ...rows] : rows;
  const count = Math.max(0, ...all.map((row) => row.length));
  const widths = Array.from({ length: count }, (_, at) => Math.max(...all.map((row) => widthOf(row[at] ?? ''))));
  return all.map((row) => {
    const cells = widths.map((width, at) => {
      const text = row[at] ?? '';
      const space = ' '.repeat(width - widthOf(text));
      return right.includes(at) ? `${space}${text}` : `${text}${space}`;
    });
    return `${' '.repeat(indent)}${cells.join('  ')}`.trimEnd();
  });
}

const wide = /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/;

/** How many places a text takes on a terminal. */
export function widthOf(text: string): number {
  let width = 0;
  for (const mark of text) width += wide.test(mark) ? 2 : 1;
  return width;
}

/** A period or age in the unit that people would use: 250 ms, 2 s, 1.5 min, 3 h. */
export function duration(milliseconds: number): string {
  const steps: readonly [number, string][] = [
    [86_400_000, 'd'],
    [3_600_000, 'h'],
    [60_000, 'min'],
    [1000, 's'],
  ];
  const [size, unit] = steps.find(([limit]) => milliseconds >= limit) ?? [1, 'ms'];
  return `${Number((milliseconds / size).toFixed(milliseconds / size < 10 ? 1 : 0))} ${unit}`;
}

/** Up to four ids in full; of more the first two, the last and how many, with what they are. */
export function namesOf(ids: readonly string[], noun: string): string {
  return ids.length <= 4 ? ids.join(', ') : `${ids.slice(0, 2).join(', ')} ... ${ids.at(-1)} (${ids.length} ${noun})`;
}
