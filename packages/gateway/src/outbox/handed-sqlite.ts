import { isDiskTrouble } from './damage.ts';
import type { SqliteSession } from './session-sqlite.ts';

/** Rows are marked this many at a time, so that reading costs a sync to disk only now and then. */
const block = 64;
/** Blocks that are remembered as marked; the others are marked once more. */
const mostKnown = 10_000;

/**
 * Which telemetry may have been sent: rows that were given to a reader. The cloud may have stored them although its answer
 * was lost, so they are never thinned, or their samples would count twice. Known on disk before the reader has them, or, when
 * the disk takes no writes, before anything is thinned again.
 */
export class HandedRows {
  readonly #session: SqliteSession;
  readonly #known = new Set<number>();
  readonly #open = new Set<number>();

  constructor(session: SqliteSession) {
    this.#session = session;
  }

  add(rows: readonly number[]): void {
    for (const row of rows) {
      const its = Math.floor(row / block);
      if (!this.#known.has(its)) this.#open.add(its);
    }
    try {
      this.settle();
    } catch (thrown) {
      // A log that cannot be written to must still be read, or it would never be emptied.
      if (!isDiskTrouble(thrown)) throw thrown;
    }
  }

  /** Writes what is not on the disk yet. */
  settle(): void {
    if (this.#open.size === 0) return;
    this.#session.together(() => {
      for (const b of this.#open)
        this.#session.run(
          'INSERT INTO handed VALUES (?, ?) ON CONFLICT (first) DO UPDATE SET last = max(last, excluded.last)',
          b * block,
          (b + 1) * block - 1,
        );
      // What is before the first entry that is left has gone its way.
      this.#session.run(
        "DELETE FROM handed WHERE last < (SELECT min(rowid) FROM entries WHERE lane = 'telemetry' AND history = 0)",
      );
    });
    if (this.#known.size > mostKnown) this.#known.clear();
    for (const b of this.#open) this.#known.add(b);
    this.#open.clear();
  }
}

/** The first row from this one on that shares its block with nothing that may have been sent: entries there can be corrected. */
export function freshRow(session: SqliteSession, row: number): number {
  const handed = session.number('SELECT max(last) FROM handed WHERE ? BETWEEN first AND last', row);
  return handed === undefined ? row : handed + 1;
}

/** Marks all rows that are there: of a log whose reader is not known. */
export const allHanded = 'INSERT OR REPLACE INTO handed SELECT 0, coalesce(max(rowid), 0) FROM entries';
/** A condition on entries. */
export const notHanded = 'NOT EXISTS (SELECT 1 FROM handed WHERE entries.rowid BETWEEN handed.first AND handed.last)';
