import { join } from 'node:path';
import { run } from '@plantroom/testing';
import { describe, expect, test } from 'vitest';
import { version } from './config.ts';

const entry = join(import.meta.dirname, '..', 'bin', 'plantroom.js');
const plantroom = (...args: string[]) => run(process.execPath, [entry, ...args]);
/** Makes this Node take itself for an older one, before the program starts. */
const asNode20 =
  'data:text/javascript,Object.defineProperty(process,"versions",{value:{...process.versions,node:"20.11.1"}})';

describe('the plantroom command', () => {
  test('tells its version', async () => {
    expect(await plantroom('--version')).toMatchObject({ code: 0, stdout: `${version()}\n` });
  });

  test('lists what it can do, and the options of each', async () => {
    const { code, stdout } = await plantroom('--help');
    expect(code).toBe(0);
    for (const command of ['demo', 'cloud', 'gateway', 'detect', 'simulate'])
      expect(stdout).toMatch(new RegExp(`^  ${command} `, 'm'));
    for (const option of ['--port', '--data', '--token-file', '--headless', '--seed', '--no-history'])
      expect((await plantroom('demo', '--help')).stdout).toContain(option);
  });

  test.each([
    [['demoo'], /unknown command 'demoo'/],
    [['demo', '--port', '99999'], /Write a port from 1 to 65535/],
    [['demo', '--prot', '1'], /unknown option '--prot'/],
    [['cloud'], /needs a directory for its data.*--data/],
    [['detect', '--csv', '/nowhere.csv', '--time', 't'], /Cannot open \/nowhere\.csv: ENOENT/],
    [['gateway', 'check'], /missing required argument 'site-file'/],
    [
      ['simulate', 'list', '--data', '/nowhere'],
      /No demo has run with the data directory \/nowhere\. Start it with npm run demo/,
    ],
    [['simulate', 'inject', 'x', 'y', '--url', 'http://127.0.0.1:1'], /Nothing answers at http:\/\/127\.0\.0\.1:1/],
  ])('refuses %j in words', async (args, said) => {
    const { code, stderr } = await plantroom(...args);
    // The commands of the gateway tell a wrong command line from a problem in the plant.
    expect(code).toBe(args[0] === 'gateway' ? 2 : 1);
    expect(stderr).toMatch(said);
    expect(stderr).not.toMatch(/^\s+at /m);
  });

  test('says what to do when Node is too old, as do the scripts', async () => {
    const guard = join(import.meta.dirname, '..', '..', '..', 'scripts', 'require-node.mjs');
    for (const file of [entry, guard]) {
      const { code, stdout, stderr } = await run(process.execPath, ['--import', asNode20, file, '--version']);
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
      expect(stderr).toMatch(/needs Node\.js 24 or newer.*npm ci.*install Node\.js 24 first/s);
    }
  });
});
