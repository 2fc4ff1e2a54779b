import type { Lane } from '@plantroom/model/wire';
import type { Books, SavedEntry } from './damaged-sqlite.ts';
import { entryColumns, entryValues } from './entries-sqlite.ts';
import { allHanded } from './handed-sqlite.ts';
import type { SqliteSession } from './session-sqlite.ts';

/** Fills a new log with entries of an old one, and its books with what both tell. */
export class SavedEntryTable {
  readonly #session: SqliteSession;

  constructor(session: SqliteSession) {
    this.#session = session;
  }

  /** Keeps an entry in its place; false when the old log held it twice. */
  keep(entry: SavedEntry): boolean {
    return (
      this.#session.run(
        `INSERT OR IGNORE INTO entries (rowid, ${entryColumns})
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
        ...entryValues(entry.row, entry.header, entry.bytes, entry.facts),
      ) > 0
    );
  }

  keepRejected(entry: SavedEntry): void {
    this.#session.run(
      `INSERT OR IGNORE INTO quarantine (${entryColumns}, code, reason) 
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      // Names come from the frame itself, whose checksum fits.
      ...entryValues(0, entry.header, entry.bytes, entry.facts).slice(1),
      entry.rejected?.code ?? '',
      entry.rejected?.reason ?? '',
    );
  }

  /** What the old log had given to its reader is not asked: all of it may have been sent. */
  markHanded(): void {
    this.#session.run(allHanded);
  }

  /**
   * Writes a lane's books so that they balance: what the old ones have more than was saved counts as corrupt. Gives what
   * is missing, `null` when the old books are not legible.
   */
  settle(lane: Lane, old: Books | undefined): { entries: number; items: number } | null {
    const sum = (what: string, table: string) =>
      this.#session.number(`SELECT coalesce(${what}, 0) FROM ${table} WHERE lane = ?`, lane) ?? 0;
    const entries = sum('count(*)', 'entries');
    const buffered = sum('sum(items)', 'entries');
    const quarantined = sum('sum(items)', 'quarantine');
    const missing = old && {
      entries: Math.max(0, old.entries - entries),
      items: Math.max(0, old.buffered + old.quarantined - buffered - quarantined),
    };
    const stored = old?.stored ?? 0;
    const { thinned = 0, dropped = 0 } = old ?? {};
    const corrupt = (old?.corrupt ?? 0) + (missing?.items ?? 0);
    this.#session.run(
      `UPDATE lanes SET entries = ?, bytes = ?, buffered = ?, quarantined = ?, stored = ?, thinned = ?, dropped = ?, corrupt = ?,
       produced = ? WHERE lane = ?`,
      entries,
      sum('sum(size)', 'entries'),
      buffered,
      quarantined,
      stored,
      thinned,
      dropped,
      corrupt,
      stored + buffered + quarantined + thinned + dropped + corrupt,
      lane,
    );
    return missing ?? null;
  }
}
