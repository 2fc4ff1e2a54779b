import type { Books } from './plant.ts';

/** What becomes of what was produced. */
export const fates = ['stored', 'buffered', 'quarantined', 'thinned', 'dropped', 'corrupt'] as const;
export type Fates = Readonly<Record<'produced' | (typeof fates)[number], number>>;

/** Whether `produced = stored + buffered + quarantined + thinned + dropped + corrupt`. */
export function balanced(books: Books): boolean {
  return books.produced === fates.reduce((sum, fate) => sum + (books[fate] ?? 0), 0);
}

/** What came to the books between two looks. */
export function since(before: Books, after: Books): Fates {
  const names = ['produced', ...fates] as const;
  return Object.fromEntries(names.map((name) => [name, (after[name] ?? 0) - (before[name] ?? 0)])) as Fates;
}

/** What is no longer there, each time with a gap record. */
export const goneOf = (books: Fates) => books.dropped + books.corrupt;
