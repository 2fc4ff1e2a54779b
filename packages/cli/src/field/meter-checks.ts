import { duration } from './columns.ts';
import type { Check } from './plausibility.ts';
import { ratioHint, round, scaleHint } from './scale-hint.ts';

/** The value of a point, good or not; undefined when there is none. */
export type Values = (point: string) => number | undefined;

const phases = ['L1', 'L2', 'L3'] as const;

/** What holds for every meter of mains; `elapsed` is the time between the two reads in ms. */
export function checkMeter(
  first: Values,
  values: Values,
  elapsed: number,
  parameters: Readonly<Record<string, number>>,
): Check[] {
  return [
    checkFrequency(values),
    checkVoltages(values, parameters),
    checkPowerFactor(values),
    checkPhaseSum(values),
    checkPower(values, parameters),
    checkEnergy('energyImport', first, values, elapsed),
    checkEnergy('energyExport', first, values, elapsed),
  ].filter((check) => check !== undefined);
}

function checkFrequency(values: Values): Check | undefined {
  const frequency = values('frequency');
  if (frequency === undefined) return undefined;
  const ok = frequency >= 45 && frequency <= 65;
  return {
    name: 'mains frequency',
    ok,
    detail: `${round(frequency)} Hz ${ok ? 'lies' : 'does not lie'} between 45 and 65`,
    ...scaleHint(ok, 'frequency', frequency, (f) => f >= 49 && f <= 61),
  };
}

/** Low-voltage bands between phase and neutral: 100, 110-127, 220-240, 277, 347, 400 V, each with its tolerance. */
const bands: readonly (readonly [number, number])[] = [
  [90, 140],
  [198, 264],
  [265, 300],
  [312, 372],
  [373, 440],
];

function checkVoltages(values: Values, parameters: Readonly<Record<string, number>>): Check | undefined {
  const voltages = phases.map((p) => values(`voltage${p}`)).filter((v) => v !== undefined);
  if (voltages.length === 0) return undefined;
  const present = voltages.filter((v) => v > 1);
  const detail = `${voltages.map((v) => round(v)).join(', ')} V`;
  if (present.length === 0) return { name: 'voltages', ok: false, detail: `${detail}: no phase has any` };
  const mean = present.reduce((sum, v) => sum + v, 0) / present.length;
  const alike = present.every((v) => Math.abs(v - mean) <= 0.15 * mean);
  // Behind voltage transformers any level is right.
  const transformed = Object.entries(parameters).some(([name, ratio]) => /^[pv]tRatio/.test(name) && ratio !== 1);
  const known = (v: number) => bands.some(([low, high]) => v >= low && v <= high);
  const ok = alike && (transformed || known(mean));
  const what = ok ? 'a voltage that mains have' : alike ? 'no voltage that mains have' : 'the phases differ too much';
  return { name: 'voltages', ok, detail: `${detail}: ${what}`, ...scaleHint(ok || !alike, 'voltage', mean, known) };
}

function checkPowerFactor(values: Values): Check | undefined {
  const factor = values('powerFactor');
  if (factor === undefined) return undefined;
  const ok = factor >= -1 && factor <= 1;
  const detail = `${round(factor)} ${ok ? 'lies' : 'does not lie'} between -1 and 1`;
  return { name: 'power factor', ok, detail, ...scaleHint(ok, 'powerFactor', factor, (f) => Math.abs(f) <= 1) };
}

function checkPhaseSum(values: Values): Check | undefined {
  const total = values('power');
  const parts = phases.map((p) => values(`power${p}`)).filter((v) => v !== undefined);
  if (total === undefined || parts.length !== 3) return undefined;
  const sum = parts.reduce((a, b) => a + b, 0);
  // Meters measure phases and total one after the other, and some add amounts and not signed powers.
  const near = (a: number, b: number) => Math.abs(a - b) <= Math.max(0.03 * Math.abs(b), 0.05);
  const amount = parts.reduce((a, b) => a + Math.abs(b), 0);
  const ok = near(sum, total) || near(amount, Math.abs(total));
  const detail = `the phases' powers make ${round(sum)} kW, the total is ${round(total)} kW`;
  return { name: 'sum of phases', ok, detail, ...ratioHint(ok, 'power', total, 'the sum of the phases', sum) };
}

/** By how much the phases' powers miss the total, as a share of it from 0 to 1. */
export function sumError(values: Values): number {
  const total = values('power');
  const parts = phases.map((p) => values(`power${p}`)).filter((v) => v !== undefined);
  if (!total || parts.length !== 3) return 0;
  return Math.min(1, Math.abs((parts.reduce((a, b) => a + b, 0) - total) / total));
}

/** Power against voltage, current and power factor: whether the currents' transformers are in all of it or none. */
function checkPower(values: Values, parameters: Readonly<Record<string, number>>): Check | undefined {
  const apparent = phases.map((p) => (values(`voltage${p}`) ?? Number.NaN) * (values(`current${p}`) ?? Number.NaN));
  const sum = apparent.reduce((a, b) => a + Math.abs(b), 0) / 1000;
  const power = values('power');
  if (power === undefined || Number.isNaN(sum) || (sum < 0.05 && Math.abs(power) < 0.05)) return undefined;
  const factor = values('powerFactor');
  const expected = factor !== undefined && Math.abs(factor) <= 1 && factor !== 0 ? sum * Math.abs(factor) : undefined;
  const found = Math.abs(power);
  const ok = found <= 1.1 * sum && (expected === undefined || found >= 0.8 * expected);
  const detail = `${round(found)} kW at ${round(sum)} kVA from voltages and currents`;
  if (ok) return { name: 'power', ok, detail };
  const ratio = found / (expected ?? sum);
  const own = Object.entries(parameters).find(
    ([name, value]) => /ctRatio/i.test(name) && isNear(value, ratio, 1 / ratio),
  );
  if (own && own[1] !== 1) {
    const likely = `CT ratio: \`${own[0]}: ${own[1]}\` is in only one of power and currents; this meter may apply it itself`;
    return { name: 'power', ok, detail, likely };
  }
  const byTen = ratioHint(ok, 'power', found, 'voltage x current', expected ?? sum);
  const likely =
    byTen.likely ?? `CT ratio: power and currents differ by a factor of ${round(ratio > 1 ? ratio : 1 / ratio)}`;
  return { name: 'power', ok, detail, likely };
}

function isNear(value: number, ...others: readonly number[]): boolean {
  return others.some((other) => Math.abs(value - other) <= 0.12 * other);
}

/** Registers only grow, and not faster than the power that is measured allows (with room for a load that has just gone). */
function checkEnergy(
  point: 'energyImport' | 'energyExport',
  first: Values,
  second: Values,
  elapsed: number,
): Check | undefined {
  const name = point === 'energyImport' ? 'energy' : 'energy exported';
  const [before, after] = [first(point), second(point)];
  if (before === undefined || after === undefined) return undefined;
  const hours = elapsed / 3_600_000;
  const power = Math.max(Math.abs(second('power') ?? 0), Math.abs(first('power') ?? 0));
  const grown = after - before;
  const detail = `${round(before, 9)} kWh, then ${round(after, 9)} kWh after ${duration(elapsed)}`;
  if (grown < 0) return { name, ok: false, detail: `${detail}: the register falls` };
  const most = 3 * power * hours + Math.max(1, before * 1e-6);
  if (grown > most) return { name, ok: false, detail: `${detail}: more than ${round(power)} kW can do` };
  const ok = after < 1e10 && (after === 0 || after > 1e-6);
  return { name, ok, detail: ok ? detail : `${detail}: no meter counts so` };
}
