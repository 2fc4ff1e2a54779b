import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { checkEffects } from './architecture/effects.ts';
import { checkBarrels, checkHabits, checkReadsOnly } from './architecture/habits.ts';
import { checkImportTable, importTable, type Manifest } from './architecture/import-table.ts';
import { checkSizes, limits, medianLines } from './architecture/sizes.ts';
import type { SourceFile } from './architecture/source-text.ts';
import { checkStages } from './architecture/stages.ts';

/** Files that may break a rule. It stays empty: change the code, or the design with an ADR. */
const exceptions: readonly string[] = [];

const root = join(import.meta.dirname, '..');
const workspaces = [...globSync('packages/*/package.json', { cwd: root }), 'simulators/package.json'];

function readJson(path: string): Record<string, unknown> {
  return JSON.parse(readFileSync(join(root, path), 'utf8')) as Record<string, unknown>;
}

function namesIn(content: Record<string, unknown>, ...keys: string[]): string[] {
  return keys.flatMap((key) => Object.keys((content[key] ?? {}) as object));
}

const sources: SourceFile[] = [
  'packages/*/src/**/*.{ts,tsx}',
  'simulators/src/**/*.ts',
  'scripts/**/*.ts',
  'test/**/*.ts',
]
  .flatMap((pattern) => globSync(pattern, { cwd: root }))
  .map((path) => path.replaceAll('\\', '/'))
  .filter((path) => !path.includes('node_modules'))
  .sort()
  .map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }));

const rootManifest = readJson('package.json');
const manifests = new Map<string, Manifest>([
  ['scripts', { exports: [], dependencies: namesIn(rootManifest, 'devDependencies') }],
  ...workspaces.map((path): [string, Manifest] => {
    const content = readJson(path);
    const name = String(content.name).replace('@plantroom/', '');
    return [
      name,
      { exports: namesIn(content, 'exports'), dependencies: namesIn(content, 'dependencies', 'devDependencies') },
    ];
  }),
]);
const entries = workspaces.flatMap((path) =>
  Object.values((readJson(path).exports ?? {}) as Record<string, string>).map((entry) => join(path, '..', entry)),
);

describe('the project', () => {
  test('has an import table for every package', () => {
    expect([...manifests.keys()].sort()).toEqual(Object.keys(importTable).sort());
  });

  test('keeps to the import table', () => {
    expect(checkImportTable(sources, manifests, namesIn(rootManifest, 'devDependencies'))).toEqual(exceptions);
  });

  test('lets only app.ts join stages', () => expect(checkStages(sources)).toEqual(exceptions));
  test('keeps effects at their address', () => expect(checkEffects(sources)).toEqual(exceptions));
  test('has no barrels but entries', () => expect(checkBarrels(sources, entries)).toEqual(exceptions));
  test('keeps its habits', () => expect(checkHabits(sources)).toEqual(exceptions));
  test('only reads the field', () => expect(checkReadsOnly(sources)).toEqual(exceptions));

  test('keeps files and functions small', () => {
    expect(checkSizes(sources)).toEqual(exceptions);
    expect(medianLines(sources)).toBeLessThanOrEqual(limits.fileMedian);
  });

  test('has no exceptions', () => expect(exceptions).toHaveLength(0));
});

const source = (path: string, ...lines: string[]): SourceFile => ({ path, text: `${lines.join('\n')}\n` });
const known = new Map<string, Manifest>([
  ['model', { exports: ['.', './wire'], dependencies: ['zod'] }],
  ['base', { exports: ['.'], dependencies: ['pino'] }],
  ['testing', { exports: ['.'], dependencies: [] }],
]);

describe('the import rules find', () => {
  const cases: [string, SourceFile][] = [
    ['a forbidden package', source('packages/model/src/a.ts', "import { x } from '@plantroom/base';")],
    ['a forbidden type', source('packages/model/src/a.ts', "import type { x } from '@plantroom/base';")],
    ['a forbidden dynamic import', source('packages/detection/src/a.ts', "const x = await import('@plantroom/base');")],
    ['a forbidden re-export', source('packages/energy/src/a.ts', "export * from '@plantroom/base';")],
    [
      'an import over several lines',
      source('packages/model/src/a.ts', 'import {', '  x,', "} from '@plantroom/base';"),
    ],
    ['a simulator that uses the model', source('simulators/src/a.ts', "import { x } from '@plantroom/model';")],
    ['a relative way out', source('packages/model/src/a.ts', "import { x } from '../../base/src/clock.ts';")],
    ['a relative import without .ts', source('packages/model/src/a.ts', "import { x } from './b';")],
    ['a door that is not an entry', source('packages/drivers/src/a.ts', "import { x } from '@plantroom/model/kinds';")],
    ['a package that is not declared', source('packages/model/src/a.ts', "import { x } from 'lodash';")],
    ['a test kit in product code', source('packages/base/src/a.ts', "import { x } from './testing/b.ts';")],
    ['test helpers in product code', source('packages/base/src/a.ts', "import { x } from '@plantroom/testing';")],
  ];
  test.each(cases)('%s', (_, file) => expect(checkImportTable([file], known)).toHaveLength(1));

  test('nothing in what is allowed', () => {
    const files = [
      source('packages/drivers/src/a.ts', "import { x } from '@plantroom/model/wire';", "import './b.ts';"),
      source('packages/model/src/a.test.ts', "import { x } from '@plantroom/testing';", "import 'vitest';"),
      source('packages/model/src/b.ts', "// import { x } from '@plantroom/base';", "import { z } from 'zod';"),
    ];
    expect(checkImportTable(files, known, ['vitest'])).toEqual([]);
  });
});

describe('the stage rules find', () => {
  test('a stage that imports another', () => {
    const file = source('packages/gateway/src/outbox/a.ts', "import { x } from '../uplink/b.ts';");
    expect(checkStages([file])).toHaveLength(1);
  });

  test('a way through a file outside the stages', () => {
    const files = [
      source('packages/gateway/src/shuttle.ts', "export { x } from './uplink/b.ts';"),
      source('packages/gateway/src/outbox/a.ts', "import { x } from '../shuttle.ts';"),
    ];
    expect(checkStages(files)).toHaveLength(1);
  });

  test('a cloud folder that reaches behind a contract, and only that', () => {
    const reach = source('packages/cloud/src/api/a.ts', "import { x } from '../records/sqlite.ts';");
    const contract = source('packages/cloud/src/api/b.ts', "import { x } from '../records/contract.ts';");
    const wiring = source('packages/cloud/src/app.ts', "import { x } from './records/sqlite.ts';");
    expect(checkStages([reach, contract, wiring])).toHaveLength(1);
  });
});

describe('the effect rules find', () => {
  const cases: [string, SourceFile][] = [
    ['the time', source('packages/model/src/a.ts', 'const now = Date.now();')],
    ['the time in a template', source('packages/model/src/a.ts', `const t = \`$\{Date.now()}\`;`)],
    ['a new date of now', source('packages/gateway/src/a.ts', 'const d = new Date();')],
    ['a timer', source('packages/cloud/src/api/a.ts', 'setTimeout(() => {}, 1);')],
    [
      'a timer by import',
      source('packages/cli/src/a.ts', "import { setTimeout as sleep } from 'node:timers/promises';"),
    ],
    ['randomness', source('simulators/src/a.ts', 'const r = Math.random();')],
    ['SQLite elsewhere', source('packages/cloud/src/records/a.ts', "import { DatabaseSync } from 'node:sqlite';")],
    ['DuckDB elsewhere', source('packages/cloud/src/a.ts', "const d = await import('@duckdb/node-api');")],
    ['the environment', source('packages/gateway/src/outbox/a.ts', 'const x = process.env.HOME;')],
    ['a field socket elsewhere', source('packages/drivers/src/modbus/decode.ts', "import M from 'modbus-serial';")],
  ];
  test.each(cases)('%s', (_, file) => expect(checkEffects([file])).toHaveLength(1));

  test('nothing at the address, in comments or in strings', () => {
    const files = [
      source('packages/base/src/clock.ts', 'const now = Date.now();'),
      source('packages/cloud/src/records/records-sqlite.ts', "import { DatabaseSync } from 'node:sqlite';"),
      source('packages/cloud/src/records/rows.ts', "import type { DatabaseSync } from 'node:sqlite';"),
      source(
        'packages/model/src/a.ts',
        '// Date.now() is not for us',
        "const text = 'Date.now()';",
        'const q = /["`]/;',
      ),
      source('packages/model/src/b.ts', 'const d = new Date(time);'),
      source('packages/gateway/src/config/env.ts', 'const x = process.env.HOME;'),
    ];
    expect(checkEffects(files)).toEqual([]);
  });
});

describe('the size rules find', () => {
  const body = (lines: number) => Array.from({ length: lines }, (_, i) => `  const x${i} = ${i};`);

  test('a long file', () => {
    expect(checkSizes([source('packages/base/src/a.ts', ...body(401))])).toHaveLength(1);
    expect(checkSizes([source('packages/base/src/a.ts', ...body(400))])).toEqual([]);
  });

  test.each([
    ['function', 'export async function f(a: number): Promise<void> {'],
    ['arrow function', 'const f = (a: number) => {'],
    ['method', '#run(a: number): void {'],
    ['head over several lines', '): Promise<void> {'],
    ['callback', "describe('x', () => {"],
  ])('a long %s', (_, head) => {
    expect(checkSizes([source('packages/base/src/a.ts', head, ...body(79), '}')])).toHaveLength(1);
    expect(checkSizes([source('packages/base/src/a.ts', head, ...body(78), '}')])).toEqual([]);
  });

  test('no function in a long class, table or condition', () => {
    const heads = ['export class A {', 'const table = {', 'if (x) {', 'for (const a of b()) {'];
    expect(heads.flatMap((h) => checkSizes([source('packages/base/src/a.ts', h, ...body(90), '}')]))).toEqual([]);
  });
});

describe('the habit rules find', () => {
  test('a barrel', () => {
    const barrel = source(
      'packages/base/src/config/index.ts',
      "export * from './a.ts';",
      "export { b } from './b.ts';",
    );
    expect(checkBarrels([barrel], [])).toHaveLength(1);
    expect(checkBarrels([barrel], ['packages/base/src/config/index.ts'])).toEqual([]);
  });

  test('unfinished work and odd names', () => {
    const todo = source('packages/base/src/a.ts', `// ${'TO'}${'DO'}: later`);
    expect(checkHabits([todo, source('packages/base/src/BadName.ts', '')])).toHaveLength(2);
  });
});

test.each([
  ['await session.writeSingleNode(node, value);', 'opcua/client.ts'],
  ['await this.#session.write(nodes);', 'opcua/client.ts'],
  ['session.call({ objectId, methodId });', 'opcua/client.ts'],
  ['client.publish(topic, "1");', 'mqtt/client.ts'],
  ['await modbus.writeRegister(1, 2);', 'modbus/client.ts'],
])('the field is not written by %s', (line, file) => {
  expect(checkReadsOnly([source(`packages/drivers/src/${file}`, line)])).toHaveLength(1);
});
