import { existsSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { GapRecord, Lane } from '@plantroom/model/wire';
import { lanes } from '@plantroom/model/wire/frames';
import type { SalvageReport, SequenceRange } from './contract.ts';
import { DamagedLog, type SavedEntry } from './damaged-sqlite.ts';
import type { Hole } from './read-around.ts';
import { SavedEntryTable } from './saved-entries-sqlite.ts';
import type { SqliteSession } from './session-sqlite.ts';

const companions = ['', '-wal', '-shm', '-journal'];

export interface SalvageOptions {
  readonly file: string;
  /** `site/gateway` */
  readonly owner: string;
  readonly epoch: string;
  readonly now: number;
  /** Makes a new, empty log there. */
  readonly create: (file: string) => SqliteSession;
  /** Called when the damaged log turns out to be another's. */
  readonly refuse: (owner: string) => void;
}

/** Where a salvage builds the new log until it is whole. */
const half = (file: string) => `${file}.salvage`;

/**
 * Puts a new log in the place of a broken one: entries, quarantine, models and state as far as they can be read, and
 * gap records of what cannot. The new file is complete and closed before it takes the place, so a power cut at any
 * moment leaves one of the two. The broken file is set aside; only the newest such file is kept, or a dying disk would
 * fill itself.
 */
export function salvage(options: SalvageOptions): SalvageReport {
  const { file, now } = options;
  remove(half(file));
  const damaged = new DamagedLog(file);
  let report: Omit<SalvageReport, 'setAside'>;
  try {
    const owner = damaged.owner();
    if (owner !== undefined && owner !== options.owner) options.refuse(owner);
    const session = options.create(half(file));
    try {
      report = session.together(() => rescue(damaged, session, options));
    } finally {
      session.close();
    }
  } finally {
    damaged.close();
  }
  const prefix = `${basename(file)}.unreadable-`;
  for (const name of readdirSync(dirname(file))) if (name.startsWith(prefix)) rmSync(join(dirname(file), name));
  const setAside = `${file}.unreadable-${now}`;
  for (const suffix of companions) if (existsSync(file + suffix)) renameSync(file + suffix, setAside + suffix);
  renameSync(half(file), file);
  return { setAside, ...report };
}

/** Ends a salvage that was cut off between setting the old file aside and putting the new one in its place. */
export function finishSalvage(file: string): void {
  if (existsSync(half(file)) && !existsSync(file)) {
    // A write-ahead log that is left belongs to the broken file, and would be read into the new one.
    remove(file);
    renameSync(half(file), file);
  }
  remove(half(file));
}

function remove(file: string): void {
  for (const suffix of companions) rmSync(file + suffix, { force: true });
}

function rescue(damaged: DamagedLog, session: SqliteSession, options: SalvageOptions) {
  const table = new SavedEntryTable(session);
  const saved = { events: [] as SavedMark[], telemetry: [] as SavedMark[] };
  const holes = damaged.entries((entry) => {
    if (table.keep(entry)) saved[entry.header.lane].push(markOf(entry));
  });
  table.markHanded();
  damaged.quarantine((entry) => table.keepRejected(entry));
  damaged.models((revision, content) =>
    session.run('INSERT OR IGNORE INTO models (revision, content) VALUES (?, ?)', revision, content),
  );
  damaged.state((key, value) => session.run('INSERT OR IGNORE INTO state VALUES (?, ?)', key, value));
  const gaps = [...damaged.gaps()];
  let lost: number | null = 0;
  for (const lane of lanes) {
    const books = damaged.books(lane);
    const missing = table.settle(lane, books);
    lost = missing === null || lost === null ? null : lost + missing.entries;
    if (missing === null || missing.entries > 0) gaps.push(gapOf(lane, saved[lane], holes, missing, options));
  }
  session.run("INSERT OR REPLACE INTO about VALUES ('gaps', ?)", JSON.stringify(gaps));
  return { entries: saved.events.length + saved.telemetry.length, lost };
}

/** What the limits of a gap are told by. */
interface SavedMark {
  readonly row: number;
  readonly sequence: number;
  readonly loggedAt: number;
}

function markOf({ row, header, facts }: SavedEntry): SavedMark {
  return { row, sequence: header.sequence, loggedAt: facts.loggedAt };
}

/** One record for all that a lane has lost, between its last entry before the first hole and its first after the last. */
function gapOf(
  lane: Lane,
  saved: readonly SavedMark[],
  holes: readonly Hole[],
  missing: { readonly items: number } | null,
  { epoch, now }: SalvageOptions,
): GapRecord {
  const first = holes[0]?.from ?? 1;
  const end = holes.at(-1)?.to ?? Number.MAX_SAFE_INTEGER;
  const before = saved.findLast((s) => s.row < first);
  const after = saved.find((s) => s.row >= end);
  const fromSequence = before ? before.sequence + 1 : 1;
  const times: SequenceRange = [before?.loggedAt ?? after?.loggedAt ?? now, after?.loggedAt ?? now];
  return {
    id: `${epoch}-${lane}-salvaged`,
    lane,
    fromSequence,
    toSequence: Math.max(fromSequence, after ? after.sequence - 1 : fromSequence),
    fromTime: Math.min(...times),
    toTime: Math.max(...times),
    samples: missing?.items ?? 0,
    reason: 'corrupt',
  };
}
