import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { diffSites, loadSite } from '@plantroom/gateway/config';
import { afterAll, expect, test } from 'vitest';
import { diffText } from './diff-text.ts';
import { planSite } from './plan.ts';

const folder = mkdtempSync(join(tmpdir(), 'plantroom-diff-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Ten lines of 30 meters, all of one template. */
function site(name: string, period: number, edit: (rows: string[]) => string[] = (rows) => rows) {
  const connections = Array.from({ length: 10 }, (_, i) => `  line-${i}: { modbus-rtu-over-tcp: 192.0.2.${i + 1} }`);
  const rows = Array.from({ length: 300 }, (_, i) => `m-${i},${(i % 30) + 1},${Math.floor(i / 30)},`);
  writeFileSync(join(folder, `${name}.csv`), ['id,unit,line,period', ...edit(rows), ''].join('\n'));
  const file = join(folder, `${name}.yaml`);
  writeFileSync(
    file,
    `
site: { id: tower, name: Tower, timezone: Asia/Shanghai }
connections:
${connections.join('\n')}
templates: { tenant: { profile: eastron-sdm630, on: "line-{line}", period: ${period}, name: "Tenant {id}" } }
equipment-from: { csv: ${name}.csv, template: tenant }
`,
  );
  return loadSite(file);
}

async function textOf(before: ReturnType<typeof site>, after: ReturnType<typeof site>): Promise<string> {
  const plan = (of: typeof before) => planSite(of, { directory: folder });
  return diffText(diffSites(before, after), await plan(before), await plan(after)).join('\n');
}

const before = site('before', 20_000);

test('three meters of 300 are three lines, and buses as before share one', async () => {
  const after = site('after', 20_000, (rows) => [
    ...rows.slice(0, 99),
    'm-new,31,9,',
    'm-100,11,3,5000',
    ...rows.slice(101),
  ]);
  expect(await textOf(before, after)).toMatchInlineSnapshot(`
    "+ m-new (eastron-sdm630) on line-9 unit 31: 3 requests every 20 s
    - m-99 (eastron-sdm630) on line-3 unit 10: 3 requests every 20 s
    ~ m-100: period 20000 -> 5000
    = 298 equipment as before

    line-0, line-1 ... line-8 (8 connections): 4.5 requests/s, 36 % of the bus, as before
    line-3: 4.5 requests/s, 36 % of the bus -> 4.8 requests/s, 38 % of the bus
    line-9: 4.5 requests/s, 36 % of the bus -> 4.65 requests/s, 37 % of the bus"
  `);
});

test('another default of the template is one line, with the warning that it brings', async () => {
  expect(await textOf(before, site('fast', 5000))).toMatchInlineSnapshot(`
    "~ m-0, m-1 ... m-299 (300 equipment): period 20000 -> 5000
    = 0 equipment as before

    line-0, line-1 ... line-9 (10 connections): 4.5 requests/s, 36 % of the bus -> 18 requests/s, 143 % of the bus
      ! The bus needs 143 % of its time. Make the periods 1.6 times as long, raise the baud rate, or move devices to another bus."
  `);
});
