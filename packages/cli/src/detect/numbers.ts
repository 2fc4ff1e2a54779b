const plain = /^[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?$/i;
const withComma = /^[-+]?(?:\d+,\d*|,\d+)(?:e[-+]?\d+)?$/i;
const groupedByComma = /^[-+]?\d{1,3}(?:,\d{3})+(?:\.\d*)?$/;
const groupedByDot = /^[-+]?\d{1,3}(?:\.\d{3})+(?:,\d*)?$/;
/** Marks that stand between groups of three digits in many countries. */
const spaces = /(?<=\d)[\s\u00A0\u202F'\u2019](?=\d{3})/g;
const nothing = /^(?:|-|--|na|n\/a|nan|null|none|nil|#n\/a)$/i;

/**
 * The number in a cell: NaN when the cell is empty or says that there is none, undefined when it holds something else or more
 * than `largestNumber`.
 * `comma` says that the file writes decimals with a comma, `grouped` that it marks thousands with the other mark, which then
 * is no decimal one.
 */
export function numberIn(cell: string, comma: boolean, grouped = false): number | undefined {
  if (!comma && plain.test(cell)) return judgeable(Number(cell));
  if (nothing.test(cell)) return Number.NaN;
  const text = cell.replaceAll(spaces, '').replace('\u2212', '-');
  const groups = comma ? groupedByDot : groupedByComma;
  if (groups.test(text)) return judgeable(Number(text.replaceAll(comma ? '.' : ',', '').replace(',', '.')));
  if (grouped && text.includes(comma ? '.' : ',')) return undefined;
  if (withComma.test(text)) return judgeable(Number(text.replace(',', '.')));
  return plain.test(text) ? judgeable(Number(text)) : undefined;
}

/** The detectors take no larger magnitude: its square has to be a number too. */
export const largestNumber = 1e30;

function judgeable(value: number): number | undefined {
  return Math.abs(value) <= largestNumber ? value : undefined;
}

/** Collects, cell by cell, whether the head of a file writes decimals with a comma. */
export class DecimalMark {
  #commas = 0;
  #points = 0;
  #commaGroups = 0;
  #pointGroups = 0;

  add(cell: string): void {
    if (groupedByComma.test(cell)) this.#commaGroups++;
    if (groupedByDot.test(cell)) this.#pointGroups++;
    if (withComma.test(cell) && !groupedByComma.test(cell)) this.#commas++;
    else if (cell.includes('.') && plain.test(cell) && !groupedByDot.test(cell)) this.#points++;
  }

  get comma(): boolean {
    return this.#commas > this.#points;
  }

  /** Whether thousands have a mark, as in 1,234. */
  get grouped(): boolean {
    return (this.comma ? this.#pointGroups : this.#commaGroups) > 0;
  }
}
