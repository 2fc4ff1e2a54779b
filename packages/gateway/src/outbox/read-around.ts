/** Rows that could not be read: from one number up to, not including, another; no end when nothing came after. */
export interface Hole {
  readonly from: number;
  readonly to: number | undefined;
}

/** Row numbers lie below this; a file of ours has no greater one. */
const beyond = 2 ** 48;

/**
 * Gives all rows that can be read, in order, and passes around those that cannot: `from` reads rows from a number on and
 * throws where the table is broken. Looks for the end of a broken part with steps that double, then halves back to its
 * edge, so a part of n rows costs about 2 log2(n) tries. Gives the holes.
 */
export function readAround<R extends { readonly row: number }>(
  from: (row: number) => Iterable<R>,
  take: (row: R) => void,
): Hole[] {
  const holes: Hole[] = [];
  let at = 1;
  for (;;) {
    try {
      for (const row of from(at)) {
        // A broken page may name any row; going back would never end.
        if (!(row.row >= at && row.row < beyond)) throw new RangeError('row out of order');
        take(row);
        at = row.row + 1;
      }
      return holes;
    } catch {
      const to = readableAfter(from, at);
      holes.push({ from: at, to });
      if (to === undefined) return holes;
      at = to;
    }
  }
}

function readableAfter<R extends { readonly row: number }>(
  from: (row: number) => Iterable<R>,
  broken: number,
): number | undefined {
  let step = 1;
  while (!isReadable(from, broken + step)) {
    step *= 2;
    if (step > beyond) return undefined;
  }
  let bad = broken + Math.floor(step / 2);
  let good = broken + step;
  while (good - bad > 1) {
    const middle = Math.floor((good + bad) / 2);
    if (isReadable(from, middle)) good = middle;
    else bad = middle;
  }
  return good;
}

function isReadable<R extends { readonly row: number }>(from: (row: number) => Iterable<R>, at: number): boolean {
  try {
    for (const row of from(at)) return row.row >= at && row.row < beyond;
    return true;
  } catch {
    return false;
  }
}
