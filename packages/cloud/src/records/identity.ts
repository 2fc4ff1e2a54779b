import type { GatewayStatus } from '@plantroom/model/wire';
import { conflictPresence, type IdentityConflict } from './contract.ts';
import type { Database } from './schema.ts';
import type { Words } from './tables-plant.ts';

/** What was seen of a gateway's identity; JSON. */
export const gatewayIdentity = ({ text }: Words) => `ALTER TABLE gateways ADD COLUMN identity ${text};`;

interface Identity {
  /** Epochs of its log in the order in which they were last told as current. */
  readonly epochs: readonly string[];
  /** When it left, by a word of its own or by its Will; the newest last. */
  readonly farewells: readonly number[];
  readonly conflict: IdentityConflict | null;
}

const unseen: Identity = { epochs: [], farewells: [], conflict: null };
const mostEpochs = 8;
/** So many farewells in so long (ms) are no restarts of one gateway. */
const many = 10;
const soon = 5 * 60_000;

/** Whether the signs are fresh. */
export function isPresent(conflict: IdentityConflict | null, now: number): conflict is IdentityConflict {
  return conflict !== null && now - conflict.at < conflictPresence;
}

/**
 * Looks for signs that two gateways use one identity. An epoch is drawn at each opening of a log, so one that another has followed
 * never is current again, unless there are two logs. Two that share even the epoch (a running machine was cloned) push
 * each other's connection out all the time. `status` must be live: what is retained tells of an earlier moment.
 */
export function lookAt(identity: Identity, { online, epoch }: GatewayStatus, now: number): Identity {
  const { epochs, farewells, conflict } = identity;
  if (!online) {
    const left = [...farewells, now].slice(-many);
    const isFlapping = left.length === many && now - (left[0] ?? 0) < soon;
    return { epochs, farewells: left, conflict: isFlapping ? signOf('connections', conflict, now) : conflict };
  }
  if (epochs.at(-1) === epoch) return identity;
  const isBack = epochs.includes(epoch);
  return {
    epochs: [...epochs.filter((e) => e !== epoch), epoch].slice(-mostEpochs),
    farewells,
    conflict: isBack ? signOf('epochs', conflict, now) : conflict,
  };
}

/** Epochs prove it; connections alone may be a bad line. */
function signOf(kind: IdentityConflict['kind'], before: IdentityConflict | null, now: number): IdentityConflict {
  if (!isPresent(before, now)) return { kind, since: now, at: now };
  return { kind: before.kind === 'epochs' ? 'epochs' : kind, since: before.since, at: now };
}

/** Keeps what a live status tells of the identity; gives the conflict when it has just begun. Call it with the gateway locked. */
export async function seeIdentity(
  db: Database,
  { site, gateway }: { readonly site: string; readonly gateway: string },
  status: GatewayStatus,
  now: number,
): Promise<IdentityConflict | undefined> {
  const row = await db
    .selectFrom('gateways')
    .select('identity')
    .where((e) => e.and({ site, gateway }))
    .executeTakeFirst();
  const before = identityOf(row?.identity ?? null);
  const after = lookAt(before, status, now);
  if (after === before) return undefined;
  await db
    .updateTable('gateways')
    .set({ identity: JSON.stringify(after) })
    .where((e) => e.and({ site, gateway }))
    .execute();
  const { conflict } = after;
  const isNews = conflict !== null && (!isPresent(before.conflict, now) || before.conflict.kind !== conflict.kind);
  return isNews ? conflict : undefined;
}

export function identityOf(text: string | null): Identity {
  return text === null ? unseen : (JSON.parse(text) as Identity);
}
