import type { Meter } from './types.ts';

export type BreakReason = 'reset' | 'rollover' | 'replacement';

export interface RegisterBreak {
  readonly reason: BreakReason;
  /** kWh that were used across the break, as far as the registers tell. */
  readonly used: number;
}

/** A register within this share of its end, followed by one within the same share of 0, has rolled over. */
const rolloverShare = 0.05;
/** A register that fell to at most this share of what it was began again at 0. */
const resetShare = 0.01;
/** A circuit may exceed its stated maximum by this factor before a register's growth counts as impossible. */
const powerTolerance = 1.2;
const hour = 3_600_000;

/** Whether a register can have grown by `kWh` in `elapsed` ms. Without a stated maximum any growth is possible. */
export function isPlausibleGrowth(meter: Meter, kWh: number, elapsed: number): boolean {
  if (kWh < 0) return false;
  if (meter.maximumPower === undefined) return true;
  // One kWh of slack: a coarse register moves in whole steps.
  return kWh <= (meter.maximumPower * powerTolerance * Math.max(elapsed, 1000)) / hour + 1;
}

/**
 * Tells why a register went from `before` to `after` when it cannot have grown so: near its end and then near 0 is a
 * rollover; down to about 0 is a reset, and what it shows was used since; anything else is another meter.
 */
export function classifyBreak(meter: Meter, before: number, after: number, elapsed: number): RegisterBreak {
  const end = meter.registerMaximum ?? 10 ** Math.max(3, Math.ceil(Math.log10(before + 1)));
  const rolled = end - before + after;
  const nearBothEnds = before >= end * (1 - rolloverShare) && after <= end * rolloverShare;
  if (after < before && nearBothEnds && isPlausibleGrowth(meter, rolled, elapsed))
    return { reason: 'rollover', used: rolled };
  const nearZero = after <= Math.max(1, before * resetShare) && isPlausibleGrowth(meter, after, elapsed);
  if (after < before && nearZero) return { reason: 'reset', used: after };
  return { reason: 'replacement', used: 0 };
}
