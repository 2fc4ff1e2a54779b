import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { coerceError } from '@plantroom/base';
import { startProcess, temporaryDirectory, until } from '@plantroom/testing';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { firstUnexpectedEnd, startChild } from './child.ts';
import { isRunning, processMark } from './process-mark.ts';

let folder: ReturnType<typeof temporaryDirectory>;
beforeEach(() => {
  folder = temporaryDirectory();
});
afterEach(() => folder.remove());

function script(name: string, text: string): string {
  const file = join(folder.path, name);
  writeFileSync(file, text);
  return file;
}

const stayer = `process.on('SIGTERM', () => { console.error('stopping'); process.exit(0); });
console.log('ready'); setInterval(() => {}, 1000);`;

test('a child is asked to stop, and killed when it does not listen', async () => {
  const polite = startChild({ name: 'polite', entry: script('a.mjs', stayer), args: [], logDirectory: folder.path });
  await until('it is ready', () => polite.output().includes('ready'));
  await polite.stop();
  expect(await polite.ended).toBe('exit code 0');
  expect(polite.lastLines(5)).toContain('stopping');

  const deaf = `process.on('SIGTERM', () => {}); console.log('ready'); setInterval(() => {}, 1000);`;
  const stubborn = startChild({ name: 'deaf', entry: script('b.mjs', deaf), args: [], logDirectory: folder.path });
  await until('it is ready', () => stubborn.output().includes('ready'));
  await stubborn.stop(50);
  expect(await stubborn.ended).toBe('signal SIGKILL');
});

test('a child that dies is named, with its last lines and where its log is', async () => {
  const entry = script('c.mjs', "console.error('no disk left'); process.exit(3);");
  const child = startChild({ name: 'gateway', entry, args: [], logDirectory: folder.path });
  const said = await firstUnexpectedEnd([child]).catch((thrown) => coerceError(thrown).message);
  expect(said).toContain('The gateway stopped by itself (exit code 3)');
  expect(said).toContain('no disk left');
  expect(said).toContain(join(folder.path, 'gateway.log'));
});

test('a child dies with its parent, even when that is killed', async () => {
  const entry = script('d.mjs', stayer);
  const parent = script(
    'parent.ts',
    `import { startChild } from ${JSON.stringify(join(import.meta.dirname, 'child.ts'))};
     const child = startChild({ name: 'orphan', entry: ${JSON.stringify(entry)}, args: [], logDirectory: ${JSON.stringify(folder.path)} });
     const wait = setInterval(() => { if (child.output().includes('ready')) { console.log(child.pid); clearInterval(wait); } }, 20);`,
  );
  const running = startProcess(process.execPath, [parent]);
  const pid = await until('the child is ready', () => Number(running.stdout().trim()) || undefined);
  const mark = processMark(pid);
  expect(isRunning(mark)).toBe(true);
  await running.stop('SIGKILL');
  await until('the child is gone', () => !isRunning(mark));
});
