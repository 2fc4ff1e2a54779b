import type { DatabaseSync, StatementSync } from 'node:sqlite';

type Value = string | number | Uint8Array;
export type Row = Record<string, unknown>;

/** A database with its prepared statements kept, and transactions that nest into one. */
export class SqliteSession {
  readonly #database: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();
  #inside = false;

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  /** Runs everything in `run` as one transaction: one sync to disk for all of it. */
  together<T>(run: () => T): T {
    if (this.#inside) return run();
    this.#inside = true;
    try {
      this.#database.exec('BEGIN IMMEDIATE');
      const result = run();
      this.#database.exec('COMMIT');
      return result;
    } catch (thrown) {
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
      throw thrown;
    } finally {
      this.#inside = false;
    }
  }

  /** Runs several statements that give nothing back. */
  script(sql: string): void {
    this.#database.exec(sql);
  }

  /** Gives the number of rows changed. */
  run(sql: string, ...values: Value[]): number {
    return Number(this.#statement(sql).run(...values).changes);
  }

  all(sql: string, ...values: Value[]): Row[] {
    return this.#statement(sql).all(...values);
  }

  /** Rows one by one; a statement of its own, so that walks may overlap. */
  *each(sql: string, ...values: Value[]): Generator<Row> {
    yield* this.#database.prepare(sql).iterate(...values);
  }

  get(sql: string, ...values: Value[]): Row | undefined {
    return this.#statement(sql).get(...values);
  }

  /** The first column of the first row. */
  number(sql: string, ...values: Value[]): number | undefined {
    const first = this.#first(sql, values);
    return first == null ? undefined : Number(first);
  }

  text(sql: string, ...values: Value[]): string | undefined {
    const first = this.#first(sql, values);
    return first == null ? undefined : String(first);
  }

  close(): void {
    this.#database.close();
  }

  #first(sql: string, values: Value[]): unknown {
    const row = this.get(sql, ...values);
    return row && Object.values(row)[0];
  }

  #statement(sql: string): StatementSync {
    const known = this.#statements.get(sql);
    if (known) return known;
    const statement = this.#database.prepare(sql);
    this.#statements.set(sql, statement);
    return statement;
  }
}
