export { type AlarmMetrics, type AlarmTurn, alarmLimits, alarmMetrics, priorityShares } from './alarm-metrics.ts';
export {
  type ActionResult,
  actionLabels,
  allowedActions,
  applyAction,
  isOpen,
  type OrderProblem,
  orderTransitions,
  stateLabels,
} from './order-states.ts';
export {
  type ClockedOrder,
  type ClockState,
  type OrderStep,
  type ServiceClock,
  serviceClocks,
} from './service-clocks.ts';
export { atRiskFrom, defaultPolicy, type ServiceLevel, type ServicePolicy } from './service-level.ts';
