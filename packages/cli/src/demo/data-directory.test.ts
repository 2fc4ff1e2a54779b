import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeError } from '@plantroom/base';
import { ManualClock, startProcess, temporaryDirectory } from '@plantroom/testing';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openDataDirectory } from './data-directory.ts';
import { processMark } from './process-mark.ts';

let folder: ReturnType<typeof temporaryDirectory>;
beforeEach(() => {
  folder = temporaryDirectory();
});
afterEach(() => folder.remove());

async function failure(run: () => Promise<unknown>): Promise<string> {
  try {
    await run();
  } catch (thrown) {
    return describeError(thrown);
  }
  return '';
}

describe('the data directory', () => {
  test('is made, and new until a demo has left its mark', async () => {
    const path = join(folder.path, 'a', 'b');
    const first = await openDataDirectory(path, 8080);
    expect(first.isNew).toBe(true);
    writeFileSync(first.file('demo.json'), '{}');
    first.release();
    expect((await openDataDirectory(path, 8080)).isNew).toBe(false);
  });

  test('is held by one demo at a time, and the second is told by whom', async () => {
    const first = await openDataDirectory(folder.path, 8080);
    const said = await failure(() => openDataDirectory(folder.path, 8081));
    expect(said).toContain(`in use by a demo on port 8080 (process ${process.pid})`);
    expect(said).toContain('--data');
    first.release();
    (await openDataDirectory(folder.path, 8081)).release();
  });

  test('is free again when its holder was killed, even if the pid lives on in another process', async () => {
    const lock = join(folder.path, 'demo.lock');
    writeFileSync(lock, JSON.stringify({ pid: process.pid, started: '1', port: 8080, children: [] }));
    (await openDataDirectory(folder.path, 8080)).release();
    writeFileSync(lock, 'half a fi');
    (await openDataDirectory(folder.path, 8080)).release();
    expect(existsSync(lock)).toBe(false);
  });

  test('is waited for while a child of a killed demo is still stopping, and refused when it does not', async () => {
    const child = startProcess('sleep', ['60']);
    const dead = { pid: 2 ** 22 + 1, started: '1', port: 8080, children: [processMark(child.pid)] };
    writeFileSync(join(folder.path, 'demo.lock'), JSON.stringify(dead));
    const clock = new ManualClock();
    const refused = failure(() => openDataDirectory(folder.path, 8080, clock));
    await clock.advance(20_000);
    expect(await refused).toContain(`process ${child.pid}`);
    const taken = openDataDirectory(folder.path, 8080);
    await child.stop('SIGKILL');
    (await taken).release();
  });

  test('with something else in it is left alone', async () => {
    writeFileSync(join(folder.path, 'thesis.txt'), 'mine');
    expect(await failure(() => openDataDirectory(folder.path, 8080))).toContain('holds something else');
    expect(readFileSync(join(folder.path, 'thesis.txt'), 'utf8')).toBe('mine');
  });

  test('that is a file, or cannot be written, is refused in one line that says what to do', async () => {
    writeFileSync(join(folder.path, 'file'), '');
    expect(await failure(() => openDataDirectory(join(folder.path, 'file'), 8080))).toContain('cannot be written');
    if (process.getuid?.() === 0) return;
    chmodSync(folder.path, 0o500);
    expect(await failure(() => openDataDirectory(folder.path, 8080))).toMatch(/cannot be written.*--data/);
  });
});
