/** What SQLite's result codes say that is no fault of the file: it is held, full, out of reach, or memory is short. */
const noDamage: ReadonlySet<number> = new Set([3, 5, 6, 7, 8, 13, 14]);
const busy = 5;
const inputOutput = 10;
/** Input/output errors that mean a bad sector or a broken file system: read, short read, corrupt file system. */
const badDisk: ReadonlySet<number> = new Set([266, 522, 8458]);

/** The log does not hold what was written to it. */
export class LogDamage extends Error {
  override readonly name = 'LogDamage';
}

/** SQLite's extended result code of what was thrown. */
function sqliteCode(thrown: unknown): number | undefined {
  const code = thrown instanceof Error && 'errcode' in thrown ? thrown.errcode : undefined;
  return typeof code === 'number' ? code : undefined;
}

export function isBusy(thrown: unknown): boolean {
  return ((sqliteCode(thrown) ?? 0) & 0xff) === busy;
}

/** What says that the disk takes no writes at the moment: permission, read-only, input/output, full, cannot open. */
const diskTrouble: ReadonlySet<number> = new Set([3, 8, inputOutput, 13, 14]);

export function isDiskTrouble(thrown: unknown): boolean {
  return !isDamage(thrown) && diskTrouble.has((sqliteCode(thrown) ?? 0) & 0xff);
}

/**
 * Whether what was thrown says that the file is broken. A broken page shows itself as malformed, as no database, as a
 * missing table or as a constraint that cannot fail, so all but the known harmless codes count.
 */
export function isDamage(thrown: unknown): boolean {
  if (thrown instanceof LogDamage) return true;
  const code = sqliteCode(thrown);
  if (code === undefined) return false;
  // Extended codes keep the primary one in their lowest byte.
  const primary = code & 0xff;
  return primary === inputOutput ? badDisk.has(code) : !noDamage.has(primary);
}
