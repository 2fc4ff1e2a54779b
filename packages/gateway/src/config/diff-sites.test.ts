import { expect, test } from 'vitest';
import { diffSites } from './diff-sites.ts';
import { parseSite } from './load-site.ts';

const site = (connections: string, equipment: string, more = '') =>
  parseSite(
    `site: { id: campus, name: Campus, timezone: Asia/Shanghai }
connections: { bus: { modbus-tcp: ${connections} } }
equipment:
${equipment}${more}`,
    'site.yaml',
  );

const before = site(
  '192.0.2.10',
  `  a: { profile: abb-b23, on: bus, unit: 1, name: A }
  b: { profile: abb-b23, on: bus, unit: 2, name: B, ratings: { ratedVoltage: 230 } }
  c: { profile: abb-b23, on: bus, unit: 3, name: C }
`,
);

test('the same plant written in another way is no difference', () => {
  const after = site(
    '{ host: 192.0.2.10, port: 502 }',
    `  c: { template: meter, unit: 3, name: { en: C, zh: C } }
  b: { template: meter, unit: 2, name: B, ratings: { ratedVoltage: 230 } }
  a: { template: meter, unit: 1, name: A, period: 2000 }
`,
    'templates: { meter: { profile: abb-b23, on: bus } }\n',
  );
  expect(diffSites(before, after)).toEqual({
    head: [],
    connections: { added: [], removed: [], changed: [], unchanged: 1 },
    equipment: { added: [], removed: [], changed: [], unchanged: 3 },
  });
});

test('names what was added, removed and changed, key by key', () => {
  const after = site(
    '192.0.2.11',
    `  b: { profile: abb-b23, on: bus, unit: 4, name: B, ratings: { ratedVoltage: 400 }, period: 5000 }
  c: { profile: abb-b23, on: bus, unit: 3, name: C }
  d: { profile: abb-b23, on: bus, unit: 5, name: D, parameters: { } }
`,
    'gateway: { id: gw-2 }\n',
  );
  const { head, connections, equipment } = diffSites(before, after);
  expect(head).toEqual([{ key: 'gateway.id', from: 'gw-1', to: 'gw-2' }]);
  expect(connections.changed[0]?.changes).toEqual([{ key: 'settings.host', from: '192.0.2.10', to: '192.0.2.11' }]);
  expect(equipment.added.map((e) => e.id)).toEqual(['d']);
  expect(equipment.removed.map((e) => e.id)).toEqual(['a']);
  expect(equipment.unchanged).toBe(1);
  expect(equipment.changed.map((c) => [c.after.id, c.changes])).toEqual([
    [
      'b',
      [
        { key: 'ratings.ratedVoltage', from: 230, to: 400 },
        { key: 'unit', from: 2, to: 4 },
        { key: 'period', from: 2000, to: 5000 },
      ],
    ],
  ]);
});
