import { expect, test } from 'vitest';
import { parseSite } from './load-site.ts';
import { modelRevisionOf } from './model-revision.ts';

const text = `
site: { id: harbour-tower, name: Harbour Tower, timezone: Asia/Shanghai }
connections: { meter-bus: { modbus-tcp: 192.0.2.10 } }
equipment:
  b-meter: { profile: abb-b23, on: meter-bus, unit: 2, name: B }
  a-meter: { profile: abb-b23, on: meter-bus, unit: 1, name: A }
`;
const devices = [
  { equipment: 'b-meter', period: 2000, points: ['power', 'energyImport'] },
  { equipment: 'a-meter', period: 600_000, points: ['power'] },
];
const revisionOf = (site: string, of = devices) => modelRevisionOf(parseSite(site, 'site.yaml'), of, []).revision;

test('points stand in one order, with the cadence of their kind', () => {
  expect(revisionOf(text).points).toEqual([
    { equipment: 'a-meter', point: 'power', period: 600_000, maximumSilence: 600_000 },
    { equipment: 'b-meter', point: 'energyImport', period: 2000, maximumSilence: 300_000 },
    { equipment: 'b-meter', point: 'power', period: 2000, maximumSilence: 60_000 },
  ]);
});

test('the same plant has the same revision wherever its devices are reached; another plant has another', () => {
  const { revision } = revisionOf(text);
  expect(revisionOf(text.replace('192.0.2.10', '192.0.2.99:1502'), devices.toReversed()).revision).toBe(revision);
  expect(revisionOf(text.replace('name: A', 'name: C')).revision).not.toBe(revision);
  expect(revisionOf(text, devices.slice(0, 1)).revision).not.toBe(revision);
});

test('a point reports as its kind says, or as the site does', () => {
  const report =
    'report: { power: { deadband: 2 %, maximumSilence: 10000 }, energyImport: { deadband: 0 } }, name: B }';
  const { points, revision } = modelRevisionOf(parseSite(text.replace('name: B }', report), 's.yaml'), devices, []);
  expect(points.map((p) => [p.equipment, p.point, p.deadband, p.cadence.maximumSilence])).toEqual([
    ['a-meter', 'power', { absolute: 0.2 }, 600_000],
    ['b-meter', 'energyImport', { absolute: 0 }, 300_000],
    ['b-meter', 'power', { percent: 2 }, 10_000],
  ]);
  expect(JSON.stringify(revision)).not.toContain('report');
});
