import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLogger, systemClock } from '@plantroom/base';
import type { IndexedSample } from '@plantroom/model/wire';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ModbusServer } from '../test/modbus-server.ts';
import { ScriptedCloud } from '../test/scripted-cloud.ts';
import { ShiftedClock } from '../test/shifted-clock.ts';
import { until } from '../test/until.ts';
import { type Gateway, type GatewayOptions, startGateway } from './app.ts';

const hour = 3_600_000;
const tenYears = 3652 * 24 * hour;

let directory: string;
let cloud: ScriptedCloud;
let meters: ModbusServer;
let gateway: Gateway;

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'plantroom-clock-'));
  cloud = await ScriptedCloud.start();
  meters = await ModbusServer.start();
  meters.fill(1, 19000, 19121);
  for (const register of [19000, 19002, 19004]) meters.setFloat(1, register, 230);
  meters.setFloat(1, 19050, 50);
  writeSite(120);
});

function writeSite(wait: number): void {
  writeFileSync(
    join(directory, 'site.yaml'),
    `site: { id: harbour-tower, name: Harbour Tower, timezone: Asia/Shanghai }
gateway: { clock: { wait: ${wait} } }
connections: { bus: { modbus-tcp: { host: 127.0.0.1, port: ${meters.port}, timeout: 200 } } }
equipment: { meter: { profile: janitza-umg96rm, on: bus, unit: 1, name: Meter, period: 100 } }
`,
  );
}

afterEach(async () => {
  await gateway.stop();
  await meters.stop();
  await cloud.stop();
  rmSync(directory, { recursive: true, force: true });
});

async function start(clock: ShiftedClock, options: Partial<GatewayOptions> = {}): Promise<void> {
  gateway = await startGateway({
    siteFile: join(directory, 'site.yaml'),
    dataDirectory: join(directory, 'data'),
    cloud: { url: cloud.url, password: 'secret' },
    logger: silentLogger,
    random: () => 0,
    clock,
    isSynchronised: () => true,
    bootId: 'boot-1',
    ...options,
  });
}

/** Sets the power and waits until it is in the cloud; gives its sample there. */
async function read(power: number): Promise<IndexedSample> {
  meters.setFloat(1, 19026, power * 1000);
  await until(`${power} kW is in the cloud`, () => samplesOf(power).length > 0);
  const [found] = samplesOf(power);
  if (!found) throw new Error('no sample');
  return found;
}

/** Samples of a value in the cloud, those of a frame that was sent twice once. */
const samplesOf = (value: number): IndexedSample[] =>
  [...new Map(cloud.frames('telemetry').map((h) => [`${h.header.epoch} ${h.header.sequence}`, h])).values()]
    .flatMap((h) => (h.channel === 'telemetry' ? h.frame.samples : []))
    .filter((s) => s.value === value);

const events = () => cloud.frames('events').flatMap((h) => (h.channel === 'events' ? h.frame.events : []));
const eventTypes = () => events().map((e) => e.type);
const corrections = () => events().flatMap((e) => (e.type === 'clock-correction' ? [e.correction] : []));
const isNow = (time: number, within = 3000) => expect(Math.abs(time - systemClock.now())).toBeLessThan(within);

test('jumps of the system’s clock by an hour and by ten years raise nothing and move no sample', async () => {
  const clock = new ShiftedClock();
  await start(clock);
  await read(1);
  const logged = (await gateway.report()).samples.logged;
  let power = 1;
  for (const offset of [hour, -hour, tenYears, -tenYears, 0]) {
    clock.offset = offset;
    const began = systemClock.now();
    const sample = await read(++power);
    expect(sample.time).toBeGreaterThan(began - 2000);
    expect(sample.time).toBeLessThanOrEqual(systemClock.now());
    expect(sample.quality).toBe('good');
  }
  // Report by exception saw the power alone change.
  expect((await gateway.report()).samples.logged - logged).toBe(5);
  expect(eventTypes()).toEqual(['model']);
  const { clock: time } = await gateway.report();
  expect(time).toMatchObject({ state: 'synchronised', source: 'system', bootId: 'boot-1', jumps: 5 });
});

test('a gateway that starts again in the same run of the machine takes no jump of its clock for the time', async () => {
  const clock = new ShiftedClock();
  await start(clock);
  await read(1);
  await gateway.stop();
  clock.offset = tenYears;
  await start(clock);
  const { time } = await read(2);
  expect(Math.abs(time - systemClock.now())).toBeLessThan(10_000);
  expect(eventTypes()).toEqual(['model']);
});

test('without an NTP client the cloud’s time is taken, and no jump of the system’s clock moves it', async () => {
  const clock = new ShiftedClock(-hour);
  await start(clock, { isSynchronised: () => false });
  await until('the cloud has told its time', async () => (await gateway.report()).clock.source === 'cloud');
  for (const [n, offset] of [tenYears, -tenYears].entries()) {
    clock.offset = offset;
    const { time } = await read(n + 1);
    expect(Math.abs(time - systemClock.now())).toBeLessThan(2000);
  }
  const { clock: time } = await gateway.report();
  expect(time).toMatchObject({ state: 'synchronised', jumps: 2 });
  expect(Math.abs(time.systemOffset + tenYears)).toBeLessThan(1000);
});

/** Sets the power, and waits until it is in the log; gives when it was set. */
async function log(power: number): Promise<number> {
  const { logged } = (await gateway.report()).samples;
  const now = systemClock.now();
  meters.setFloat(1, 19026, power * 1000);
  await until(`${power} kW is logged`, async () => (await gateway.report()).samples.logged > logged);
  return now;
}

test('after a start in 1970 telemetry waits for the time, and goes out at the right one, without a mark', async () => {
  cloud.time = () => undefined;
  await start(new ShiftedClock(-systemClock.now()), { isSynchronised: () => false });
  await until('what is no telemetry is in the cloud', () => eventTypes().includes('model'));
  const set = [await log(1), await log(2), await log(3)];
  expect((await gateway.report()).clock).toMatchObject({ state: 'unsynchronised', source: 'none' });
  expect(cloud.frames('telemetry')).toEqual([]);
  cloud.time = () => systemClock.now();
  cloud.cut();
  await read(4);
  for (const [n, at] of set.entries()) {
    const [sample, ...more] = samplesOf(n + 1);
    expect(more).toEqual([]);
    expect(Math.abs((sample?.time ?? 0) - at)).toBeLessThan(1000);
    expect(sample).toMatchObject({ quality: 'good', gatewayTime: sample?.time });
  }
  const [correction, ...more] = corrections();
  expect(more).toEqual([]);
  expect(correction).toMatchObject({ bootId: 'boot-1', source: 'cloud' });
  const { from = 0, to = 0, by = 0 } = correction ?? {};
  expect(new Date(from).getUTCFullYear()).toBe(2026);
  isNow(to + by, 10_000);
  const { telemetry } = (await gateway.report()).lanes;
  expect(telemetry).toMatchObject({ corrupt: 0, dropped: 0, quarantined: 0 });
});

test('what an earlier process logged is put right too, when the next one in that run of the machine knows the time', async () => {
  cloud.time = () => undefined;
  const clock = new ShiftedClock(-hour);
  await start(clock, { isSynchronised: () => false });
  const set = await log(1);
  await gateway.stop();
  clock.offset = 0;
  await start(clock);
  await read(2);
  const [sample, ...more] = samplesOf(1);
  // The next process reads the same value again.
  expect(more.every((s) => s.time > set + 500)).toBe(true);
  expect(Math.abs((sample?.time ?? 0) - set)).toBeLessThan(1000);
  expect(sample?.quality).toBe('good');
  expect(corrections()).toHaveLength(1);
});

test('an alarm does not wait for the time, and is told anew with the right one', async () => {
  cloud.time = () => undefined;
  for (const register of [19000, 19002, 19004]) meters.setFloat(1, register, 0);
  await start(new ShiftedClock(-hour), { isSynchronised: () => false });
  const alarms = () => events().flatMap((e) => (e.type === 'alarm' ? [e.alarm] : []));
  await until('an alarm is in the cloud', () => alarms().length > 0);
  const [raised] = alarms();
  isNow((raised?.raisedAt ?? 0) + hour, 10_000);
  expect(cloud.frames('telemetry')).toEqual([]);
  cloud.time = () => systemClock.now();
  cloud.cut();
  await until('it is told anew', () => alarms().some((a) => a.id === raised?.id && a.version > 1));
  isNow(alarms().at(-1)?.raisedAt ?? 0, 15_000);
  expect(eventTypes().lastIndexOf('alarm')).toBeGreaterThan(eventTypes().indexOf('clock-correction'));
});

test.each([hour, -hour, tenYears, -tenYears])(
  'a machine that starts anew with a clock that is off by %i ms has the right time with the first answer of the cloud',
  async (off) => {
    const clock = new ShiftedClock();
    await start(clock);
    await read(1);
    await gateway.stop();
    clock.offset = off;
    await start(clock, { isSynchronised: () => false, bootId: 'boot-2' });
    const sample = await read(2);
    isNow(sample.time);
    expect(sample.quality).toBe('good');
    expect(samplesOf(2)).toHaveLength(1);
    expect(eventTypes().filter((type) => type === 'alarm' || type === 'intervals')).toEqual([]);
    expect((await gateway.report()).clock).toMatchObject({ state: 'synchronised', source: 'cloud', bootId: 'boot-2' });
  },
);

test('what waited long enough goes out marked, is never rewritten, and a record tells what it should have been', async () => {
  writeSite(0);
  cloud.time = () => undefined;
  await start(new ShiftedClock(-hour), { isSynchronised: () => false });
  const sample = await read(1);
  isNow(sample.time + hour);
  expect(sample).toMatchObject({ quality: 'uncertain', reason: 'unsynced' });
  cloud.time = () => systemClock.now();
  cloud.cut();
  await until('the record is in the cloud', () => corrections().length > 0);
  const right = await read(2);
  isNow(right.time);
  expect(right.quality).toBe('good');
  const [{ from = 0, to = 0, by = 0 } = {}] = corrections();
  expect(Math.abs(by - hour)).toBeLessThan(1000);
  expect(sample.gatewayTime >= from && sample.gatewayTime <= to).toBe(true);
  expect(samplesOf(1)).toEqual([sample]);
});
