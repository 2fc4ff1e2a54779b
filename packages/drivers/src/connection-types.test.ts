import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { bindingOf, testContext } from '../test/builders.ts';
import { checkBinding } from './check-binding.ts';
import { connectionTypes, equipmentOptionsOf } from './connection-types.ts';
import { expandPoint } from './point-path.ts';
import { prepareConnection } from './prepare.ts';
import { loadProfile } from './profiles/load.ts';
import { profile } from './profiles/schema.ts';

describe('a connection’s settings', () => {
  it('may be a host, a host and port, or the fields', () => {
    const modbus = connectionTypes['modbus-tcp'];
    expect(modbus.parse('192.0.2.10')).toMatchObject({ host: '192.0.2.10', port: 502, timeout: 1000 });
    expect(modbus.parse('plc-3.local:1502')).toMatchObject({ host: 'plc-3.local', port: 1502 });
    expect(modbus.parse('[2001:db8::1]:502')).toMatchObject({ host: '2001:db8::1', port: 502 });
    expect(modbus.parse({ host: 'a', port: 1502 })).toMatchObject({ host: 'a', port: 1502, maximumRegisters: 125 });
    for (const wrong of ['', 'http://a', 'a:b', { host: 'a', speed: 9600 }, { host: 'a', port: 0 }]) {
      expect(modbus.safeParse(wrong).success, JSON.stringify(wrong)).toBe(false);
    }
  });

  it('of Modbus RTU are a serial device and its line, or a server with a line behind it', () => {
    const rtu = connectionTypes['modbus-rtu'];
    expect(rtu.parse('/dev/ttyUSB0')).toMatchObject({
      path: '/dev/ttyUSB0',
      baudRate: 9600,
      parity: 'none',
      stopBits: 1,
    });
    expect(rtu.parse({ path: 'COM3', baudRate: 19_200, parity: 'even' })).toMatchObject({ baudRate: 19_200 });
    expect(rtu.safeParse({ path: 'COM3', parity: 'mark' }).success).toBe(false);
    const overTcp = connectionTypes['modbus-rtu-over-tcp'];
    expect(overTcp.parse('192.0.2.10:4001')).toMatchObject({ host: '192.0.2.10', port: 4001, baudRate: 9600 });
    expect(overTcp.parse({ host: 'a', backup: 'b:4002' })).toMatchObject({ backup: { host: 'b', port: 4002 } });
  });

  it('of OPC UA have a policy that goes with their mode', () => {
    const opcUa = connectionTypes['opc-ua'];
    const endpoint = 'opc.tcp://192.0.2.20:4840';
    expect(opcUa.parse(endpoint)).toMatchObject({ endpoint, securityMode: 'None', securityPolicy: 'None' });
    expect(opcUa.parse({ endpoint, securityMode: 'SignAndEncrypt' })).toMatchObject({
      securityPolicy: 'Basic256Sha256',
    });
    expect(opcUa.safeParse({ endpoint, securityMode: 'Sign', securityPolicy: 'None' }).success).toBe(false);
    expect(opcUa.safeParse({ endpoint, securityPolicy: 'Basic256Sha256' }).success).toBe(false);
    expect(opcUa.safeParse('http://192.0.2.20').success).toBe(false);
  });

  it('of MQTT are a broker or the gateway’s own', () => {
    const { mqtt } = connectionTypes;
    expect(mqtt.parse('embedded')).toMatchObject({ url: 'embedded' });
    expect(mqtt.parse({ url: 'mqtts://b:8883', user: 'u', password: { env: 'P' } })).toMatchObject({ user: 'u' });
    expect(mqtt.safeParse('localhost').success).toBe(false);
  });

  it('are the same when they are checked twice', () => {
    for (const [type, text] of [
      ['modbus-tcp', 'a:1502'],
      ['modbus-rtu', '/dev/ttyS0'],
      ['modbus-rtu-over-tcp', 'a:4001'],
      ['opc-ua', 'opc.tcp://a:4840'],
      ['mqtt', 'mqtt://a'],
      ['replay', 'history.csv'],
    ] as const) {
      const once = connectionTypes[type].parse(text);
      expect(connectionTypes[type].parse(once)).toEqual(once);
    }
  });
});

describe('an equipment on a connection', () => {
  it('has no problem when it fits', () => {
    expect(checkBinding('modbus-tcp', bindingOf('m', 'chint-dtsu666', { unit: 4, ctRatio: 30 }))).toEqual([]);
    expect(checkBinding('opc-ua', bindingOf('l', 'lift-opcua', { node: 'L1' }))).toEqual([]);
    expect(checkBinding('mqtt', bindingOf('f', 'generic-fire-panel'))).toEqual([]);
    expect(checkBinding('replay', bindingOf('m', 'janitza-umg96rm'))).toEqual([]);
  });

  it.each([
    ['modbus-tcp', bindingOf('m', 'janitza-umg96rm', { unit: 300 }), ['unit']],
    ['modbus-tcp', bindingOf('m', 'janitza-umg96rm', { ctRatio: 30 }), ['ctRatio']],
    ['modbus-tcp', bindingOf('m', 'janitza-umg96rm', { slave: 1 }), ['slave']],
    ['opc-ua', bindingOf('l', 'lift-opcua', {}), ['node']],
    ['mqtt', bindingOf('s', 'environment-sensor-json', { device: 'a/+' }), ['device']],
    ['mqtt', bindingOf('m', 'janitza-umg96rm'), ['on']],
    ['modbus-tcp', { ...bindingOf('m', 'janitza-umg96rm'), kind: 'pump' as const }, ['profile']],
  ] as const)('says what is wrong over %s', (type, binding, path) => {
    expect(checkBinding(type, binding)).toMatchObject([{ equipment: binding.id, path }]);
  });

  it('fills every placeholder of its profile’s topics', () => {
    const floors = profile.parse({
      ...loadProfile('environment-sensor-json'),
      topic: '{floor}/{device}/{toString}',
      points: { temperature: { path: 't', type: 'number' } },
    });
    expect(checkBinding('mqtt', bindingOf('s', floors, { topic: { floor: 'f3', toString: 'x' } }))).toEqual([]);
    expect(checkBinding('mqtt', bindingOf('s', floors, { topic: { floor: 'f3' } }))).toMatchObject([
      { path: ['topic'], what: expect.stringContaining('`toString`'), instead: 'write topic: { toString: ... }' },
    ]);
  });

  it('is refused with everything at once', async () => {
    const bindings = [
      bindingOf('a', 'janitza-umg96rm', { unit: 300 }),
      bindingOf('b', 'lift-opcua', { node: 'L1' }),
      bindingOf('c', 'janitza-umg96rm', { addressOffset: -1 }),
    ];
    const preparing = prepareConnection('modbus-tcp', 'bus', { host: '' }, bindings, testContext());
    await expect(preparing).rejects.toThrowError(/a: `unit`[\s\S]*b: profile[\s\S]*host/);
  });

  it('may have the parameters of its profile', () => {
    expect(Object.keys(equipmentOptionsOf(loadProfile('acrel-dtsd1352'))).sort()).toEqual([
      'addressOffset',
      'ctRatio',
      'pauseBetweenRequests',
      'ptRatio',
      'quirks',
      'timeout',
      'unit',
    ]);
    expect(Object.keys(equipmentOptionsOf(loadProfile('generic-fire-panel'), 'mqtt'))).toEqual(['device', 'topic']);
  });
});

describe('an indexed point', () => {
  it('stands for all its combinations', () => {
    const { generic, points } = expandPoint('loop[2..3].device[1..2].state');
    expect(generic).toBe('loop[].device[].state');
    expect(points.map((p) => p.name)).toEqual([
      'loop[2].device[1].state',
      'loop[2].device[2].state',
      'loop[3].device[1].state',
      'loop[3].device[2].state',
    ]);
    expect(points[3]).toMatchObject({ indexes: { loop: 3, device: 2 }, steps: { loop: 1, device: 1 } });
    expect(expandPoint('speed').points).toMatchObject([{ name: 'speed' }]);
  });

  it('has a range that makes sense', () => {
    expect(() => expandPoint('loop[4..1].state')).toThrowError(/range/);
    expect(() => expandPoint('loop[1..99].device[1..999].state')).toThrowError(/range/);
  });
});

it('the entry of the package loads no protocol library', async () => {
  const entry = new URL('index.ts', import.meta.url).href;
  const script = `
    import { registerHooks } from 'node:module';
    const seen = [];
    registerHooks({ load: (url, context, next) => (seen.push(url), next(url, context)) });
    await import(${JSON.stringify(entry)});
    console.log(seen.filter((u) => /node_modules.(modbus-serial|node-opcua|mqtt)/.test(u)).length, seen.length > 5);`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script]);
  expect(stdout.trim()).toBe('0 true');
});
