import { createHash } from 'node:crypto';
import { PlantroomError } from '@plantroom/base';
import type { ClientBase } from 'pg';
import { migrationsOf } from './migrations.ts';
import type { Words } from './tables-plant.ts';

/** Text is compared byte by byte, as SQLite does it, whatever the database's own collation. */
const words: Words = { text: 'text COLLATE "C"', integer: 'bigint', real: 'double precision', rows: '', keyed: '' };

/** The audit log grows at its end and changes nowhere. */
const auditGuards = `
CREATE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'the audit log is append-only'; END $$;
CREATE FUNCTION refuse_audit_hole() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.n <> (SELECT coalesce(max(n), 0) + 1 FROM audit) THEN RAISE EXCEPTION 'the audit log is append-only'; END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER audit_is_not_edited BEFORE UPDATE OR DELETE OR TRUNCATE ON audit
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change();
CREATE TRIGGER audit_has_no_holes BEFORE INSERT ON audit FOR EACH ROW EXECUTE FUNCTION refuse_audit_hole();
`;

/** In order, each once. A migration that was released is never edited; the next one follows. */
const migrations = migrationsOf(words, auditGuards);

const checksumOf = (migration: string) => createHash('sha256').update(migration).digest('hex');

/**
 * Brings the tables up to date in one transaction. Processes that start together wait for each other; the table
 * `migrations` says what was applied when. Throws PlantroomError `records-newer`, or `records-changed` when an applied
 * migration was another text: then nobody knows what the tables are.
 */
export async function migratePostgres(client: ClientBase, now: number): Promise<void> {
  await client.query('BEGIN');
  try {
    await client.query("SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = '60s'");
    await client.query("SELECT pg_advisory_xact_lock(hashtextextended('plantroom migrations', 0))");
    await apply(client, now);
    await client.query('COMMIT');
  } catch (thrown) {
    // A lost connection is an end of the transaction too.
    await client.query('ROLLBACK').catch(() => {});
    throw thrown;
  }
}

async function apply(client: ClientBase, now: number): Promise<void> {
  // Asked first, so that a user who may not create anything can start when nothing is to be done.
  const { rows } = await client.query("SELECT to_regclass('migrations') IS NOT NULL AS there");
  if (rows[0]?.there !== true)
    await client.query(
      'CREATE TABLE migrations (number bigint PRIMARY KEY, checksum text NOT NULL, applied_at bigint NOT NULL)',
    );
  const applied = await client.query<{ number: number; checksum: string }>(
    'SELECT number, checksum FROM migrations ORDER BY number',
  );
  checkApplied(applied.rows.map((r) => r.checksum));
  for (const [index, migration] of migrations.entries()) {
    if (index < applied.rows.length) continue;
    await client.query(migration);
    const row = [index + 1, checksumOf(migration), now];
    await client.query('INSERT INTO migrations (number, checksum, applied_at) VALUES ($1, $2, $3)', row);
  }
}

function checkApplied(checksums: readonly string[]): void {
  if (checksums.length > migrations.length)
    throw new PlantroomError(
      'records-newer',
      `the records are of version ${checksums.length}, this program knows ${migrations.length}`,
      { hint: 'Start the newer version of the program, or restore the backup that was made before the update.' },
    );
  const changed = checksums.findIndex((checksum, n) => checksum !== checksumOf(migrations[n] ?? ''));
  if (changed === -1) return;
  throw new PlantroomError(
    'records-changed',
    `migration ${changed + 1} of the records was another one when it was applied`,
    {
      hint: 'Start the version of the program that made the records; this one does not know what is in them.',
    },
  );
}
