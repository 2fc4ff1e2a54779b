export {
  type Alarm,
  type AlarmFacts,
  alarm,
  alarmFacts,
  alarmIdentity,
  type Evidence,
  evidence,
  longestShelving,
  type Priority,
  priority,
  type Removal,
  type Shelving,
  type Suppression,
} from './alarm.ts';
export { type AlarmTransition, alarmStateNames, alarmTransition } from './alarm-journal.ts';
export { type AlarmState, alarmStateOf, alarmStates } from './alarm-state.ts';
export {
  type AlarmInput,
  type AlarmPolicy,
  alarmInputs,
  isOver,
  normalFacts,
  transition,
} from './alarm-transitions.ts';
export { type CatalogueEntry, catalogueEntry } from './catalogue.ts';
export { type DeviceEvent, deviceEvent, deviceEventCategories } from './device-event.ts';
export {
  type EventClasses,
  en54Conditions,
  eventClasses,
  gbt26875States,
  nfpa72Signals,
} from './device-event-classes.ts';
export { type FaultLack, type FaultNeeds, faultLack, lackOf } from './fault-needs.ts';
export {
  identifier,
  identifierPattern,
  type PointKey,
  pointKey,
  pointName,
  pointNamePattern,
  splitPointKey,
} from './identifiers.ts';
export { type Interval, interval, intervalLength } from './interval.ts';
export {
  type AnalogPoint,
  type CounterPoint,
  type Kind,
  type PointDefinition,
  pointDefinition,
  type StatePoint,
} from './kinds/define-kind.ts';
export { type KindName, kindNames, kinds, type PointOf } from './kinds/index.ts';
export { plateRatings } from './kinds/plate-ratings.ts';
export { bothLanguages, type Language, type LocalText, languages, localText } from './local-text.ts';
export {
  type ModelRevision,
  modelRevision,
  placeText,
  type RevisionEquipment,
  type SiteDescription,
} from './model-revision.ts';
export {
  type Quality,
  type QualityMark,
  type QualityReason,
  qualities,
  qualityCode,
  qualityOfCode,
  qualityReasons,
} from './quality.ts';
export { type Cadence, type Deadband, isStale, type Sample, sourceTolerance, staleAfter } from './sample.ts';
export {
  type Trade,
  trades,
  type WorkOrderAction,
  type WorkOrderRequest,
  type WorkOrderState,
  workOrderActions,
  workOrderRequest,
  workOrderStates,
} from './work-order.ts';
