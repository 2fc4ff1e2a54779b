import type { WorkOrderView } from '@plantroom/model/api';

type Clock = WorkOrderView['respond'];

export interface NextLimit {
  readonly which: 'respond' | 'resolve';
  readonly clock: Clock;
}

/** The clock that counts now: the response until it was given, then the resolution. */
export function nextLimit({ respond, resolve }: Pick<WorkOrderView, 'respond' | 'resolve'>): NextLimit {
  return respond.metAt === null ? { which: 'respond', clock: respond } : { which: 'resolve', clock: resolve };
}

/** Whether a clock still runs: neither met nor on hold. */
export function isRunning({ state, metAt }: Clock): boolean {
  return metAt === null && state !== 'paused';
}

/** By what is left until the next limit; orders whose clock stands still come last. */
export function byLimit(orders: readonly WorkOrderView[]): WorkOrderView[] {
  const rank = (order: WorkOrderView) => {
    const { clock } = nextLimit(order);
    return isRunning(clock) ? clock.dueAt : Number.MAX_SAFE_INTEGER;
  };
  return [...orders].sort((a, b) => rank(a) - rank(b) || a.priority - b.priority);
}

/** A running clock whose limit has passed since the server answered is overdue, not what the answer says. */
export function clockNow(clock: Clock, now: number): Clock {
  if (!isRunning(clock) || now <= clock.dueAt) return clock;
  return { ...clock, used: Math.max(1, clock.used), state: 'breached' };
}

export interface OrderSummary {
  readonly open: number;
  readonly overdue: number;
  /** ms from now to the nearest limit; negative when it has passed; undefined when no clock runs. */
  readonly nearest: number | undefined;
}

/** What the first sentence says about open orders. */
export function summariseOrders(orders: readonly WorkOrderView[], now: number): OrderSummary {
  const left = orders
    .map((order) => nextLimit(order).clock)
    .filter(isRunning)
    .map((clock) => clock.dueAt - now);
  return {
    open: orders.length,
    overdue: left.filter((ms) => ms < 0).length,
    nearest: left.length > 0 ? Math.min(...left) : undefined,
  };
}
