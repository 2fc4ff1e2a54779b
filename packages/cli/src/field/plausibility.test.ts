import type { Reading } from '@plantroom/drivers';
import { expect, test } from 'vitest';
import { checkPlausibility } from './plausibility.ts';

const meter = {
  voltageL1: 230,
  voltageL2: 231,
  voltageL3: 229,
  currentL1: 10,
  currentL2: 11,
  currentL3: 12,
  powerL1: 2.2,
  powerL2: 2.4,
  powerL3: 2.6,
  power: 7.2,
  powerFactor: 0.95,
  frequency: 50,
  energyImport: 1000,
};

function judge(changed: Partial<typeof meter>, parameters: Record<string, number> = {}, later = {}) {
  const snapshot = (at: number, values: object) => ({ at, readings: Object.entries(values).map(readingOf) });
  const first = { ...meter, ...changed };
  return checkPlausibility('energy-meter', snapshot(0, first), snapshot(2000, { ...first, ...later }), parameters);
}

function readingOf([point, value]: [string, number]): Reading {
  const range: Record<string, [number, number]> = { powerFactor: [-1, 1], frequency: [40, 70] };
  const [low, high] = range[point] ?? [-1e6, 1e9];
  const possible = value >= low && value <= high;
  return possible
    ? { equipment: 'm', point, value, quality: 'good' }
    : { equipment: 'm', point, value, quality: 'bad', reason: 'out-of-range' };
}

const failed = (...args: Parameters<typeof judge>) => judge(...args).flatMap((c) => (c.ok ? [] : [c.name]));
const likely = (...args: Parameters<typeof judge>) => judge(...args).flatMap((c) => c.likely ?? []);

test('a sound meter passes, also one with a phase off, with export, or on medium voltage', () => {
  expect(failed({})).toEqual([]);
  expect(failed({ voltageL3: 0, currentL3: 0, powerL3: 0, power: 4.6 })).toEqual([]);
  expect(failed({ powerL1: -2.2, powerL2: -2.4, powerL3: -2.6, power: -7.2, powerFactor: -0.95 })).toEqual([]);
  expect(
    failed(
      { voltageL1: 5774, voltageL2: 5770, voltageL3: 5780, powerL1: 55, powerL2: 60, powerL3: 66, power: 181 },
      { ptRatio: 100 },
    ),
  ).toEqual([]);
});

test.each([
  [{ frequency: 500 }, ['ranges', 'mains frequency'], ['wrong scale: `frequency` is 10 times too large']],
  [{ powerFactor: 950 }, ['ranges', 'power factor'], ['wrong scale: `powerFactor` is 1000 times too large']],
  [
    { voltageL1: 2300, voltageL2: 2310, voltageL3: 2290 },
    ['voltages', 'power'],
    [
      'wrong scale: `voltage` is 10 times too large',
      'wrong scale: `power` is 10 times too small against voltage x current',
    ],
  ],
  [{ voltageL1: 0, voltageL2: 0, voltageL3: 0 }, ['voltages', 'power'], undefined],
  [{ voltageL2: 130 }, ['voltages', 'power'], undefined],
  [
    { power: 72 },
    ['sum of phases', 'power'],
    [
      'wrong scale: `power` is 10 times too large against the sum of the phases',
      'wrong scale: `power` is 10 times too large against voltage x current',
    ],
  ],
] as const)('%j fails and is explained', (values, names, reasons) => {
  expect(failed(values)).toEqual(names);
  if (reasons) expect(likely(values)).toEqual(reasons);
});

test('a CT ratio that is in the currents only, or in the power only, is named', () => {
  const behind = { currentL1: 400, currentL2: 440, currentL3: 480 };
  expect(likely(behind, { ctRatio: 40 })).toEqual([
    'CT ratio: `ctRatio: 40` is in only one of power and currents; this meter may apply it itself',
  ]);
  expect(likely({ power: 180, powerL1: 55, powerL2: 60, powerL3: 65 }, { ctRatio: 25 })).toEqual([
    'CT ratio: `ctRatio: 25` is in only one of power and currents; this meter may apply it itself',
  ]);
  expect(likely(behind)[0]).toMatch(/^CT ratio: power and currents differ by a factor of 4\d/);
});

test('energy neither falls nor runs ahead of the power', () => {
  expect(failed({}, {}, { energyImport: 1000.1 })).toEqual([]);
  expect(failed({}, {}, { energyImport: 999.9 })).toEqual(['energy']);
  expect(failed({}, {}, { energyImport: 1050 })).toEqual(['energy']);
  const exporting = { ...meter, energyExport: 500 };
  expect(failed(exporting)).toEqual([]);
  expect(failed(exporting, {}, { energyExport: 499 })).toEqual(['energy exported']);
});

test('many refused addresses mean a wrong map, a few a variant of the device', () => {
  const refuse = (count: number) => {
    const readings = Object.keys(meter).map((point, at): Reading => {
      const refused = at < count;
      return refused
        ? { equipment: 'm', point, value: null, quality: 'bad', reason: 'device-exception' }
        : { equipment: 'm', point, value: 1, quality: 'good' };
    });
    const [addresses] = checkPlausibility('pump', { at: 0, readings }, { at: 1, readings }, {});
    return addresses;
  };
  expect(refuse(2)).toMatchObject({ ok: true });
  expect(refuse(8)).toMatchObject({ ok: false, detail: expect.stringContaining('refuses 8 of 13 points: voltageL1') });
});
