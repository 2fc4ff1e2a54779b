import {
  type Cadence,
  type Deadband,
  type KindName,
  kinds,
  type PointDefinition,
  pointDefinition,
} from '@plantroom/model';
import type { ReportOverride } from './report.ts';

/** A point of this gateway with all that the stages need to judge its values. */
export interface SitePoint {
  /** Its place in the model revision. */
  readonly index: number;
  readonly equipment: string;
  readonly kind: KindName;
  readonly point: string;
  readonly definition: PointDefinition;
  readonly cadence: Cadence;
  readonly deadband: Deadband;
}

/** Milliseconds after which an unchanged value is logged again, by what can happen unseen meanwhile. */
const maximumSilences: Readonly<Record<KindName, number>> = {
  elevator: 60_000,
  pump: 60_000,
  'fire-panel': 60_000,
  'energy-meter': 60_000,
  'environment-sensor': 300_000,
  'water-tank': 120_000,
};
/** Counters stand still with their machine, and a panel has hundreds of detectors that hardly ever change. */
const slowSilence = 300_000;

/** How often a point is expected; a reading that comes seldom is logged each time it comes. */
export function cadenceOf(
  kind: KindName,
  point: string,
  period: number,
  { maximumSilence }: ReportOverride = {},
): Cadence {
  const definition = pointDefinition(kinds[kind], point);
  const slow = definition?.type === 'counter' || point.includes('[');
  const silence = maximumSilence ?? (slow ? slowSilence : maximumSilences[kind]);
  return { period, maximumSilence: Math.max(period, silence) };
}

/** States have none: each change counts. */
export function deadbandOf(definition: PointDefinition, { deadband }: ReportOverride = {}): Deadband {
  return deadband ?? { absolute: definition.type === 'state' ? 0 : definition.deadband };
}
