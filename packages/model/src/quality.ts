/** How far a value may be trusted. */
export const qualities = ['good', 'uncertain', 'bad'] as const;
export type Quality = (typeof qualities)[number];

/** Why a value is not simply good. The order is part of the wire and store formats: append only. */
export const qualityReasons = [
  'no-answer',
  'device-exception',
  'decode',
  'out-of-range',
  'not-available',
  'overflow',
  'stale',
  'clock',
  'unsynced',
  'held',
  'substituted',
  'not-connected',
] as const;
export type QualityReason = (typeof qualityReasons)[number];

export interface QualityMark {
  readonly quality: Quality;
  readonly reason?: QualityReason;
}

/**
 * One integer for quality and reason: 0 good, 100 uncertain, 200 bad, plus 1 for the first reason, 2 for the second, ...
 * This is the `quality` field in every time-series store.
 */
export function qualityCode(mark: QualityMark): number {
  const reason = mark.reason === undefined ? 0 : qualityReasons.indexOf(mark.reason) + 1;
  return qualities.indexOf(mark.quality) * 100 + reason;
}

/** The mark of a code; a code of a newer version keeps its quality and loses its reason. */
export function qualityOfCode(code: number): QualityMark {
  const quality = qualities[Math.trunc(code / 100)] ?? 'bad';
  const reason = qualityReasons[(code % 100) - 1];
  return reason === undefined ? { quality } : { quality, reason };
}

/** A code of a newer version as the nearest that is known here. */
export function knownQualityCode(code: number): number {
  return code === 0 ? 0 : qualityCode(qualityOfCode(code));
}
