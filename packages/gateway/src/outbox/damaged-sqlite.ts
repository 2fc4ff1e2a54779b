import { DatabaseSync } from 'node:sqlite';
import { crc32 } from 'node:zlib';
import type { FrameHeader, GapRecord, Lane } from '@plantroom/model/wire';
import { peekHeader } from '@plantroom/model/wire/frames';
import type { LaneBooks } from './contract.ts';
import type { EntryFacts } from './entries-sqlite.ts';
import { type Hole, readAround } from './read-around.ts';
import { type Row, SqliteSession } from './session-sqlite.ts';

/** An entry that was read whole: its checksum fits and its own header names it. */
export interface SavedEntry {
  readonly row: number;
  readonly header: FrameHeader;
  readonly bytes: Buffer;
  readonly facts: EntryFacts;
  /** Why the cloud rejected it, for one from quarantine. */
  readonly rejected?: { readonly code: string; readonly reason: string };
}

export type Books = Readonly<Record<'entries' | keyof LaneBooks, number>>;

const facts = 'history, time, first, last, items, crc, bytes';
/** The first layout of the file whose entries may stand for thinned samples. */
const thinningLayout = 4;

/** Reads from a broken log what can be read; nothing it does throws for the file's sake, and the file stays as it is. */
export class DamagedLog {
  readonly #session: SqliteSession | undefined;

  constructor(file: string) {
    this.#session = open(file);
  }

  /** Whom the log belongs to; undefined when that is not legible. */
  owner(): string | undefined {
    return this.#try((s) => s.text("SELECT value FROM about WHERE name = 'owner'"));
  }

  /** What had been dropped or lost before and was not yet said, because no model revision was in use. */
  gaps(): readonly GapRecord[] {
    const text = this.#try((s) => s.text("SELECT value FROM about WHERE name = 'gaps'"));
    const parsed: unknown = text === undefined ? undefined : parseJson(text);
    return Array.isArray(parsed) ? parsed : [];
  }

  books(lane: Lane): Books | undefined {
    const row = this.#try((s) => s.get('SELECT * FROM lanes WHERE lane = ?', lane));
    const of = (name: string) => Number(row?.[name]);
    const books = {
      entries: of('entries'),
      produced: of('produced'),
      stored: of('stored'),
      buffered: of('buffered'),
      quarantined: of('quarantined'),
      dropped: of('dropped'),
      // A file of an earlier layout does not have these.
      thinned: Number(row?.thinned ?? 0),
      corrupt: Number(row?.corrupt ?? 0),
    };
    return Object.values(books).every((n) => Number.isSafeInteger(n) && n >= 0) ? books : undefined;
  }

  /** Entries in the order of logging; gives the holes, and rows whose bytes are no longer those that were written. */
  entries(take: (entry: SavedEntry) => void): readonly Hole[] {
    return this.#walk(`SELECT rowid AS row, ${facts}, ${this.#thinning()} FROM entries`, (row) => {
      const entry = savedEntry(row);
      if (entry) take(entry);
      return entry !== undefined;
    });
  }

  quarantine(take: (entry: SavedEntry) => void): void {
    this.#walk(`SELECT rowid AS row, ${facts}, ${this.#thinning()}, code, reason FROM quarantine`, (row) => {
      const entry = savedEntry(row);
      const rejected = { code: String(row.code), reason: String(row.reason) };
      if (entry) take({ ...entry, rejected });
      return entry !== undefined;
    });
  }

  state(take: (key: string, value: string) => void): void {
    this.#texts('SELECT rowid AS row, key AS name, value AS content FROM state', take);
  }

  models(take: (revision: string, content: string) => void): void {
    this.#texts('SELECT rowid AS row, revision AS name, content FROM models', take);
  }

  #thinning(): string {
    const layout = this.#try((s) => s.number('PRAGMA user_version')) ?? thinningLayout;
    return layout >= thinningLayout ? 'thinned, stage' : '0 AS thinned, 0 AS stage';
  }

  close(): void {
    this.#try((s) => s.close());
  }

  /** Texts that are JSON still; anything else is damage. */
  #texts(sql: string, take: (name: string, content: string) => void): void {
    this.#walk(sql, ({ name, content }) => {
      const sound = typeof name === 'string' && typeof content === 'string' && parseJson(content) !== undefined;
      if (sound) take(name, content);
      return sound;
    });
  }

  #walk(sql: string, take: (row: Row) => boolean): readonly Hole[] {
    const session = this.#session;
    if (!session) return [{ from: 1, to: undefined }];
    const from = (row: number) => numbered(session.each(`${sql} WHERE rowid >= ? ORDER BY rowid`, row));
    const unsound: Hole[] = [];
    const holes = readAround(from, ({ row, content }) => {
      if (!take(content)) unsound.push({ from: row, to: row + 1 });
    });
    return [...holes, ...unsound].sort((a, b) => a.from - b.from);
  }

  #try<T>(read: (session: SqliteSession) => T): T | undefined {
    try {
      return this.#session && read(this.#session);
    } catch {
      return undefined;
    }
  }
}

function open(file: string): SqliteSession | undefined {
  try {
    // Reading only keeps the write-ahead log beside the file, as evidence.
    return new SqliteSession(new DatabaseSync(file, { readOnly: true }));
  } catch {
    return undefined;
  }
}

function* numbered(rows: Iterable<Row>): Generator<{ row: number; content: Row }> {
  for (const content of rows) yield { row: Number(content.row), content };
}

function savedEntry(row: Row): SavedEntry | undefined {
  if (!(row.bytes instanceof Uint8Array)) return undefined;
  const bytes = Buffer.from(row.bytes);
  if (crc32(bytes) !== Number(row.crc)) return undefined;
  const header = peekHeader(bytes);
  const numbers = [row.time, row.first, row.last, row.items, row.thinned, row.stage].map(Number);
  const [loggedAt = 0, first = 0, last = 0, items = 0, thinned = 0, stage = 0] = numbers;
  if (!header || !numbers.every(Number.isSafeInteger)) return undefined;
  return {
    row: Number(row.row),
    header,
    bytes,
    facts: { history: Number(row.history) === 1, items, times: [first, last], loggedAt, thinned, stage },
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
