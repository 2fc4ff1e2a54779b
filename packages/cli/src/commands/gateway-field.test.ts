import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '@plantroom/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { putMeter, putSunSpecMeter, SmallModbusServer } from '../../test/modbus-server.ts';

const entry = join(import.meta.dirname, '..', '..', 'bin', 'plantroom.js');
const server = new SmallModbusServer();
const folder = mkdtempSync(join(tmpdir(), 'plantroom-cli-'));
const file = (name: string) => join(folder, name);

beforeAll(async () => {
  putMeter(server.unit(1));
  putSunSpecMeter(server.unit(5));
  await server.start();
  const site = `site: { id: s, name: S, timezone: Asia/Shanghai }
connections:
  bus: { modbus-tcp: { host: 127.0.0.1, port: ${server.port}, timeout: 200 } }
  air: { mqtt: mqtt://127.0.0.1:1 }
equipment:
  main: { profile: eastron-sdm630, on: bus, unit: 1, name: Main }
`;
  writeFileSync(file('site.yaml'), site);
  const dead = '  dead: { profile: generic-fire-panel, on: bus, unit: 3, name: Panel, period: 250 }\n';
  const lobby = '  lobby: { profile: environment-sensor-json, on: air, name: Lobby }\n';
  writeFileSync(file('more.yaml'), site + dead + lobby);
  writeFileSync(
    file('found.yaml'),
    site.replace('eastron-sdm630, on: bus, unit: 1', 'sunspec-meter, on: bus, unit: 5'),
  );
  const slow = 'timeout: 200, latency: 80';
  writeFileSync(file('slow.yaml'), `${site.replace('timeout: 200', slow)}${dead.replace('period: 250', 'period: 50')}`);
});
afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** What was said, without what differs from run to run. */
async function gateway(...args: string[]) {
  const { code, stdout, stderr } = await run(process.execPath, [entry, 'gateway', ...args]);
  const clean = (text: string) =>
    text
      .replaceAll(folder, '.')
      .replaceAll(String(server.port), 'PORT')
      .replace(/\d\d:\d\d:\d\d\.\d{3}/g, 'HH:MM:SS.mmm')
      .replace(/ +\d+(?:\.\d+)? (?:ms|s)\b/g, ' TIME');
  return { code, said: clean(stdout), complaint: clean(stderr) };
}
const url = () => `modbus-tcp://127.0.0.1:${server.port}`;

describe('plantroom gateway', () => {
  test('plan', async () => {
    const { code, stdout } = await run(process.execPath, [entry, 'gateway', 'plan', file('more.yaml'), '--requests']);
    expect(code).toBe(0);
    expect(stdout.replaceAll(String(server.port), 'PORT')).toMatchSnapshot();
    const json = JSON.parse((await gateway('plan', file('site.yaml'), '--json')).said);
    expect(json.buses[0].units[0]).toMatchObject({ equipment: 'main', unit: 1, period: 2000 });
  });

  test('plan fails when a period cannot be met', async () => {
    const { code, said } = await gateway('plan', file('slow.yaml'));
    expect(code).toBe(1);
    expect(said).toMatch(/ {2}! dead: One poll of dead takes/);
  });

  test('plan --measure asks the devices', async () => {
    expect((await gateway('plan', file('site.yaml'), '--measure')).said).toContain('(answer times measured)');
  });

  test('a meter that is found by discovery: check, plan, plan --measure, probe', async () => {
    expect(await gateway('check', file('found.yaml'))).toMatchObject({ code: 0 });
    const assumed = /main: found by discovery when it answers, SunSpec at 40000, 50000 or 0; .* model 201 at 40070\n/;
    expect((await gateway('plan', file('found.yaml'))).said).toMatch(assumed);
    const { said } = await gateway('plan', file('found.yaml'), '--measure', '--requests');
    expect(said).toContain('main: found by discovery: SunSpec model 213 at 40069\n');
    expect(said).toMatch(/main {2,}FC3 {2,}40069-40138/);
    const probed = await gateway('probe', url(), '--unit', '5', '--profile', 'sunspec-meter');
    expect(probed.said).toMatch(/^sunspec-meter at .*, unit 5: 9 of 16 points are good\n/);
    expect(probed.said).toMatch(/ energyImport +123,?456\.496? +kWh/);
    expect(probed.said).toContain('All of it can be true.');
  });

  test('diff', async () => {
    expect(await gateway('diff', file('site.yaml'), file('more.yaml'))).toMatchSnapshot();
    expect(await gateway('diff', file('site.yaml'), file('site.yaml'))).toMatchObject({
      code: 0,
      said: 'The two describe the same: 1 equipment.\n',
    });
  });

  test('scan', async () => {
    expect(await gateway('scan', url(), '--to', '3', '--timeout', '50')).toMatchSnapshot();
    const none = await gateway('scan', url(), '--from', '2', '--to', '3', '--timeout', '50');
    expect(none).toMatchObject({ code: 1, said: expect.stringContaining('no unit from 2 to 3 answers') });
  });

  test('watch', async () => {
    const { code, said } = await gateway('watch', file('site.yaml'));
    expect(code).toBe(0);
    expect(said).toMatch(/^main +voltageL1 +230\.1 {2}V {6}4366 199A {2}good TIME$/m);
    const more = await gateway('watch', file('more.yaml'), '--equipment', 'dead');
    expect(more.code).toBe(1);
    expect(more.said).toMatch(/^! dead: No answer from 127\.0\.0\.1:PORT: unit 3 did not answer .* Check the unit id/);
  });

  test('capture', async () => {
    const { code, said } = await gateway('capture', file('site.yaml'), '--for', '1', '--every', '5');
    expect(code).toBe(0);
    expect(said.split('\n').slice(0, 2)).toEqual([
      'HH:MM:SS.mmm > unit 1: read 18 input registers from 0 (0x0000)',
      '               00 01 00 00 00 06 01 04 00 00 00 12',
    ]);
    expect(said).toMatch(/^ {3}1 {6}3 {9}3 {8}0 {7}0 {8}0 TIME TIME$/m);
  });

  test.each([
    [['probe', 'ftp://x'], 2, /names no connection\. Write modbus-tcp/],
    [['probe', 'modbus-tcp://'], 2, /no address of a Modbus bus/],
    [['probe', 'URL'], 2, /not said what to read/],
    [['probe', 'URL', '--address', '99999'], 2, /--address 99999 is not understood/],
    [
      ['probe', 'URL', '--address', '0', '--count', '200'],
      2,
      /argument '200' is invalid\. Write a whole number from 1 to 125/,
    ],
    [
      ['probe', 'URL', '--address', '5000'],
      1,
      /exception 2 .* to 2 holding registers from 5000 .* try one less or one more/,
    ],
    [['probe', 'URL', '--unit', '9', '--address', '0'], 1, /unit 9 did not answer within .* Check the unit id/],
    [['probe', 'URL', '--profile', 'eastron'], 1, /no device profile `eastron`/],
    [['probe', 'opc.tcp://127.0.0.1:1'], 2, /Add --node/],
    [['probe', 'mqtt://127.0.0.1:1', '--topic', '#'], 1, /No answer from mqtt:\/\/127\.0\.0\.1:1/],
    [['browse', 'URL'], 2, /no OPC UA server/],
    [['watch', 'SITE', '--equipment', 'x'], 2, /no equipment x\. Write one of main/],
    [['capture', 'SITE', '--connection', 'x'], 2, /no Modbus connection x\. Add --connection with one of bus/],
    [['plan'], 2, /missing required argument/],
    [['plan', 'nowhere.yaml'], 1, /nowhere\.yaml cannot be read/],
  ])('%j ends with %d', async (args, code, said) => {
    const real = args.map((a) => (a === 'URL' ? url() : a === 'SITE' ? file('site.yaml') : a));
    const found = await gateway(...real);
    expect(found.complaint).toMatch(said);
    expect(found.complaint).not.toMatch(/^\s+at /m);
    expect(found.code).toBe(code);
  });
});
