import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConfigError, formatProblem } from '@plantroom/base';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { loadSite } from './load-site.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'plantroom-site-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const head = `site: { id: campus, name: Campus, timezone: Asia/Shanghai }
`;

function load(site: string, tables: Readonly<Record<string, string | Uint8Array>> = {}) {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'site.yaml'), head + site);
  for (const [name, text] of Object.entries(tables)) writeFileSync(join(folder, name), text);
  return loadSite(join(folder, 'site.yaml'));
}

function problemsOf(site: string, tables: Readonly<Record<string, string | Uint8Array>> = {}): string[] {
  try {
    load(site, tables);
  } catch (thrown) {
    if (thrown instanceof ConfigError)
      return thrown.problems.map((p) => formatProblem(p).replace(`${folder}/`, '').replace(`${folder}/`, ''));
    throw thrown;
  }
  return [];
}

const meters = `connections:
  riser-a: { modbus-tcp: 192.0.2.10 }
  riser-b: { modbus-tcp: 192.0.2.11, defaults: { period: 10000 } }
templates:
  tenant:
    profile: eastron-sdm630
    on: riser-{riser}
    name: { en: "Tenant {room}", zh: "{room} 租户" }
    at: "{floor}F"
    ratings: { ratedVoltage: 230 }
equipment-from: { csv: meters.csv, template: tenant }
`;

describe('300 meters', () => {
  const rows = Array.from({ length: 300 }, (_, i) => {
    const riser = i < 150 ? 'a' : 'b';
    return `m-${i + 1},${(i % 150) + 1},${riser},${100 + i},${1 + Math.floor(i / 10)}`;
  });

  test('take one CSV of 301 lines', () => {
    const site = load(meters, { 'meters.csv': `id,unit,riser,room,floor\n${rows.join('\n')}\n` });
    expect(site.equipment).toHaveLength(300);
    expect(site.connections.map((c) => c.bindings.length)).toEqual([150, 150]);
    expect(site.equipment[299]).toMatchObject({
      id: 'm-300',
      name: { en: 'Tenant 399', zh: '399 租户' },
      place: { en: '30F', zh: '30F' },
      ratings: { ratedVoltage: 230 },
    });
    expect(site.connections[0]?.bindings[7]).toMatchObject({ id: 'm-8', options: { unit: 8 } });
    expect(site.connections[0]?.bindings[7]?.period).toBeUndefined();
    expect(site.connections[1]?.bindings[0]).toMatchObject({ id: 'm-151', options: { unit: 1 }, period: 10_000 });
  });

  test('tell a mistake of the table by its line, and one of the template once', () => {
    const wrong = rows.with(4, 'm-5,five,a,104,1').with(17, 'm-18,17,a,117,2').with(20, 'm-2,21,a,120,3');
    const site = meters.replace('ratedVoltage: 230', 'ratedVoltage: high');
    expect(problemsOf(site, { 'meters.csv': `id,unit,riser,room,floor\n${wrong.join('\n')}\n` })).toEqual([
      'site.yaml:11: `equipment.m-1.ratings.ratedVoltage` must be a number; write a number',
      'meters.csv:6: `m-5`: `unit` must be a number; write a number',
      expect.stringMatching(/^meters\.csv:22: `m-2` stands a second time, first in .*meters\.csv:3; give each/),
    ]);
    expect(problemsOf(meters, { 'meters.csv': `id,unit,riser,room,floor\n${wrong.join('\n')}\n` })).toEqual([
      'meters.csv:6: `m-5`: `unit` must be a number; write a number',
      'meters.csv:19: `m-18` has unit 17 on `riser-a`, and so has `m-17`; give each its own unit',
      expect.stringMatching(/^meters\.csv:22: `m-2` stands a second time/),
    ]);
  });
});

test('a placeholder that a nearer place overrides is not asked for; the profile may come from the defaults', () => {
  const site = load(
    `connections:
  riser-a: { modbus-tcp: 192.0.2.10, defaults: { profile: eastron-sdm630, period: 5000 } }
templates:
  tenant: { on: "riser-{riser}", name: { en: "Tenant {room}", zh: "{room} 租户" }, at: "{floor}F" }
equipment:
  kiosk: { template: tenant, on: riser-a, unit: 199, name: { en: Kiosk, zh: 售货亭 }, at: Lobby }
equipment-from: { csv: meters.csv, template: tenant }
`,
    { 'meters.csv': 'id,unit,riser,room,floor,period\nm-101,1,a,101,1,\nm-102,2,a,102,1,2000\n' },
  );
  expect(site.connections[0]?.bindings.map((b) => [b.id, b.options.unit, b.period])).toEqual([
    ['kiosk', 199, 5000],
    ['m-101', 1, 5000],
    ['m-102', 2, 2000],
  ]);
});

test('what no column gives is said once, at the header', () => {
  const site = 'connections: { bus: { modbus-tcp: 192.0.2.10 } }\nequipment-from: [{ csv: m.csv }]\n';
  const table = 'id,on,profile,unti\nm-1,bus,abb-b23,1\nm-2,bus,abb-b23,2\n';
  expect(problemsOf(site, { 'm.csv': table })).toEqual([
    'm.csv:1: column `unti` is no key of an equipment and the template has no `{unti}`; correct its name, or remove it',
    'm.csv:1: `equipment.m-1.name` is missing',
  ]);
});

test('a column or placeholder named like what every object has is none of ours', () => {
  const odd = 'toString,__proto__,constructor.name,ratings.__proto__,report.power.valueOf';
  const site =
    'connections: { bus: { modbus-tcp: 192.0.2.10 } }\nequipment-from:\n  csv: m.csv\n  template: { profile: abb-b23, on: bus, name: "{toString}{id}" }\n';
  const problems = problemsOf(site, { 'm.csv': `id,${odd}\nm-1,a,b,c,4,5\n` });
  const strange = odd.split(',').filter((column) => column !== 'toString');
  expect(problems).toEqual(strange.map((column) => expect.stringContaining(`m.csv:1: column \`${column}\` is no key`)));
  expect(problemsOf(site, { 'm.csv': 'id\nm-1\n' })).toEqual([
    expect.stringMatching(/^site\.yaml:5: `\{toString\}` in .* stands for nothing/),
  ]);
  expect(problemsOf(site, { 'm.csv': 'id,toString\nm-1,\n' })).toEqual([expect.stringMatching(/`toString`.*asks for/)]);
  expect(load(site, { 'm.csv': 'id,toString\nm-1,A\n' }).equipment[0]?.name.en).toBe('Am-1');
});

test('a table may say how single points are reported', () => {
  const site = load(meters, {
    'meters.csv':
      'id,unit,riser,room,floor,report.power.deadband,report.power.maximumSilence\nm-1,1,b,101,1,2 %,5000\nm-2,2,b,102,1,0.5,\n',
  });
  expect(site.equipment.map((e) => e.report)).toEqual([
    { power: { deadband: { percent: 2 }, maximumSilence: 5000 } },
    { power: { deadband: { absolute: 0.5 } } },
  ]);
});

test('an empty cell leaves the key to template and defaults, unless the template asks for it', () => {
  const table =
    'id,unit,riser,room,floor,period,name.en,ratings.ratedVoltage\nm-1,1,b,101,,2000,Shop,400\nm-2,2,b,102,1\n';
  const site = load(meters.replace('\n    at: "{floor}F"', ''), {
    'meters.csv': table.replace(',floor', '').replace('101,,', '101,').replace('102,1', '102'),
  });
  expect(site.connections[1]?.bindings.map((b) => b.period)).toEqual([2000, 10_000]);
  expect(site.equipment.map((e) => e.name)).toEqual([
    { en: 'Shop', zh: '101 租户' },
    { en: 'Tenant 102', zh: '102 租户' },
  ]);
  expect(site.equipment.map((e) => e.ratings.ratedVoltage)).toEqual([400, 230]);
  expect(problemsOf(meters, { 'meters.csv': table })).toEqual([
    'meters.csv:2: `m-1` has no `floor`, which `templates.tenant` asks for; write it',
  ]);
});

test('an entry of the site file takes a template as well', () => {
  const site = load(`connections: { bus: { modbus-tcp: 192.0.2.10 } }
templates: { tenant: { profile: eastron-sdm630, on: bus, name: "Unit {unit}", at: Riser } }
equipment:
  shop: { template: tenant, unit: 9 }
`);
  expect(site.equipment[0]).toMatchObject({
    id: 'shop',
    name: { en: 'Unit 9' },
    place: { en: 'Riser', zh: 'Riser' },
    connection: 'bus',
  });
});

test('the example of the documentation is right', () => {
  const text = readFileSync(join(import.meta.dirname, '../../../../docs/configuration.md'), 'utf8');
  const [site = '', table = ''] = [/```yaml\n([\s\S]*?)```/, /```\n(id,[\s\S]*?)```/].map(
    (p) => p.exec(text)?.[1] ?? '',
  );
  expect(load(site, { 'meters.csv': table }).equipment.map((e) => e.id)).toEqual([
    'main-meter',
    'kiosk',
    'm-101',
    'm-102',
  ]);
});

test('what templates, tables and defaults cannot be', () => {
  const site = `connections:
  bus: { modbus-tcp: 192.0.2.10, defaults: { on: bus } }
  net: { modbus-tcp: 192.0.2.11, defaults: 5000 }
templates:
  one: { template: two }
  two: { profile: abb-b23, on: bus, name: "{flour}" }
equipment:
  a: { template: three, profile: abb-b23, on: bus, unit: 1, name: A }
equipment-from:
  - { csv: none.csv, template: two }
  - { csv: bytes.csv, template: four }
  - { csv: noid.csv, template: two }
  - { csv: right.csv, template: two, sheet: 1 }
`;
  const tables = {
    'bytes.csv': Uint8Array.of(0xb1, 0xed),
    'noid.csv': 'unit\n2\n',
    'right.csv': 'id,unit\nb,3\nA,4\n,5\n',
  };
  expect(problemsOf(site, tables)).toEqual([
    'site.yaml:3: `on` cannot be shared in `connections.bus.defaults`; remove it',
    'site.yaml:4: `connections.net.defaults` is no map of keys; write { profile: ..., on: ... }',
    'site.yaml:6: `template` cannot be shared in `templates.one`; remove it',
    'site.yaml:9: there is no template `three`; write one of one, two',
    'site.yaml:14: unknown key `sheet` in `equipment-from.3`; remove it or correct its spelling',
  ]);
  expect(problemsOf(site.replace(', sheet: 1', ''), tables).slice(3)).toEqual([
    'site.yaml:7: `{flour}` in `templates.two` stands for nothing; correct its name',
    'site.yaml:9: there is no template `three`; write one of one, two',
    "site.yaml:11: the file none.csv cannot be read (ENOENT); give its path from the site file's folder",
    'site.yaml:12: bytes.csv is not UTF-8; save it as UTF-8',
    'noid.csv:1: there is no column `id`; name one column id: it holds the id of each equipment',
    'right.csv:3: `A` cannot be an id; write 1 to 64 lower-case letters, digits and inner hyphens, such as main-meter',
    'right.csv:4: the line has no id; write one in the column id',
  ]);
});
