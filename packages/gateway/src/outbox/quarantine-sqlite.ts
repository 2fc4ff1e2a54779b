import type { RejectionCode } from '@plantroom/model/wire';
import type { EntryName, RejectedChoice, RejectedEntry, SequenceRange } from './contract.ts';
import { entryColumns } from './entries-sqlite.ts';
import type { Row, SqliteSession } from './session-sqlite.ts';

/** A rejected entry with the times of its content. */
export interface RejectedRow extends RejectedEntry {
  readonly times: SequenceRange;
  /** Samples that it stands for beside its own. */
  readonly thinned: number;
}

/** The table of what the cloud rejected, with the books of its lanes; the caller opens the transaction. */
export class QuarantineTable {
  readonly #session: SqliteSession;

  constructor(session: SqliteSession) {
    this.#session = session;
  }

  /** Copies an entry here, with the cloud's reason. */
  keep({ epoch, lane, sequence }: EntryName, code: RejectionCode, reason: string): void {
    this.#session.run(
      `INSERT OR IGNORE INTO quarantine (${entryColumns}, code, reason) SELECT ${entryColumns}, ?, ? FROM entries
       WHERE epoch = ? AND lane = ? AND sequence = ?`,
      code,
      reason,
      epoch,
      lane,
      sequence,
    );
  }

  /** In the order of their coming, `limit` at most. */
  list(limit: number): RejectedRow[] {
    return this.#session
      .all(
        `SELECT epoch, lane, sequence, code, reason, items, size, time, first, last, thinned FROM quarantine
         ORDER BY rowid LIMIT ?`,
        limit,
      )
      .map(rejectedRow);
  }

  one({ epoch, lane, sequence }: EntryName): RejectedRow | undefined {
    const row = this.#session.get(
      `SELECT epoch, lane, sequence, code, reason, items, size, time, first, last, thinned FROM quarantine
       WHERE epoch = ? AND lane = ? AND sequence = ?`,
      epoch,
      lane,
      sequence,
    );
    return row && rejectedRow(row);
  }

  /** Telemetry that was logged since then and refused for what it says, such as its time. */
  refused(since: number): EntryName[] {
    return this.#session
      .all(
        `SELECT epoch, sequence FROM quarantine WHERE lane = 'telemetry' AND time >= ? AND code IN ('invalid', 'too-old')
         ORDER BY rowid`,
        since,
      )
      .map(({ epoch, sequence }) => ({ epoch: String(epoch), lane: 'telemetry', sequence: Number(sequence) }));
  }

  /** Entries that `release` would put back. */
  count(which: RejectedChoice): number {
    if (which === 'all') return this.#session.number('SELECT count(*) FROM quarantine') ?? 0;
    return this.one(which) ? 1 : 0;
  }

  /** Puts entries back among those that wait, from the given row on, where a reader has yet to come. */
  release(which: RejectedChoice, row: number): void {
    const [where, values] = whereOf(which);
    this.#session.run(
      `INSERT INTO entries (rowid, ${entryColumns})
       SELECT ? + row_number() OVER (ORDER BY rowid), ${entryColumns} FROM quarantine WHERE ${where}`,
      row - 1,
      ...values,
    );
    const sums = `(SELECT lane, count(*) AS entries, sum(items) AS items, sum(size) AS bytes FROM quarantine
      WHERE ${where} GROUP BY lane)`;
    this.#session.run(
      `UPDATE lanes SET buffered = buffered + s.items, quarantined = quarantined - s.items,
       entries = lanes.entries + s.entries, bytes = lanes.bytes + s.bytes FROM ${sums} s WHERE s.lane = lanes.lane`,
      ...values,
    );
    this.#session.run(`DELETE FROM quarantine WHERE ${where}`, ...values);
  }

  /** Gives one entry up. */
  drop({ epoch, lane, sequence, items, thinned }: RejectedRow): void {
    const [where, values] = whereOf({ epoch, lane, sequence });
    this.#session.run(`DELETE FROM quarantine WHERE ${where}`, ...values);
    this.#session.run(
      `UPDATE lanes SET dropped = dropped + ?1 + ?3, quarantined = quarantined - ?1, thinned = thinned - ?3
       WHERE lane = ?2`,
      items,
      lane,
      thinned,
    );
  }
}

function whereOf(which: RejectedChoice): [string, (string | number)[]] {
  if (which === 'all') return ['1', []];
  return ['epoch = ? AND lane = ? AND sequence = ?', [which.epoch, which.lane, which.sequence]];
}

function rejectedRow(row: Row): RejectedRow {
  return {
    epoch: String(row.epoch),
    lane: row.lane === 'events' ? 'events' : 'telemetry',
    sequence: Number(row.sequence),
    code: String(row.code),
    reason: String(row.reason),
    items: Number(row.items),
    bytes: Number(row.size),
    loggedAt: Number(row.time),
    times: [Number(row.first), Number(row.last)],
    thinned: Number(row.thinned),
  };
}
