/** Inclusive ranges of whole numbers, kept sorted and merged; sequences that rise without holes take one range. */
export class RangeSet {
  readonly #ranges: { first: number; last: number }[] = [];

  has(n: number): boolean {
    const range = this.#ranges[this.#before(n)];
    return range !== undefined && n <= range.last;
  }

  add(first: number, last = first): void {
    let from = this.#before(first);
    const left = this.#ranges[from];
    if (!left || left.last < first - 1) from++;
    let to = from;
    let merged = { first, last };
    for (let next = this.#ranges[to]; next && next.first <= merged.last + 1; next = this.#ranges[++to])
      merged = { first: Math.min(merged.first, next.first), last: Math.max(merged.last, next.last) };
    this.#ranges.splice(from, to - from, merged);
  }

  ranges(): readonly { readonly first: number; readonly last: number }[] {
    return this.#ranges;
  }

  /** The index of the last range that begins at or before `n`; -1 if there is none. */
  #before(n: number): number {
    let low = 0;
    let high = this.#ranges.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#ranges[middle]?.first ?? 0) <= n) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }
}
