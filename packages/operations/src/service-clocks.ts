import type { WorkOrderState } from '@plantroom/model';
import { atRiskFrom, type ServiceLevel } from './service-level.ts';

export type ClockState = 'on-track' | 'at-risk' | 'breached' | 'paused' | 'met';

/** One of an order's two clocks; the shape that the API shows. */
export interface ServiceClock {
  /** Moves on while the clock is paused. */
  readonly dueAt: number;
  readonly state: ClockState;
  /** Share of the allowed time that is used; above 1 when overdue. */
  readonly used: number;
  readonly metAt: number | null;
}

/** A step in an order's history, oldest first; only time and the state that it led to count here. */
export interface OrderStep {
  readonly time: number;
  readonly to: WorkOrderState;
}

/** What a clock does while an order is in a state. */
type Mode = 'run' | 'pause' | 'stop';

const respondModes: Readonly<Record<WorkOrderState, Mode>> = {
  raised: 'run',
  assigned: 'run',
  accepted: 'stop',
  'in-progress': 'stop',
  'on-hold': 'stop',
  resolved: 'stop',
  closed: 'stop',
  cancelled: 'pause',
  reopened: 'stop',
};

const resolveModes: Readonly<Record<WorkOrderState, Mode>> = {
  raised: 'run',
  assigned: 'run',
  accepted: 'run',
  'in-progress': 'run',
  'on-hold': 'pause',
  resolved: 'stop',
  closed: 'stop',
  cancelled: 'pause',
  reopened: 'run',
};

/** An order with what its clocks need. */
export interface ClockedOrder {
  readonly raisedAt: number;
  readonly steps: readonly OrderStep[];
}

/**
 * Both clocks of an order at a moment. The respond clock stops for good at the first acceptance. The resolve clock is
 * paused on hold, stopped when resolved, and goes on after a reopening; the time in between does not count.
 */
export function serviceClocks(
  order: ClockedOrder,
  level: Pick<ServiceLevel, 'respond' | 'resolve'>,
  now: number,
): { respond: ServiceClock; resolve: ServiceClock } {
  const answered = order.steps.findIndex((step) => respondModes[step.to] === 'stop');
  const untilAnswer = answered < 0 ? order.steps : order.steps.slice(0, answered + 1);
  return {
    respond: runClock(order.raisedAt, untilAnswer, respondModes, level.respond, now),
    resolve: runClock(order.raisedAt, order.steps, resolveModes, level.resolve, now),
  };
}

function runClock(
  startedAt: number,
  steps: readonly OrderStep[],
  modes: Readonly<Record<WorkOrderState, Mode>>,
  allowed: number,
  now: number,
): ServiceClock {
  let used = 0;
  let at = startedAt;
  let mode: Mode = 'run';
  let metAt: number | null = null;
  const advance = (time: number) => {
    if (mode === 'run') used += Math.max(0, time - at);
    at = Math.max(at, time);
  };
  for (const step of steps) {
    if (step.time > now) break;
    advance(step.time);
    const next = modes[step.to];
    if (next === 'stop' && mode !== 'stop') metAt = step.time;
    if (next !== 'stop') metAt = null;
    mode = next;
  }
  advance(now);
  // What is left is counted from the moment it stopped if it was met, else from now: a pause moves the due time on.
  const dueAt = (metAt ?? at) + allowed - used;
  const share = used / allowed;
  return { dueAt, used: share, metAt, state: clockState(share, mode, metAt) };
}

function clockState(share: number, mode: Mode, metAt: number | null): ClockState {
  if (share > 1) return 'breached';
  if (metAt !== null) return 'met';
  if (mode === 'pause') return 'paused';
  return share >= atRiskFrom ? 'at-risk' : 'on-track';
}
