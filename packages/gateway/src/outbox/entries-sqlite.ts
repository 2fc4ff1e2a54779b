import { crc32 } from 'node:zlib';
import type { FrameHeader, Lane } from '@plantroom/model/wire';
import type { LaneStats, NextQuery, SequenceRange, StoredEntry } from './contract.ts';
import type { Row, SqliteSession } from './session-sqlite.ts';

export const entryColumns = 'lane, sequence, history, revision, time, first, last, items, size, crc, bytes, epoch';

/** What the log knows of a frame without unpacking it. */
export interface EntryFacts {
  readonly history: boolean;
  /** Samples or events in it. */
  readonly items: number;
  /** Time of the first and the last item; ms since 1970 UTC. */
  readonly times: SequenceRange;
  readonly loggedAt: number;
}

/** A row as it was read back; `sound` is false when its bytes are not those that were written. */
export interface ReadEntry {
  readonly entry: StoredEntry;
  readonly items: number;
  readonly times: SequenceRange;
  readonly sound: boolean;
}

export type Fate = 'stored' | 'quarantined' | 'dropped' | 'corrupt';

/** The table of entries with the books of its lanes; the caller opens the transaction. */
export class EntryTable {
  readonly #session: SqliteSession;
  /**
   * The row that the next entry gets. Counted here, for SQLite would give a row again once all entries are gone, and
   * readers remember how far they came.
   */
  #nextRow: number;

  constructor(session: SqliteSession, nextRow: number) {
    this.#session = session;
    this.#nextRow = nextRow;
  }

  get nextRow(): number {
    return this.#nextRow;
  }

  /** Gives `count` rows away, and the first of them. */
  takeRows(count: number): number {
    this.#nextRow += count;
    return this.#nextRow - count;
  }

  nextSequence(lane: Lane): number {
    return this.#session.number('SELECT next FROM lanes WHERE lane = ?', lane) ?? 1;
  }

  insert(header: FrameHeader, bytes: Buffer, facts: EntryFacts): void {
    this.#session.run(
      `INSERT INTO entries (rowid, ${entryColumns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      this.#nextRow++,
      header.lane,
      header.sequence,
      facts.history ? 1 : 0,
      header.revision,
      facts.loggedAt,
      facts.times[0],
      facts.times[1],
      facts.items,
      bytes.length,
      crc32(bytes),
      bytes,
      header.epoch,
    );
    this.#session.run(
      `UPDATE lanes SET next = next + 1, produced = produced + ?1, buffered = buffered + ?1, entries = entries + 1,
       bytes = bytes + ?2 WHERE lane = ?3`,
      facts.items,
      bytes.length,
      header.lane,
    );
  }

  read(query: NextQuery): ReadEntry[] {
    return this.#session
      .all(
        `SELECT rowid AS row, epoch, lane, sequence, revision, crc, first, last, items, bytes FROM entries
         WHERE lane = ? AND history = ? AND rowid > ? AND rowid < ? ORDER BY rowid LIMIT ?`,
        query.lane,
        query.history ? 1 : 0,
        query.after,
        query.before ?? Number.MAX_SAFE_INTEGER,
        query.limit,
      )
      .map(readEntry);
  }

  /** Takes entries out and books where they went; what is not there (a repeated acknowledgement) counts nothing. */
  take(epoch: string, lane: Lane, [from, to]: SequenceRange, fate: Fate): number {
    const where = 'epoch = ? AND lane = ? AND sequence BETWEEN ? AND ?';
    const sums = this.#session.get(
      `SELECT count(*) AS entries, coalesce(sum(items), 0) AS items, coalesce(sum(size), 0) AS bytes FROM entries WHERE ${where}`,
      epoch,
      lane,
      from,
      to,
    );
    const items = Number(sums?.items);
    this.#session.run(`DELETE FROM entries WHERE ${where}`, epoch, lane, from, to);
    this.#session.run(
      `UPDATE lanes SET ${fate} = ${fate} + ?1, buffered = buffered - ?1, entries = entries - ?2, bytes = bytes - ?3
       WHERE lane = ?4`,
      items,
      Number(sums?.entries),
      Number(sums?.bytes),
      lane,
    );
    return items;
  }

  /** The oldest telemetry of one epoch, `limit` entries at most: their epoch, range of sequences and of times. */
  oldestTelemetry(limit: number): { epoch: string; sequences: SequenceRange; times: SequenceRange } | undefined {
    const row = this.#session.get(
      `WITH oldest AS (SELECT epoch, sequence, first, last FROM entries WHERE lane = 'telemetry' AND history = 0
         ORDER BY rowid LIMIT ?)
       SELECT epoch, min(sequence) AS "from", max(sequence) AS "to", min(first) AS first, max(last) AS last
       FROM oldest WHERE epoch = (SELECT epoch FROM oldest LIMIT 1) GROUP BY epoch`,
      limit,
    );
    if (row?.from == null) return undefined;
    return {
      epoch: String(row.epoch),
      sequences: [Number(row.from), Number(row.to)],
      times: [Number(row.first), Number(row.last)],
    };
  }

  stats(lane: Lane): LaneStats {
    const row = this.#session.get('SELECT * FROM lanes WHERE lane = ?', lane);
    return {
      next: Number(row?.next),
      entries: Number(row?.entries),
      bytes: Number(row?.bytes),
      produced: Number(row?.produced),
      stored: Number(row?.stored),
      buffered: Number(row?.buffered),
      quarantined: Number(row?.quarantined),
      thinned: Number(row?.thinned),
      dropped: Number(row?.dropped),
      corrupt: Number(row?.corrupt),
      oldest: this.#oldest(lane),
      quarantinedEntries: this.#session.number('SELECT count(*) FROM quarantine WHERE lane = ?', lane) ?? 0,
    };
  }

  #oldest(lane: Lane): number | null {
    const firstOf = (history: number) =>
      this.#session.number(
        'SELECT time FROM entries WHERE lane = ? AND history = ? ORDER BY rowid LIMIT 1',
        lane,
        history,
      );
    const times = [firstOf(0), firstOf(1)].filter((t) => t !== undefined);
    return times.length > 0 ? Math.min(...times) : null;
  }
}

function readEntry(row: Row): ReadEntry {
  const bytes = row.bytes instanceof Uint8Array ? row.bytes : new Uint8Array();
  return {
    entry: {
      row: Number(row.row),
      epoch: String(row.epoch),
      lane: row.lane === 'events' ? 'events' : 'telemetry',
      sequence: Number(row.sequence),
      revision: String(row.revision),
      bytes,
    },
    items: Number(row.items),
    times: [Number(row.first), Number(row.last)],
    sound: crc32(bytes) === Number(row.crc),
  };
}
