import type { Role } from '@plantroom/model/api';
import type { AuthRecords, UserRow } from './contract.ts';
import type { Database } from './schema.ts';

type Token = Parameters<AuthRecords['saveToken']>[0];

/** Creates a user, or gives an existing one a new name and role. */
export async function saveUser(db: Database, user: UserRow): Promise<void> {
  const { id, name, role } = user;
  await db
    .insertInto('users')
    .values({ id, name, role })
    .onConflict((c) => c.column('id').doUpdateSet({ name, role }))
    .execute();
}

export async function readUser(db: Database, id: string): Promise<UserRow | undefined> {
  const row = await db.selectFrom('users').selectAll().where('id', '=', id).executeTakeFirst();
  return row && { id: row.id, name: row.name, role: row.role as Role };
}

/** Keeps a token's hash, and forgets all that have expired. */
export async function saveToken(db: Database, token: Token, now: number): Promise<void> {
  await db.deleteFrom('tokens').where('expires_at', '<=', now).execute();
  const { hash, user, purpose, expiresAt } = token;
  await db
    .insertInto('tokens')
    .values({ hash, user, purpose, expires_at: expiresAt })
    .onConflict((c) => c.column('hash').doNothing())
    .execute();
}

export async function userOfToken(
  db: Database,
  hash: string,
  purpose: Token['purpose'],
  now: number,
  consume: boolean,
): Promise<{ user: UserRow; expiresAt: number } | undefined> {
  const row = await db
    .selectFrom('tokens as t')
    .innerJoin('users as u', 'u.id', 't.user')
    .select(['u.id', 'u.name', 'u.role', 't.expires_at'])
    .where('t.hash', '=', hash)
    .where('t.purpose', '=', purpose)
    .where('t.expires_at', '>', now)
    .executeTakeFirst();
  // Of several that come at once, the one whose removal removed it has used it.
  if (row && consume && !(await removeToken(db, hash))) return undefined;
  return row && { user: { id: row.id, name: row.name, role: row.role as Role }, expiresAt: row.expires_at };
}

/** False when it was not there. */
export async function removeToken(db: Database, hash: string): Promise<boolean> {
  const { numDeletedRows } = await db.deleteFrom('tokens').where('hash', '=', hash).executeTakeFirst();
  return numDeletedRows > 0n;
}
