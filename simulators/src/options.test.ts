import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { parseOptions } from './options.ts';

it('takes ports, seed and broker from the command line', () => {
  const directory = mkdtempSync(join(tmpdir(), 'options-'));
  const file = join(directory, 'password');
  writeFileSync(file, 'secret\n');
  const args = `--data d --seed 7 --modbus-pumps 1502 --mqtt mqtt://127.0.0.1:1883 --mqtt-user field --mqtt-password-file ${file}`;
  expect(parseOptions(args.split(' '))).toEqual({
    dataDirectory: 'd',
    seed: 7,
    ports: { http: 0, opcua: 0, pumps: 1502, metersA: 0, metersB: 0, fire: 0 },
    historyDays: 60,
    oracle: false,
    mqtt: { url: 'mqtt://127.0.0.1:1883', user: 'field', password: 'secret' },
  });
  rmSync(directory, { recursive: true });
});

it.each([
  ['', '--data'],
  ['--data d --http 70000', '--http'],
  ['--data d --mqtt http://x', '--mqtt'],
  ['--data d --dat e', '--dat'],
  ['--data d --mqtt mqtt://x --mqtt-password-file /nowhere/file', '/nowhere/file'],
])('refuses "%s" and names %s', (args, named) => {
  expect(() => parseOptions(args.split(' ').filter(Boolean))).toThrow(named);
});
