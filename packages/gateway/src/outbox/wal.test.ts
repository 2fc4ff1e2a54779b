import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { examineWal } from './wal.ts';

let directory: string;
let wal: Buffer;
let main: Buffer;

// A log with 40 commits in its write-ahead log, as a process leaves it that was killed.
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'plantroom-wal-'));
  const file = join(directory, 'live.sqlite');
  const database = new DatabaseSync(file);
  database.exec('PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0; CREATE TABLE t (n INTEGER, b BLOB)');
  for (let n = 0; n < 40; n++) database.prepare('INSERT INTO t VALUES (?, ?)').run(n, Buffer.alloc(300, n));
  main = readFileSync(file);
  wal = readFileSync(`${file}-wal`);
  database.close();
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

function mended(bytes: Buffer): { bytes: Buffer; damage: string | undefined } {
  const copy = Buffer.from(bytes);
  const finding = examineWal(copy);
  for (const patch of finding?.patches ?? []) copy.set(patch.bytes, patch.at);
  return { bytes: copy, damage: finding?.damage };
}

function rowsOf(bytes: Buffer): number {
  const file = join(directory, 'copy.sqlite');
  writeFileSync(file, main);
  writeFileSync(`${file}-wal`, bytes);
  rmSync(`${file}-shm`, { force: true });
  const database = new DatabaseSync(file);
  try {
    return Number(database.prepare('SELECT count(*) AS n FROM t').get()?.n);
  } finally {
    database.close();
  }
}

const pageSize = 4096;
const frameLength = 24 + pageSize;
const frames = () => Math.floor((wal.length - 32) / frameLength);

describe('a write-ahead log', () => {
  test('that is as it was written needs nothing', () => {
    expect(examineWal(wal)).toBeUndefined();
    expect(rowsOf(wal)).toBe(40);
  });

  test('in which SQLite would lose every commit after one changed bit gets it back, or keeps all but its page', () => {
    const found: boolean[] = [];
    const inLog = fc.record({ frame: fc.nat(frames() - 2), at: fc.nat(7 + pageSize), bit: fc.nat(7) });
    fc.assert(
      fc.property(inLog, ({ frame, at, bit }) => {
        const place = 32 + frame * frameLength + (at < 8 ? at : at + 16);
        const changed = Buffer.from(wal);
        changed[place] = (changed[place] ?? 0) ^ (1 << bit);
        const { bytes, damage } = mended(changed);
        if (damage === 'bit') expect(bytes.equals(wal)).toBe(true);
        else expect(damage).toBe('page');
        expect(examineWal(bytes)).toBeUndefined();
        found.push(damage === 'bit');
      }),
      { numRuns: 200 },
    );
    expect(found.filter((bit) => bit).length).toBeGreaterThan(found.length / 2);
    const changed = Buffer.from(wal);
    changed[32 + 10 * frameLength + 1000] = (changed[32 + 10 * frameLength + 1000] ?? 0) ^ 4;
    expect(rowsOf(changed)).toBeLessThan(12);
    expect(rowsOf(mended(changed).bytes)).toBe(40);
  });

  test('whose salts or checksums were changed is chained anew, exactly as it was', () => {
    const inHead = fc.record({ frame: fc.nat(frames() - 2), at: fc.integer({ min: 8, max: 23 }), bit: fc.nat(7) });
    fc.assert(
      fc.property(inHead, ({ frame, at, bit }) => {
        const changed = Buffer.from(wal);
        const place = 32 + frame * frameLength + at;
        changed[place] = (changed[place] ?? 0) ^ (1 << bit);
        expect(mended(changed).bytes.equals(wal)).toBe(true);
      }),
      { numRuns: 100 },
    );
  });

  test('with a page that is nonsense keeps what follows it', () => {
    const changed = Buffer.from(wal);
    changed.fill(0xa5, 32 + 20 * frameLength + 24 + 2000, 32 + 20 * frameLength + 24 + 2100);
    const { bytes, damage } = mended(changed);
    expect(damage).toBe('page');
    expect(examineWal(bytes)).toBeUndefined();
    expect(rowsOf(bytes)).toBe(40);
  });

  test('that was cut off in the middle of a write, or has nonsense behind its end, is left as it is', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: wal.length }), fc.uint8Array({ maxLength: 5000 }), (length, tail) => {
        const torn = Buffer.concat([wal.subarray(0, length), tail]);
        expect(mended(torn).bytes.equals(torn)).toBe(true);
      }),
      { numRuns: 100 },
    );
  });

  test('of an earlier use that lies behind this one is not woken up', () => {
    const file = join(directory, 'again.sqlite');
    copyFileSync(join(directory, 'live.sqlite'), file);
    const database = new DatabaseSync(file);
    database.exec('PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0');
    for (let n = 0; n < 20; n++) database.prepare('INSERT INTO t VALUES (?, ?)').run(n, Buffer.alloc(300, n));
    database.exec('PRAGMA wal_checkpoint(RESTART)');
    database.prepare('INSERT INTO t VALUES (?, ?)').run(99, Buffer.alloc(10));
    const reused = readFileSync(`${file}-wal`);
    database.close();
    expect(examineWal(reused)).toBeUndefined();
  });
});
