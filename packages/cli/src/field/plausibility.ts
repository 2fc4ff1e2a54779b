import type { Reading } from '@plantroom/drivers';
import { type KindName, kinds, pointDefinition } from '@plantroom/model';
import { checkMeter, sumError, type Values } from './meter-checks.ts';
import { round } from './scale-hint.ts';

/** One read of all points of a device; `at` is monotonic, in ms. */
export interface Snapshot {
  readonly at: number;
  readonly readings: readonly Reading[];
}

export interface Check {
  readonly name: string;
  readonly ok: boolean;
  /** What was found, with figures. */
  readonly detail: string;
  /** What is likely wrong when the figures themselves tell; else whoever asked compares other ways to read the device. */
  readonly likely?: string;
}

/**
 * Whether what was read can be true: ranges for every kind, and for energy meters the mains frequency, the voltages, the
 * power factor, the sum of the phases, power against voltage and current, and registers that must not fall.
 */
export function checkPlausibility(
  kind: KindName,
  first: Snapshot,
  second: Snapshot,
  parameters: Readonly<Record<string, number>>,
): Check[] {
  const general = [checkAnswers(second), checkRanges(kind, second)];
  if (kind !== 'energy-meter') return general;
  return [...general, ...checkMeter(valuesOf(first), valuesOf(second), second.at - first.at, parameters)];
}

/**
 * How doubtful a snapshot is whose checks say the same as another's, the lower the better. Half of a 32-bit float beside
 * half of its neighbour is nearly right, whichever mistake it comes from: what was zero is then a tiny figure, and a total
 * that a meter adds up from its phases is a little off.
 */
export function doubtOf(snapshot: Snapshot): number {
  const refused = snapshot.readings.filter((r) => r.reason === 'device-exception').length;
  const tiny = snapshot.readings.filter(({ value }) => value && Math.abs(value) < 1e-20).length;
  return refused + tiny + sumError(valuesOf(snapshot));
}

function valuesOf({ readings }: Snapshot): Values {
  const byPoint = new Map(readings.flatMap((r) => (r.value === null ? [] : [[r.point, r.value]])));
  return (point) => byPoint.get(point);
}

function checkAnswers({ readings }: Snapshot): Check {
  const refused = readings.filter((r) => r.reason === 'device-exception').map((r) => r.point);
  const absent = readings.filter((r) => r.reason === 'not-available').map((r) => r.point);
  const rest = absent.length > 0 ? `; not available here: ${list(absent)}` : '';
  if (refused.length === 0) return { name: 'addresses', ok: true, detail: `the device has every address${rest}` };
  return {
    name: 'addresses',
    // A variant of the device may lack some; a wrong map lacks many.
    ok: refused.length * 4 <= readings.length,
    detail: `the device refuses ${refused.length} of ${readings.length} points: ${list(refused)}${rest}`,
  };
}

function checkRanges(kind: KindName, { readings }: Snapshot): Check {
  const wrong = readings.filter((r) => r.reason === 'out-of-range' || r.reason === 'decode' || r.reason === 'overflow');
  const texts = wrong.map((r) => `${r.point} = ${withUnit(kind, r.point, r.value ?? r.raw)}`);
  if (texts.length === 0) return { name: 'ranges', ok: true, detail: 'every value is possible for its point' };
  return { name: 'ranges', ok: false, detail: `impossible: ${list(texts)}` };
}

function withUnit(kind: KindName, point: string, value: number | undefined): string {
  const definition = pointDefinition(kinds[kind], point);
  const unit = definition && 'unit' in definition ? ` ${definition.unit}` : '';
  return value === undefined ? 'no value' : `${round(value)}${unit}`.trimEnd();
}

function list(names: readonly string[]): string {
  return names.length > 6 ? `${names.slice(0, 6).join(', ')} and ${names.length - 6} more` : names.join(', ');
}
