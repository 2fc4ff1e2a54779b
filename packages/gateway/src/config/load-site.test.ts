import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConfigError, formatProblem } from '@plantroom/base';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { cloudAccess } from './cloud-access.ts';
import { loadSite, parseSite } from './load-site.ts';
import { readSecrets } from './secrets.ts';

const head = 'site: { id: harbour-tower, name: Harbour Tower, timezone: Asia/Shanghai }';

function problemsOf(text: string): string[] {
  try {
    parseSite(text, 'site.yaml');
  } catch (thrown) {
    if (thrown instanceof ConfigError) return thrown.problems.map(formatProblem);
    throw thrown;
  }
  return [];
}

test('a meter takes four lines', () => {
  const site = parseSite(
    `${head}
connections: { meter-bus: { modbus-tcp: 192.0.2.10 } }
equipment:
  main-meter: { profile: janitza-umg96rm, on: meter-bus, unit: 3, name: { en: Main meter, zh: 总表 }, at: B1, period: 500 }
`,
    'site.yaml',
  );
  expect(site.site.name).toEqual({ en: 'Harbour Tower', zh: 'Harbour Tower' });
  expect(site.gateway).toEqual({ id: 'gw-1', log: { maximum: 4096, free: 256 }, clock: { wait: 120 } });
  expect(site.connections[0]).toMatchObject({ id: 'meter-bus', type: 'modbus-tcp', settings: { host: '192.0.2.10' } });
  expect(site.connections[0]?.bindings[0]).toMatchObject({ id: 'main-meter', options: { unit: 3 }, period: 500 });
  expect(site.equipment[0]).toMatchObject({
    kind: 'energy-meter',
    place: { en: 'B1', zh: 'B1' },
    connection: 'meter-bus',
  });
});

describe('every mistake is told with its line, at once', () => {
  test('in the head of the file', () => {
    expect(
      problemsOf(`site: { id: Harbour, name: Harbour Tower, timezone: Asia/Shangai }
gateway:
  cloud: { url: plant.example.com }
  colour: red
buildings: {}
`),
    ).toEqual([
      'site.yaml:1: `site.id`: use 1 to 64 lower-case letters, digits and inner hyphens, such as main-meter',
      'site.yaml:1: there is no time zone `Asia/Shangai`; write a name of the tz database such as Asia/Shanghai',
      'site.yaml:3: `gateway.cloud.url`: write a broker such as mqtts://plant.example.com:8883',
      'site.yaml:4: unknown key `colour` in `gateway`; remove it or correct its spelling',
      'site.yaml:5: unknown key `buildings` in the file; remove it or correct its spelling',
    ]);
    expect(problemsOf(head.replace('Shanghai', 'Shangai'))).toEqual([
      'site.yaml:1: there is no time zone `Asia/Shangai`; write a name of the tz database such as Asia/Shanghai',
    ]);
  });

  test('in one go: a misspelt type or profile, or a missing key, hides nothing else', () => {
    expect(
      problemsOf(`${head}
connections:
  bus: { modbs-tcp: 192.0.2.10 }
  wrong: { modbus-tcp: { host: 192.0.2.11, prt: 502 } }
equipment:
  a: { profile: eastron-sdm63, on: bus, unit: 999, name: A, parent: nobody }
  b: { profile: eastron-sdm630, on: wrong, unit: x }
  c: { profile: eastrn-sdm630, on: buss, unit: 1, name: C }
`).map((p) => p.replace('site.yaml:', '')),
    ).toEqual([
      '3: connection `bus` is of an unknown type `modbs-tcp`; write modbus-tcp',
      '4: unknown key `prt` in `connections.wrong.modbus-tcp`; remove it or correct its spelling',
      '6: there is no device profile `eastron-sdm63`; write eastron-sdm630',
      '6: `a`: `unit` is too large; write at most 255',
      expect.stringMatching(/^6: the parent of `a`, `nobody`, is no equipment of this file/),
      '7: `equipment.b.name` is missing',
      '7: `b`: `unit` must be a number; write a number',
      '8: there is no device profile `eastrn-sdm630`; write eastron-sdm630',
      '8: `c` is on `buss`, which is no connection of this file; write bus',
    ]);
  });

  test('in connections', () => {
    expect(
      problemsOf(`${head}
connections:
  one: { modbus-ascii: /dev/ttyS0 }
  two: { modbus-tcp: 192.0.2.10, mqtt: mqtt://192.0.2.11 }
  three: {}
  four: { modbus-tcp: { host: 192.0.2.10, prot: 502 } }
  five: { mqtt: embedded }
  six: { mqtt: { url: mqtt://192.0.2.12, user: a, password: plain } }
  Seven: { modbus-tcp: 192.0.2.10 }
`),
    ).toEqual([
      'site.yaml:3: connection `one` is of an unknown type `modbus-ascii`; write one of modbus-tcp, modbus-rtu, modbus-rtu-over-tcp, opc-ua, mqtt, replay and its settings',
      'site.yaml:4: connection `two` has 2 types (modbus-tcp, mqtt) where one belongs; write one of modbus-tcp, modbus-rtu, modbus-rtu-over-tcp, opc-ua, mqtt, replay and its settings',
      'site.yaml:5: connection `three` does not say what it is; write one of modbus-tcp, modbus-rtu, modbus-rtu-over-tcp, opc-ua, mqtt, replay and its settings',
      'site.yaml:6: unknown key `prot` in `connections.four.modbus-tcp`; remove it or correct its spelling',
      "site.yaml:7: connection `five` uses the gateway's own broker, and the file has none; add `broker:` with the users that devices sign in as",
      'site.yaml:8: connection `six` has its password in the file; write `password: { file: ... }` or `password: { env: ... }`',
      'site.yaml:9: `Seven` cannot be an id; write 1 to 64 lower-case letters, digits and inner hyphens, such as main-meter',
    ]);
  });

  test('in equipment', () => {
    expect(
      problemsOf(`${head}
connections:
  meter-bus: { modbus-tcp: 192.0.2.10 }
  lifts: { opc-ua: opc.tcp://192.0.2.20:4840 }
equipment:
  a: { profile: janitza-umg97, on: meter-bus, name: A }
  b: { profile: janitza-umg96rm, on: meter-buss, name: B }
  c: { profile: janitza-umg96rm, on: meter-bus, unit: 1, name: C, uint: 2 }
  d: { profile: abb-b23, on: meter-bus, unit: 1, name: D }
  e: { profile: abb-b23, on: lifts, name: E }
  f: { profile: abb-b23, on: meter-bus, unit: 2, name: F, parent: nobody }
  g: { profile: abb-b23, on: meter-bus, unit: 3, name: G, parent: h }
  h: { profile: abb-b23, on: meter-bus, unit: 4, name: H, parent: g }
  i: { profile: abb-b23, on: meter-bus, unit: 5, name: I, events: { on: lifts } }
  j: { profile: abb-b23, on: meter-bus, unit: 300, name: J }
  k: { profile: abb-b23, on: meter-bus, unit: 6, at: B1 }
`).map((p) => p.replace('site.yaml:', '')),
    ).toEqual([
      '6: there is no device profile `janitza-umg97`; write janitza-umg96rm',
      '7: `b` is on `meter-buss`, which is no connection of this file; write meter-bus',
      '8: `c`: profile `janitza-umg96rm` over modbus has no key `uint`; remove it',
      '9: `d` has unit 1 on `meter-bus`, and so has `c`; give each its own unit',
      '10: `e`: profile `abb-b23` is read over modbus, the connection is opc-ua; put it on a connection that speaks modbus',
      expect.stringMatching(/^11: the parent of `f`, `nobody`, is no equipment of this file; write /),
      '12: `g` stands above itself in the meter tree; break the circle of parents',
      '13: `h` stands above itself in the meter tree; break the circle of parents',
      '14: profile `abb-b23` reports no events; remove `events`',
      '15: `j`: `unit` is too large; write at most 255',
      '16: `equipment.k.name` is missing',
    ]);
  });

  test('in thresholds', () => {
    const problems = problemsOf(`${head}
connections: { pump-bus: { modbus-tcp: 192.0.2.10 } }
equipment:
  p:
    { profile: grundfos-cim, on: pump-bus, name: P, parameters: { pump.dry-rum: { delay: 1 }, pump.dry-run: { colour: 1 } } }
`);
    expect(problems).toEqual([
      expect.stringMatching(/^site\.yaml:5: `p`: `pump\.dry-rum` is no fault of pump with parameters; write one of /),
      expect.stringMatching(/^site\.yaml:5: `pump\.dry-run` has no parameter `colour`; write /),
    ]);
  });

  test('in two meters of one device', () => {
    const site = (second: string) => `${head}
connections: { bus: { modbus-tcp: 192.0.2.10 } }
equipment:
  grid: { profile: sunspec-meter, on: bus, name: Grid }
  load: { profile: sunspec-meter, on: bus, name: Load, ${second} }
`;
    expect(problemsOf(site('meter: 2'))).toEqual([]);
    expect(problemsOf(site('meter: 1'))).toEqual([
      'site.yaml:5: `load` has unit 1 on `bus`, and so has `grid`; give each its own unit',
    ]);
  });

  test('in report by exception', () => {
    const problems = problemsOf(`${head}
connections: { pump-bus: { modbus-tcp: 192.0.2.10 } }
equipment:
  p: { profile: grundfos-cim, on: pump-bus, name: P, report: { flw: { deadband: 1 }, running: { deadband: 1 } } }
  q: { profile: grundfos-cim, on: pump-bus, unit: 2, name: Q, report: { flow: { deadband: 2 l/s } } }
  r: { profile: grundfos-cim, on: pump-bus, unit: 3, name: R, report: { flow: { maximumSilence: 5 } } }
`).map((p) => p.replace('site.yaml:', ''));
    expect(problems).toEqual([
      expect.stringMatching(/^4: `p`: profile `grundfos-cim` gives no point `flw`; write .*flow/),
      '4: `p`: `running` is a state, each change of which is logged; remove its `deadband`',
      expect.stringMatching(/^5: `equipment\.q\.report\.flow\.deadband`: write a figure in the point's unit/),
      '6: `equipment.r.report.flow.maximumSilence` is too small; write at least 1000',
    ]);
  });

  test('an id that stands twice', () => {
    expect(problemsOf(`${head}\nequipment:\n  a: {}\n  a: {}\n`)).toEqual([
      'site.yaml:4: this key stands here a second time; give each entry its own id',
    ]);
  });
});

describe('secrets', () => {
  test('in an address are refused, by their lines, and not repeated', () => {
    const problems = problemsOf(
      `${head}
gateway: { cloud: { url: "mqtts://gw:hunter2@192.0.2.1", password: { file: gateway.secret } } }
connections:
  plain: { mqtt: "mqtt://ada:hunter2@192.0.2.2" }
  long: { mqtt: { url: "mqtt://hunter2@192.0.2.2" } }
  plc: { opc-ua: { endpoint: "opc.tcp://ada:hunter2@192.0.2.3:4840" } }
  slash: { mqtt: "mqtt://ada:hunt/er2@192.0.2.2" }
equipment: {}
`,
    );
    expect(problems.map((p) => p.replace(/ has .*/, ''))).toEqual([
      'site.yaml:2: `gateway.cloud`',
      'site.yaml:4: connection `plain`',
      'site.yaml:5: connection `long`',
      'site.yaml:6: connection `plc`',
      'site.yaml:7: connection `slash`',
    ]);
    expect(problems[1]).toMatch(/password: \{ file: \.\.\. \}/);
    expect(problems.join()).not.toContain('hunter2');
  });

  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'plantroom-site-'));
  });
  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  const text = `${head}
gateway: { cloud: { url: mqtt://192.0.2.1, password: { file: gateway.secret } } }
broker: { users: { sensors: { password: { env: PLANTROOM_TEST_NO_SUCH_VARIABLE } } } }
connections: { mqtt-bus: { mqtt: { url: mqtt://192.0.2.12, user: a, password: { file: bus.secret } } } }
`;

  test('are read beside the site file, and all that are missing are named with their lines', () => {
    const file = join(directory, 'site.yaml');
    writeFileSync(file, text);
    writeFileSync(join(directory, 'bus.secret'), '');
    const site = loadSite(file);
    const problems = (): string[] => {
      try {
        readSecrets(site);
      } catch (thrown) {
        if (thrown instanceof ConfigError) return thrown.problems.map((p) => `${p.line}: ${p.what}`);
      }
      return [];
    };
    expect(problems()).toEqual(
      [
        '3: the secret file gateway.secret cannot be read (ENOENT)',
        '4: the environment variable PLANTROOM_TEST_NO_SUCH_VARIABLE is not set',
        '5: the secret file bus.secret is empty',
      ].map((p) => p.replace(/^\d+/, (n) => String(Number(n) - 1))),
    );
  });

  test('of the cloud come with the gateway’s own name, unless they are given', () => {
    const file = join(directory, 'site.yaml');
    writeFileSync(file, text.replace(/^broker.*\n^connections.*\n/m, ''));
    writeFileSync(join(directory, 'gateway.secret'), 'xyz\n');
    const site = loadSite(file);
    expect(cloudAccess(site, readSecrets(site))).toEqual({
      url: 'mqtt://192.0.2.1',
      user: 'harbour-tower/gw-1',
      password: 'xyz',
    });
    const given = { url: 'mqtt://192.0.2.9', password: 'abc' };
    expect(cloudAccess(site, readSecrets(site, 'gateway'), given)).toMatchObject(given);
    expect(cloudAccess(parseSite(head, file), () => undefined)).toBeUndefined();
  });

  test('of the cloud may leave the address to an option, and its authority too', () => {
    const file = join(directory, 'site.yaml');
    for (const name of ['a.pem', 'b.pem']) writeFileSync(join(directory, name), name);
    const site = parseSite(`${head}\ngateway: { cloud: { ca: a.pem } }\n`, file);
    const given = { url: 'mqtts://192.0.2.9', password: 'abc' };
    expect(cloudAccess(site, () => undefined, given)?.ca).toBe('a.pem');
    expect(cloudAccess(site, () => undefined, { ...given, ca: join(directory, 'b.pem') })?.ca).toBe('b.pem');
    expect(() => cloudAccess(site, () => undefined)).toThrow(/no address of a broker/);
    expect(() => cloudAccess(site, () => undefined, { ...given, ca: '/nowhere' })).toThrow('/nowhere cannot be read');
  });
});

test('a file that is not there is said so', () => {
  expect(() => loadSite('/nowhere/site.yaml')).toThrow(/cannot be read \(ENOENT\)/);
});

test('reads a profile of the site’s own, and tells its mistakes at its own lines, once', () => {
  const folder = mkdtempSync(join(tmpdir(), 'plantroom-own-profile-'));
  const own = (type: string) =>
    `name: my-meter\ntitle: { en: Mine, zh: 自有 }\nkind: energy-meter\nsource: us\nmark: own\nperiod: 1000\nprotocol: modbus\nmodbus: { area: holding }\npoints:\n  power: { address: 0, type: ${type} }\n`;
  const entry = (id: string, unit: number) =>
    `  ${id}: { profile: ./my-meter.yaml, on: bus, unit: ${unit}, name: { en: M, zh: 表 }, at: here }`;
  const site = [
    'site: { id: s, name: { en: S, zh: 站 }, timezone: UTC }',
    'connections: { bus: { modbus-tcp: 192.0.2.1 } }',
    'equipment:',
    entry('m-1', 1),
    entry('m-2', 2),
  ].join('\n');
  const file = join(folder, 'site.yaml');
  writeFileSync(file, site);
  writeFileSync(join(folder, 'my-meter.yaml'), own('int16'));
  expect(loadSite(file).equipment.map((e) => [e.id, e.profile.name])).toEqual([
    ['m-1', 'my-meter'],
    ['m-2', 'my-meter'],
  ]);
  writeFileSync(join(folder, 'my-meter.yaml'), own('int17'));
  expect(() => loadSite(file)).toThrowError(/one thing to mend:\s+.*my-meter\.yaml:10: `points\.power\.type`/);
  rmSync(join(folder, 'my-meter.yaml'));
  expect(() => loadSite(file)).toThrowError(/the file .*my-meter\.yaml cannot be read/);
  rmSync(folder, { recursive: true });
});

test('devices of one name below different edge nodes are different devices', () => {
  const folder = mkdtempSync(join(tmpdir(), 'plantroom-own-profile-'));
  const room = (name: string) =>
    `name: ${name}\ntitle: { en: R, zh: 室 }\nkind: environment-sensor\nsource: us\nmark: own\nperiod: 1000\nprotocol: sparkplug\npoints: { temperature: { metric: ${name} } }\n`;
  for (const name of ['a', 'b']) writeFileSync(join(folder, `${name}.yaml`), room(name));
  const entry = (id: string, profile: string, node: string) =>
    `  ${id}: { profile: ./${profile}.yaml, on: plant, group: t, node: ${node}, device: hall, name: ${id} }`;
  const head =
    'site: { id: s, name: S, timezone: UTC }\nconnections: { plant: { mqtt: mqtt://192.0.2.1 } }\nequipment:\n';
  const file = join(folder, 'site.yaml');
  writeFileSync(
    file,
    `${head}${[entry('e-1', 'a', 'n1'), entry('e-2', 'a', 'n2'), entry('e-3', 'b', 'n1')].join('\n')}\n`,
  );
  expect(loadSite(file).equipment).toHaveLength(3);
  writeFileSync(file, `${head}${[entry('e-1', 'a', 'n1'), entry('e-2', 'a', 'n1')].join('\n')}\n`);
  expect(() => loadSite(file)).toThrowError(/`e-2` has device t\/n1\/hall by profile a on `plant`, and so has `e-1`/);
  rmSync(folder, { recursive: true });
});
