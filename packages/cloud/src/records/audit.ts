import { createHash } from 'node:crypto';
import type { Database, Tables } from './schema.ts';

export interface AuditEntry {
  readonly time: number;
  readonly actor: string;
  readonly action: string;
  readonly target: string;
  readonly detail: string;
}

/** What the first entry names as its predecessor. */
const beginning = '0'.repeat(64);

/** SHA-256 over the entry and the hash before it: nobody changes an entry without all that follow telling. */
export function auditHash(entry: Omit<Tables['audit'], 'hash'>): string {
  const { n, time, actor, action, target, detail, previous } = entry;
  return createHash('sha256')
    .update(JSON.stringify([n, time, actor, action, target, detail, previous]))
    .digest('hex');
}

/**
 * Adds an entry to the chain and gives its hash; nothing when `attempted`, the hash of an attempt whose end is unknown, is
 * there. Call it in a transaction that has locked the audit log.
 */
export async function appendAudit(db: Database, entry: AuditEntry, attempted?: string): Promise<string> {
  if (attempted !== undefined && (await isThere(db, attempted))) return attempted;
  const last = await db.selectFrom('audit').select(['n', 'hash']).orderBy('n', 'desc').limit(1).executeTakeFirst();
  const texts = [entry.actor, entry.action, entry.target, entry.detail].map(storable);
  const [actor = '', action = '', target = '', detail = ''] = texts;
  const linked = { n: (last?.n ?? 0) + 1, time: entry.time, actor, action, target, detail };
  const row = { ...linked, previous: last?.hash ?? beginning };
  const hash = auditHash(row);
  await db
    .insertInto('audit')
    .values({ ...row, hash })
    .execute();
  return hash;
}

/** Text that comes back from every database as it was hashed: none keeps half a character, PostgreSQL no NUL. */
function storable(text: string): string {
  return text.toWellFormed().replaceAll('\0', '\uFFFD');
}

async function isThere(db: Database, hash: string): Promise<boolean> {
  return (await db.selectFrom('audit').select('n').where('hash', '=', hash).executeTakeFirst()) !== undefined;
}

/** Walks the whole chain; `broken` is the number of the first entry that does not fit, null when all do. */
export async function verifyAudit(db: Database): Promise<{ entries: number; broken: number | null }> {
  const size = 1000;
  let previous = beginning;
  let entries = 0;
  for (;;) {
    const rows = await db.selectFrom('audit').selectAll().where('n', '>', entries).orderBy('n').limit(size).execute();
    for (const row of rows) {
      if (row.n !== entries + 1 || row.previous !== previous || auditHash(row) !== row.hash)
        return { entries, broken: entries + 1 };
      previous = row.hash;
      entries = row.n;
    }
    if (rows.length < size) return { entries, broken: null };
  }
}
