import { Engine } from './engine/engine.ts';
import type { Detection, DetectionOptions } from './types.ts';

export { availability, availabilityOf } from './availability.ts';
export { catalogue, type FaultParameter, parametersOf, ratingsOf, ratingUnits } from './catalogue.ts';
export {
  MultivariateDetector,
  type MultivariateJudgement,
  type MultivariateState,
} from './detectors/multivariate.ts';
export { type Judgement, UnivariateDetector, type UnivariateState } from './detectors/univariate.ts';
export type { Fault } from './faults/define-fault.ts';
export { Watch, type WatchState } from './learned/watch.ts';
export { watchedPoints } from './learned/watched-points.ts';
export { faultOfRule, type RuleProblem, type SiteRule } from './rules/site-rule.ts';
export type {
  Availability,
  CommandAction,
  CommandOutcome,
  Detection,
  DetectionCommand,
  DetectionEquipment,
  DetectionOptions,
  DetectionResult,
  DetectionState,
  ExternalFact,
  ImageCell,
  InstanceState,
  JournalEntry,
  OpenAlarmState,
  StageReason,
} from './types.ts';

/**
 * Starts detection for a site. It keeps no timer and reads no clock: the caller hands in samples and ticks, and gets back
 * the versions of alarms and the orders that they lead to.
 */
export function createDetection(options: DetectionOptions): Detection {
  return new Engine(options);
}
