import type { Meter } from './types.ts';

export type BreakReason = 'reset' | 'rollover' | 'replacement';

export interface RegisterBreak {
  readonly reason: BreakReason;
  /** kWh that were used across the break, as far as the registers tell. */
  readonly used: number;
}

/**
 * A register within this share of its end, followed by one within the same share of 0, has rolled over. Where the end is only
 * guessed, a reset must not pass for a rollover and count thousands of kWh that nobody used, so the share is small.
 */
const rolloverShare = { stated: 0.05, guessed: 0.005 };
/** Registers show at least five digits of kWh. */
const fewestDigits = 5;
/** A register that fell to at most this share of what it was began again at 0. */
const resetShare = 0.01;
/** A circuit may exceed its stated maximum by this factor before a register's growth counts as impossible. */
const powerTolerance = 1.2;
const hour = 3_600_000;
/** kW that no circuit of a building carries (the range of the kind's power point), where no maximum is stated. */
const mostPower = 60_000;

/** Whether a register can have grown by `kWh` in `elapsed` ms. */
export function isPlausibleGrowth(meter: Meter, kWh: number, elapsed: number): boolean {
  if (kWh < 0) return false;
  const maximum = meter.maximumPower ?? mostPower;
  // One kWh of slack: a coarse register moves in whole steps.
  return kWh <= (maximum * powerTolerance * Math.max(elapsed, 1000)) / hour + 1;
}

/**
 * Tells why a register went from `before` to `after` when it cannot have grown so: near its end and then near 0 is a
 * rollover; down to about 0 is a reset, and what it shows was used since; anything else is another meter.
 */
export function classifyBreak(meter: Meter, before: number, after: number, elapsed: number): RegisterBreak {
  const end = meter.registerMaximum ?? 10 ** Math.max(fewestDigits, Math.ceil(Math.log10(before + 1)));
  const share = meter.registerMaximum === undefined ? rolloverShare.guessed : rolloverShare.stated;
  const rolled = end - before + after;
  const nearBothEnds = before >= end * (1 - share) && after <= end * share;
  if (after < before && nearBothEnds && isPlausibleGrowth(meter, rolled, elapsed))
    return { reason: 'rollover', used: rolled };
  const nearZero = after <= Math.max(1, before * resetShare) && isPlausibleGrowth(meter, after, elapsed);
  if (after < before && nearZero) return { reason: 'reset', used: after };
  return { reason: 'replacement', used: 0 };
}
