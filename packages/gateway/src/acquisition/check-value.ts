import type { PointDefinition, QualityMark } from '@plantroom/model';

export interface CheckedValue extends QualityMark {
  readonly value: number | null;
}

/**
 * Judges what a driver read by what the point can be: no number and no state code is a decoding fault and shows
 * nothing, a number outside the kind's range is kept as evidence but bad. A mark that the driver made stays.
 */
export function checkValue(definition: PointDefinition, reading: CheckedValue): CheckedValue {
  const { value, quality } = reading;
  if (value === null) return quality === 'good' ? notAvailable : reading;
  if (!Number.isFinite(value) || (definition.type === 'state' && !Number.isInteger(value))) return undecodable;
  if (quality !== 'good' || definition.type !== 'analog') return reading;
  const [low, high] = definition.range;
  return value < low || value > high ? { value, quality: 'bad', reason: 'out-of-range' } : reading;
}

const notAvailable: CheckedValue = { value: null, quality: 'bad', reason: 'not-available' };
const undecodable: CheckedValue = { value: null, quality: 'bad', reason: 'decode' };
