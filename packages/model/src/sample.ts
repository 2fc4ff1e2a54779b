import type { Quality, QualityReason } from './quality.ts';

/** One reading of one point. States are codes; text is a property of the equipment and never a sample. */
export interface Sample {
  readonly equipment: string;
  readonly point: string;
  /** The source's time if it is within tolerance of the gateway's, else the gateway's; ms since 1970 UTC. */
  readonly time: number;
  /** When the gateway had it; ms since 1970 UTC. */
  readonly gatewayTime: number;
  /** `null` when there is no value to show: the device did not answer, or answered garbage. */
  readonly value: number | null;
  readonly quality: Quality;
  readonly reason?: QualityReason;
  /** The protocol's own code (OPC UA StatusCode, Modbus exception), kept as it came. */
  readonly raw?: number;
}

/**
 * How far a source's time may lie from the gateway's, in ms, before the gateway's own is taken: five minutes behind
 * (buffering devices, slow publishing), ten seconds ahead (nobody reads the future).
 */
export const sourceTolerance = { behind: 300_000, ahead: 10_000 };

/** How often a point is expected: its poll or publishing period, and the longest silence report by exception allows. */
export interface Cadence {
  /** Milliseconds between two readings at the gateway. */
  readonly period: number;
  /** Milliseconds after which an unchanged value is logged again. */
  readonly maximumSilence: number;
}

/** How much a number has to change to be logged: in its unit, or in percent of the value that was logged last. */
export type Deadband = { readonly absolute: number } | { readonly percent: number };

/** Milliseconds after which the newest sample of a point is stale: its longest silence and three missed readings. */
export function staleAfter(cadence: Cadence): number {
  return cadence.maximumSilence + 3 * cadence.period;
}

export function isStale(lastHeard: number, cadence: Cadence, now: number): boolean {
  return now - lastHeard > staleAfter(cadence);
}
