import { crc32 } from 'node:zlib';
import type { FrameHeader, Lane } from '@plantroom/model/wire';
import type { LaneStats, NextQuery, SequenceRange, StoredEntry } from './contract.ts';
import type { Row, SqliteSession } from './session-sqlite.ts';

export const entryColumns =
  'lane, sequence, history, revision, time, first, last, items, size, crc, bytes, epoch, thinned, stage';

/** What the log knows of a frame without unpacking it. */
export interface EntryFacts {
  readonly history: boolean;
  /** Samples or events in it. */
  readonly items: number;
  /** Time of the first and the last item; ms since 1970 UTC. */
  readonly times: SequenceRange;
  readonly loggedAt: number;
  /** Samples that it stands for beside its own items: their minimum, mean, maximum and count. */
  readonly thinned?: number;
  /** How far it was thinned: 0 not, 1 by the minute, 2 by the quarter of an hour. */
  readonly stage?: number;
}

/** An entry without its bytes. */
export interface RowFacts {
  readonly row: number;
  readonly epoch: string;
  readonly sequence: number;
  readonly revision: string;
  readonly items: number;
  readonly thinned: number;
  readonly size: number;
  readonly times: SequenceRange;
  readonly loggedAt: number;
}

/** A row as it was read back; `sound` is false when its bytes are not those that were written. */
export interface ReadEntry {
  readonly entry: StoredEntry;
  /** What is lost with it: its own items and those it stands for. */
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
    this.#session.run(insertion, ...entryValues(this.#nextRow++, header, bytes, facts));
    this.#session.run(
      `UPDATE lanes SET next = next + 1, produced = produced + ?1, buffered = buffered + ?1, entries = entries + 1,
       bytes = bytes + ?2 WHERE lane = ?3`,
      facts.items,
      bytes.length,
      header.lane,
    );
  }

  /** Books samples that no entry holds, under a sequence of their own. */
  lose(lane: Lane, items: number): void {
    this.#session.run(
      'UPDATE lanes SET next = next + 1, produced = produced + ?1, dropped = dropped + ?1 WHERE lane = ?2',
      items,
      lane,
    );
  }

  /** Puts an entry that stands for others in the place of the first of them. */
  replace(rows: readonly RowFacts[], header: FrameHeader, bytes: Buffer, facts: EntryFacts): void {
    const sum = (of: (row: RowFacts) => number) => rows.reduce((total, row) => total + of(row), 0);
    for (const { row } of rows) this.#session.run('DELETE FROM entries WHERE rowid = ?', row);
    this.#session.run(insertion, ...entryValues(rows[0]?.row ?? this.#nextRow++, header, bytes, facts));
    this.#session.run(
      `UPDATE lanes SET next = next + 1, buffered = buffered - ?1, thinned = thinned + ?1, entries = entries + ?2,
       bytes = bytes + ?3 WHERE lane = ?4`,
      sum((r) => r.items),
      1 - rows.length,
      bytes.length - sum((r) => r.size),
      header.lane,
    );
  }

  /** Notes that rows are as thin as this stage makes them. */
  pass(rows: readonly RowFacts[], stage: number): void {
    for (const { row } of rows) this.#session.run('UPDATE entries SET stage = ? WHERE rowid = ?', stage, row);
  }

  read(query: NextQuery): ReadEntry[] {
    return this.#session
      .all(
        `SELECT rowid AS row, epoch, lane, sequence, revision, crc, first, last, items, thinned, bytes FROM entries
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
      `SELECT count(*) AS entries, coalesce(sum(items), 0) AS items, coalesce(sum(thinned), 0) AS thinned,
       coalesce(sum(size), 0) AS bytes FROM entries WHERE ${where}`,
      epoch,
      lane,
      from,
      to,
    );
    const items = Number(sums?.items);
    // Samples that were thinned are lost with what stood for them.
    const lost = fate === 'dropped' || fate === 'corrupt' ? Number(sums?.thinned) : 0;
    this.#session.run(`DELETE FROM entries WHERE ${where}`, epoch, lane, from, to);
    this.#session.run(
      `UPDATE lanes SET ${fate} = ${fate} + ?1 + ?5, thinned = thinned - ?5, buffered = buffered - ?1,
       entries = entries - ?2, bytes = bytes - ?3 WHERE lane = ?4`,
      items,
      Number(sums?.entries),
      Number(sums?.bytes),
      lane,
      lost,
    );
    return items + lost;
  }

  /** The oldest telemetry that meets a condition, `limit` entries at most. */
  oldestTelemetry(which: string, limit: number): RowFacts[] {
    return this.#session
      .all(
        `SELECT ${rowFactColumns} FROM entries WHERE lane = 'telemetry' AND history = 0 AND ${which}
         ORDER BY rowid LIMIT ?`,
        limit,
      )
      .map(rowFacts);
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

const insertion = `INSERT INTO entries (rowid, ${entryColumns})
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`;

/** In the order of the columns, the row before them. */
export function entryValues(row: number, header: FrameHeader, bytes: Buffer, facts: EntryFacts) {
  const { history, loggedAt, times, items, thinned = 0, stage = 0 } = facts;
  const { lane, sequence, revision, epoch } = header;
  const own = [
    lane,
    sequence,
    history ? 1 : 0,
    revision,
    loggedAt,
    ...times,
    items,
    bytes.length,
    crc32(bytes),
  ] as const;
  return [row, ...own, bytes, epoch, thinned, stage] as const;
}

export const rowFactColumns = 'rowid AS row, epoch, sequence, revision, items, thinned, size, first, last, time';

export function rowFacts(row: Row): RowFacts {
  return {
    row: Number(row.row),
    epoch: String(row.epoch),
    sequence: Number(row.sequence),
    revision: String(row.revision),
    items: Number(row.items),
    thinned: Number(row.thinned),
    size: Number(row.size),
    times: [Number(row.first), Number(row.last)],
    loggedAt: Number(row.time),
  };
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
    items: Number(row.items) + Number(row.thinned),
    times: [Number(row.first), Number(row.last)],
    sound: crc32(bytes) === Number(row.crc),
  };
}
