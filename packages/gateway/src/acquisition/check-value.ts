import type { PointDefinition, QualityMark } from '@plantroom/model';

export interface CheckedValue extends QualityMark {
  readonly value: number | null;
}

/**
 * Judges what a driver read by what the point can be: no number and no state code is a decoding fault and shows
 * nothing, a number outside the kind's range is kept as evidence but bad. A mark that the driver made stays.
 */
export function checkValue(definition: PointDefinition, value: number | null, mark: QualityMark): CheckedValue {
  if (value === null) return { ...mark, value, ...(mark.quality === 'good' ? notAvailable : {}) };
  if (!Number.isFinite(value) || (definition.type === 'state' && !Number.isInteger(value))) return undecodable;
  if (mark.quality !== 'good' || definition.type !== 'analog') return { ...mark, value };
  const [low, high] = definition.range;
  if (value < low || value > high) return { value, quality: 'bad', reason: 'out-of-range' };
  return { ...mark, value };
}

const notAvailable = { quality: 'bad', reason: 'not-available' } as const;
const undecodable: CheckedValue = { value: null, quality: 'bad', reason: 'decode' };
