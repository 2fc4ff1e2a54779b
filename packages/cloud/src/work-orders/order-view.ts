import { type LocalText, type Trade, trades, type WorkOrderState, workOrderStates } from '@plantroom/model';
import type { WorkOrderView } from '@plantroom/model/api';
import { allowedActions, defaultPolicy, serviceClocks } from '@plantroom/operations';
import type { OrderEntry, OrderRow } from '../records/contract.ts';
import { stateOf } from './order-actions.ts';

/** Texts of the order's fault, from the site's catalogue. */
export interface OrderTexts {
  readonly cause: LocalText;
  readonly consequence: LocalText;
  readonly steps: readonly LocalText[];
}

/** An order as people see it at `now` (ms since 1970 UTC): with clocks, texts and what may be done next. */
export function viewOrder(row: OrderRow, texts: OrderTexts, now: number): WorkOrderView {
  const state = stateOf(row);
  const steps = row.history.map((e) => ({ time: e.time, to: stateOf({ state: e.to }) }));
  const { respond, resolve } = serviceClocks({ raisedAt: row.raisedAt, steps }, defaultPolicy[row.priority], now);
  return {
    ...row,
    state,
    trade: tradeOf(row.trade),
    cause: texts.cause,
    consequence: texts.consequence,
    steps: texts.steps.map((text, i) => ({ text, ...(row.steps[i] ?? { doneAt: null, doneBy: null }) })),
    respond,
    resolve,
    actions: allowedActions(state),
    history: row.history.map(viewEntry),
  };
}

function viewEntry(entry: OrderEntry): WorkOrderView['history'][number] {
  return { ...entry, from: knownState(entry.from), to: stateOf({ state: entry.to }) };
}

function knownState(state: string | null): WorkOrderState | null {
  return workOrderStates.find((s) => s === state) ?? null;
}

function tradeOf(trade: string): Trade {
  return trades.find((t) => t === trade) ?? 'mechanical';
}
