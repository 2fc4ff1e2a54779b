import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '@plantroom/testing';
import { describe, expect, test } from 'vitest';

const root = join(import.meta.dirname, '..', '..');
const command = join(root, 'packages', 'cli', 'bin', 'plantroom.js');
const cases = join(import.meta.dirname, 'config');

const check = (file: string, cwd: string) =>
  run(process.execPath, [command, 'gateway', 'check', file], 30_000, { cwd });

describe('plantroom gateway check', () => {
  // A folder is a site file and what is said about it, all at once and in the order of the lines.
  test.each(readdirSync(cases))('%s', async (name) => {
    const folder = join(cases, name);
    const { code, stdout, stderr } = await check('site.yaml', folder);
    const expected = readFileSync(join(folder, 'expected.txt'), 'utf8');
    expect({ said: stdout, complaint: stderr }).toEqual({ said: expected, complaint: '' });
    expect(code).toBe(expected.includes('nothing to mend') ? 0 : 1);
  });

  test('finds nothing to mend in the demo’s site file, and in the one of the README', async () => {
    const demo = await check('deploy/demo/site.yaml', root);
    expect(demo).toMatchObject({ code: 0, stdout: expect.stringContaining('39 machines on 6 connections') });
    const readme = readFileSync(join(root, 'README.md'), 'utf8');
    const shown = /```yaml\n([\s\S]*?)```/.exec(readme)?.[1];
    expect(shown).toBe(readFileSync(join(cases, 'four-lines', 'site.yaml'), 'utf8'));
  });

  test('says what to do about a file that is not there', async () => {
    const { code, stderr } = await check('nowhere.yaml', root);
    expect(code).toBe(1);
    expect(stderr).toMatch(/nowhere\.yaml cannot be read \(ENOENT\)\. Give the path/);
    expect(existsSync(join(root, 'nowhere.yaml'))).toBe(false);
  });
});
