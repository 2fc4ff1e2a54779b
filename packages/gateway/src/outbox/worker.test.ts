import { run } from '@plantroom/testing';
import { expect, test } from 'vitest';

/** Prints the address of every module that the log loads. */
const script = `
  import { registerHooks } from 'node:module';
  registerHooks({ load: (url, context, next) => { console.log(url); return next(url, context); } });
  await import(process.argv[1]);
`;

test('the log’s thread loads no library: each would take its megabytes a second time', async () => {
  const log = new URL('./log-sqlite.ts', import.meta.url).href;
  const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', script, log]);
  const loaded = stdout.split('\n');
  expect(loaded).toContain(log);
  expect(loaded.filter((url) => url.includes('/node_modules/'))).toEqual([]);
});
