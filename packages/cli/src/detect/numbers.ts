const plain = /^[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?$/i;
const withComma = /^[-+]?(?:\d+,\d*|,\d+)(?:e[-+]?\d+)?$/i;
const groupedByComma = /^[-+]?\d{1,3}(?:,\d{3})+(?:\.\d*)?$/;
const groupedByDot = /^[-+]?\d{1,3}(?:\.\d{3})+(?:,\d*)?$/;
/** Marks that stand between groups of three digits in many countries. */
const spaces = /(?<=\d)[\s\u00A0\u202F'\u2019](?=\d{3})/g;
const nothing = /^(?:|-|--|na|n\/a|nan|null|none|nil|#n\/a)$/i;

/**
 * The number in a cell: NaN when the cell is empty or says that there is none, undefined when it holds something else.
 * `comma` says that the file writes decimals with a comma.
 */
export function numberIn(cell: string, comma: boolean): number | undefined {
  if (!comma && plain.test(cell)) return finite(Number(cell));
  if (nothing.test(cell)) return Number.NaN;
  const text = cell.replaceAll(spaces, '').replace('\u2212', '-');
  const groups = comma ? groupedByDot : groupedByComma;
  if (groups.test(text)) return finite(Number(text.replaceAll(comma ? '.' : ',', '').replace(',', '.')));
  if (withComma.test(text)) return finite(Number(text.replace(',', '.')));
  return plain.test(text) ? finite(Number(text)) : undefined;
}

function finite(value: number): number | undefined {
  return Number.isFinite(value) ? value : undefined;
}

/** Collects, cell by cell, whether a file writes decimals with a comma. */
export class DecimalMark {
  #commas = 0;
  #points = 0;

  add(cell: string): void {
    if (withComma.test(cell) && !groupedByComma.test(cell)) this.#commas++;
    else if (cell.includes('.') && plain.test(cell) && !groupedByDot.test(cell)) this.#points++;
  }

  get comma(): boolean {
    return this.#commas > this.#points;
  }
}
