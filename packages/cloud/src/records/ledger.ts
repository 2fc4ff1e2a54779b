import { type Selectable, sql } from 'kysely';
import { RangeSet } from '../range-set.ts';
import type { EntryName, LedgerRange } from './contract.ts';
import type { Database, Tables } from './schema.ts';

/** A lane of one epoch of a gateway: what sequences count in. */
type Stream = Omit<EntryName, 'sequence'>;

function rangesOf(db: Database, { site, gateway, epoch, lane }: Stream) {
  return db
    .selectFrom('ledger')
    .select(['first', 'last', 'first_time', 'last_time'])
    .where((e) => e.and({ site, gateway, epoch, lane }));
}

/** The range that begins last at or before a sequence. */
function rangeBefore(db: Database, stream: Stream, sequence: number) {
  return rangesOf(db, stream).where('first', '<=', sequence).orderBy('first', 'desc').limit(1).executeTakeFirst();
}

export async function isInLedger(db: Database, entry: EntryName): Promise<boolean> {
  const range = await rangeBefore(db, entry, entry.sequence);
  return range !== undefined && range.last >= entry.sequence;
}

/** Those of the entries that are in the ledger: some statements for each stream, not for each entry. */
export async function inLedger(db: Database, entries: readonly EntryName[]): Promise<Set<EntryName>> {
  const found = new Set<EntryName>();
  for (const of of byStream(entries, (e) => e)) {
    const ranges = new RangeSet();
    const sequences = of.map((e) => e.sequence);
    for (const { first, last } of await rangesAround(db, of[0], sequences)) ranges.add(first, last);
    for (const entry of of) if (ranges.has(entry.sequence)) found.add(entry);
  }
  return found;
}

/** What belongs to one stream, together. */
export function byStream<T>(items: readonly T[], entryOf: (item: T) => EntryName): [T, ...T[]][] {
  const key = ({ site, gateway, epoch, lane }: EntryName) => `${site}/${gateway}/${lane}/${epoch}`;
  return [...Map.groupBy(items, (item) => key(entryOf(item))).values()].flatMap(([first, ...rest]) =>
    first === undefined ? [] : [[first, ...rest] as [T, ...T[]]],
  );
}

/** The ranges that hold or touch one of the sequences, and those between. */
async function rangesAround(db: Database, stream: Stream, sequences: readonly number[]) {
  const [lowest, highest] = [Math.min(...sequences), Math.max(...sequences)];
  const before = await rangeBefore(db, stream, lowest);
  return rangesOf(db, stream)
    .where('first', '>=', before?.first ?? lowest)
    .where('first', '<=', highest + 1)
    .execute();
}

/** Gateway times of an entry's oldest and newest item; ms since 1970 UTC. */
export interface EntrySpan {
  readonly oldest: number;
  readonly newest: number;
}

/**
 * Enters sequences of a stream and gives those that were not there, each once. Ranges that meet become one; the times at
 * their ends are kept, so that a hole between two ranges has a place in time. Call it in a transaction that has locked the
 * stream.
 */
export async function enterInLedger(
  db: Database,
  stream: Stream,
  sequences: readonly number[],
  spans: ReadonlyMap<number, EntrySpan> = new Map(),
): Promise<ReadonlySet<number>> {
  const stored = await rangesAround(db, stream, sequences);
  const ranges = new RangeSet();
  for (const { first, last } of stored) ranges.add(first, last);
  const added = new Set(sequences.filter((n) => !ranges.has(n)));
  for (const n of added) ranges.add(n);
  if (added.size > 0) await write(db, stream, stored, withTimes(ranges, stored, spans));
  return added;
}

type Range = Pick<Selectable<Tables['ledger']>, 'first' | 'last' | 'first_time' | 'last_time'>;

function withTimes(
  ranges: RangeSet,
  stored: readonly Range[],
  spans: ReadonlyMap<number, EntrySpan>,
): readonly Range[] {
  return ranges.ranges().map(({ first, last }) => ({
    ...{ first, last },
    first_time: stored.find((r) => r.first === first)?.first_time ?? spans.get(first)?.oldest ?? null,
    last_time: stored.find((r) => r.last === last)?.last_time ?? spans.get(last)?.newest ?? null,
  }));
}

async function write(db: Database, stream: Stream, stored: readonly Range[], ranges: readonly Range[]) {
  const { site, gateway, epoch, lane } = stream;
  const firsts = new Set(ranges.map((r) => r.first));
  const absorbed = stored.map((r) => r.first).filter((first) => !firsts.has(first));
  if (absorbed.length > 0)
    await db
      .deleteFrom('ledger')
      .where((e) => e.and({ site, gateway, epoch, lane }))
      .where('first', 'in', absorbed)
      .execute();
  await db
    .insertInto('ledger')
    .values(ranges.map((range) => ({ site, gateway, epoch, lane, ...range })))
    .onConflict((c) =>
      c.columns(['site', 'gateway', 'epoch', 'lane', 'first']).doUpdateSet({
        last: sql<number>`excluded.last`,
        last_time: sql<number>`excluded.last_time`,
      }),
    )
    .execute();
}

/** All ranges of a site's gateways, each stream in the order of its sequences. */
export async function readLedger(db: Database, site: string): Promise<LedgerRange[]> {
  const rows = await db
    .selectFrom('ledger')
    .selectAll()
    .where('site', '=', site)
    .orderBy('gateway')
    .orderBy('epoch')
    .orderBy('lane')
    .orderBy('first')
    .execute();
  return rows.map(({ gateway, epoch, lane, first, last, first_time, last_time }) => ({
    ...{ gateway, epoch, first, last },
    lane: lane as LedgerRange['lane'],
    ...{ firstTime: first_time, lastTime: last_time },
  }));
}
