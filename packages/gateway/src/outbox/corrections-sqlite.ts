import { crc32 } from 'node:zlib';
import { decodePacked, packColumns } from '@plantroom/model/wire/frames';
import type { TimeCorrection } from './contract.ts';
import { notHanded } from './handed-sqlite.ts';
import { moveTimes } from './move-times.ts';
import type { SqliteSession } from './session-sqlite.ts';

/** A correction that is under way: rows between these two are still to be done. */
interface Pending extends TimeCorrection {
  readonly after: number;
  readonly before: number;
}

/** The key of the corrections under way in the log's state: after a power cut they go on. */
const stateKey = 'time-corrections';
/** Entries of one step, so that it does not hold up what is logged. */
const entriesAtOnce = 32;

/**
 * Puts telemetry that was logged at a wrong time to the right one, as long as nobody can have been given it: what may have
 * been sent is never rewritten. The caller opens the transaction.
 */
export class TimeCorrections {
  readonly #session: SqliteSession;

  constructor(session: SqliteSession) {
    this.#session = session;
  }

  /** Notes a correction of everything that was logged since its `from`, in rows up to `before` (exclusive). */
  begin(correction: TimeCorrection, before: number): void {
    this.#keep([...this.#pending(), { ...correction, after: 0, before }]);
  }

  /** Corrects some entries; false when there is nothing left to do. */
  step(): boolean {
    const [first, ...others] = this.#pending();
    if (!first) return false;
    const rows = this.#session.all(
      `SELECT rowid AS row, bytes, crc FROM entries WHERE lane = 'telemetry' AND history = 0 AND rowid > ? AND rowid < ?
       AND time >= ? AND ${notHanded} ORDER BY rowid LIMIT ?`,
      first.after,
      first.before,
      first.from,
      entriesAtOnce,
    );
    // Bytes that have changed on the disk are found, and counted, by who reads them.
    for (const { row, bytes, crc } of rows)
      if (bytes instanceof Uint8Array && crc32(bytes) === Number(crc)) this.#correct(Number(row), bytes, first);
    const last = rows.at(-1)?.row;
    this.#keep(rows.length === entriesAtOnce ? [{ ...first, after: Number(last) }, ...others] : others);
    return rows.length === entriesAtOnce || others.length > 0;
  }

  #correct(row: number, before: Uint8Array, correction: TimeCorrection): void {
    const frame = decodePacked(before);
    if (!frame) return;
    const samples = moveTimes(frame.samples, correction);
    const bytes = packColumns({ header: frame.header, samples });
    this.#session.run(
      `UPDATE entries SET bytes = ?1, size = ?2, crc = ?3, time = time + ?4, first = ?5, last = ?6 WHERE rowid = ?7`,
      bytes,
      bytes.length,
      crc32(bytes),
      correction.by,
      samples.times.reduce((least, time) => Math.min(least, time), Number.MAX_SAFE_INTEGER),
      samples.times.reduce((most, time) => Math.max(most, time), 0),
      row,
    );
    this.#session.run("UPDATE lanes SET bytes = bytes + ? WHERE lane = 'telemetry'", bytes.length - before.length);
  }

  #pending(): Pending[] {
    const text = this.#session.text('SELECT value FROM state WHERE key = ?', stateKey);
    try {
      return text === undefined ? [] : (JSON.parse(text) as Pending[]);
    } catch {
      // Damage: what is left to correct goes out as it is, marked, and the record of the correction with it.
      return [];
    }
  }

  #keep(pending: readonly Pending[]): void {
    this.#session.run('INSERT OR REPLACE INTO state VALUES (?, ?)', stateKey, JSON.stringify(pending));
  }
}
