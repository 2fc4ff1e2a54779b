import { closeSync, existsSync, fsyncSync, openSync, readFileSync, statSync, writeSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { isBusy } from './damage.ts';
import { examineWal, type WalFinding } from './wal.ts';

/**
 * Mends the write-ahead log that a killed process left, before SQLite reads it: SQLite would give up everything after the
 * first changed bit without a word. Nothing is touched while another process has the log open. Gives what was mended.
 */
export function mendWal(file: string): WalFinding['damage'] | undefined {
  const wal = `${file}-wal`;
  if (!existsSync(file) || !existsSync(wal) || statSync(wal).size === 0 || isInUse(file)) return undefined;
  const finding = examineWal(readFileSync(wal));
  if (!finding) return undefined;
  const handle = openSync(wal, 'r+');
  try {
    for (const { at, bytes } of finding.patches) writeSync(handle, bytes, 0, bytes.length, at);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
  return finding.damage;
}

/** A connection that may not write neither changes the log nor takes it into the file when it closes. */
function isInUse(file: string): boolean {
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(file, { readOnly: true });
    database.prepare('SELECT count(*) FROM sqlite_master').get();
    return false;
  } catch (thrown) {
    return isBusy(thrown);
  } finally {
    database?.close();
  }
}
