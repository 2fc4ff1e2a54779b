import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { LogFile } from './log-file.ts';

const minute = 60_000;

test('tells once when the open file is deleted, replaced or back, a minute apart, and follows the log’s own change', () => {
  const directory = mkdtempSync(join(tmpdir(), 'plantroom-log-file-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  const [file, aside] = [join(directory, 'outbox.sqlite'), join(directory, 'aside')];
  writeFileSync(file, 'first');
  let time = 0;
  const watched = new LogFile(file, { monotonic: () => time });
  const look = (passed = minute) => {
    time += passed;
    return watched.look();
  };
  expect(look()).toBeUndefined();
  renameSync(file, aside);
  expect(look(minute - 1)).toBeUndefined();
  expect(look(1)).toBe(false);
  writeFileSync(file, 'second');
  expect(look()).toBeUndefined();
  renameSync(aside, file);
  expect(look()).toBe(true);
  renameSync(file, aside);
  writeFileSync(file, 'third');
  watched.renew();
  expect(look()).toBeUndefined();
});
