import type { Cadence, Deadband, PointDefinition, Quality, QualityReason, Sample } from '@plantroom/model';

export interface ReportRule {
  readonly definition: PointDefinition;
  readonly cadence: Cadence;
  readonly deadband: Deadband;
}

/** What was logged last of a point; a sample will do. */
export interface LastLogged {
  readonly value: number | null;
  readonly quality: Quality;
  readonly reason?: QualityReason | undefined;
  readonly raw?: number | undefined;
  /** ms since 1970 UTC. */
  readonly gatewayTime: number;
}

/**
 * Report by exception: whether a sample differs enough from the last one logged of its point, or that one is old enough.
 * States and changes of quality always count; a number counts from its point's deadband on, of which
 * zero lets every change through.
 */
export function isWorthLogging(
  last: LastLogged | undefined,
  sample: Sample,
  { definition, cadence, deadband }: ReportRule,
): boolean {
  if (last === undefined) return true;
  if (last.quality !== sample.quality || last.reason !== sample.reason || last.raw !== sample.raw) return true;
  if (last.value === null || sample.value === null) {
    if (last.value !== sample.value) return true;
  } else if (definition.type === 'state') {
    if (last.value !== sample.value) return true;
  } else if (last.value !== sample.value && Math.abs(sample.value - last.value) >= bandAt(last.value, deadband))
    return true;
  // By the gateway's clock: a source's clock that stands still must not silence its point. Readings come a little early or
  // late, so the one that lies nearest to the end of the silence ends it; the next may be too late.
  const silence = sample.gatewayTime - last.gatewayTime;
  return silence + cadence.period / 2 >= cadence.maximumSilence || silence < 0;
}

function bandAt(value: number, deadband: Deadband): number {
  return 'absolute' in deadband ? deadband.absolute : (Math.abs(value) * deadband.percent) / 100;
}
