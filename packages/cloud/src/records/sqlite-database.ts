import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import { coerceError, errorCode, PlantroomError } from '@plantroom/base';
import { Kysely, SqliteDialect } from 'kysely';
import type { Tables } from './schema.ts';
import { migrate } from './sqlite-migrations.ts';

/** Statements that are kept prepared; the oldest goes first. */
const preparedLimit = 200;

/** Gives kysely's SQLite dialect the face that it expects, over node's own SQLite. */
class PreparedDatabase {
  readonly #database: DatabaseSync;
  readonly #prepared = new Map<string, PreparedStatement>();

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  prepare(sql: string): PreparedStatement {
    const known = this.#prepared.get(sql);
    if (known) return known;
    const statement = new PreparedStatement(this.#database, sql);
    const oldest = this.#prepared.size >= preparedLimit ? this.#prepared.keys().next().value : undefined;
    if (oldest !== undefined) this.#prepared.delete(oldest);
    this.#prepared.set(sql, statement);
    return statement;
  }

  close(): void {
    this.#prepared.clear();
    if (this.#database.isOpen) this.#database.close();
  }
}

class PreparedStatement {
  readonly #statement;
  /** Whether it gives rows. */
  readonly reader: boolean;

  constructor(database: DatabaseSync, sql: string) {
    this.#statement = database.prepare(sql);
    this.reader = this.#statement.columns().length > 0;
  }

  all(parameters: readonly unknown[]): unknown[] {
    return this.#statement.all(...(parameters as SQLInputValue[]));
  }

  run(parameters: readonly unknown[]): { changes: number | bigint; lastInsertRowid: number | bigint } {
    return this.#statement.run(...(parameters as SQLInputValue[]));
  }

  iterate(parameters: readonly unknown[]): IterableIterator<unknown> {
    return this.#statement.iterate(...(parameters as SQLInputValue[]));
  }
}

/**
 * Opens the records' file for this process alone and brings its tables up to date. A commit is on disk when it returns
 * (`synchronous=FULL`, which every open must say again). Throws PlantroomError `records-open`.
 */
export function openSqliteDatabase(file: string): { readonly db: Kysely<Tables>; close(): Promise<void> } {
  let database: DatabaseSync | undefined;
  try {
    mkdirSync(dirname(file), { recursive: true });
    database = new DatabaseSync(file, { timeout: 5000, enableForeignKeyConstraints: true });
    // Exclusive: the first transaction takes the file's lock and keeps it until the process ends.
    database.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL');
    migrate(database);
    const prepared = new PreparedDatabase(database);
    const db = new Kysely<Tables>({ dialect: new SqliteDialect({ database: prepared }) });
    const close = async () => {
      await db.destroy();
      // Kysely closes only what it has used.
      prepared.close();
    };
    return { db, close };
  } catch (thrown) {
    database?.close();
    if (thrown instanceof PlantroomError) throw thrown;
    const locked = errorCode(thrown) === 'ERR_SQLITE_ERROR' && /locked|busy/i.test(coerceError(thrown).message);
    throw new PlantroomError(
      'records-open',
      `the records in ${file} cannot be opened: ${coerceError(thrown).message}`,
      {
        hint: locked
          ? 'Another process has them open. Stop it; embedded records belong to exactly one process.'
          : 'Check the rights and the free space of the directory.',
        cause: thrown,
      },
    );
  }
}
