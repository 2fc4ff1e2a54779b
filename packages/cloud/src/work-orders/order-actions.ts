import type { Clock } from '@plantroom/base';
import { type WorkOrderAction, type WorkOrderState, workOrderStates } from '@plantroom/model';
import { applyAction, isOpen } from '@plantroom/operations';
import type { ApiRecords, OrderEntry, OrderRow } from '../records/contract.ts';

export interface ActionRequest {
  readonly id: string;
  /** The version that the person saw. */
  readonly version: number;
  readonly actor: string;
  readonly comment: string;
  readonly assignee?: string | undefined;
}

export type Outcome =
  | { readonly ok: true; readonly order: OrderRow }
  | {
      readonly ok: false;
      readonly code: 'not-found' | 'version-conflict' | 'action-not-allowed' | 'invalid-request';
      readonly detail: string;
    };

export interface OrderActionsOptions {
  readonly records: Pick<ApiRecords, 'order' | 'updateOrder'>;
  readonly clock: Clock;
  /** How many steps the fault's catalogue entry has. */
  readonly stepCount: (site: string, fault: string) => number;
  /** Told after the change is stored. */
  readonly onChanged: (order: OrderRow) => void;
}

/** A state as stored; a record of a newer version with a state unknown here counts as raised. */
export function stateOf(row: Pick<OrderRow, 'state'>): WorkOrderState {
  return workOrderStates.find((s) => s === row.state) ?? 'raised';
}

/** What people do to orders: checked against the transition table, stored under an optimistic version, kept in the history. */
export class OrderActions {
  readonly #options: OrderActionsOptions;

  constructor(options: OrderActionsOptions) {
    this.#options = options;
  }

  act(action: WorkOrderAction, request: ActionRequest): Promise<Outcome> {
    return this.#change(request.id, request.version, (row) => {
      const state = stateOf(row);
      const result = applyAction(state, action);
      if (!result.ok) return refuse('action-not-allowed', result.problem.message.en);
      if (action === 'assign' && request.assignee === undefined)
        return refuse('invalid-request', 'To assign an order, say to whom: `assignee`.');
      const { actor, comment } = request;
      const entry = { time: this.#options.clock.now(), actor, action, from: state, to: result.state, comment };
      return changed(row, { state: result.state, assignee: assigneeAfter(action, row, request) }, entry);
    });
  }

  /** `step` counts from 0, in the order of the fault's steps. */
  tick(id: string, step: number, done: boolean, version: number, actor: string): Promise<Outcome> {
    return this.#change(id, version, (row) => {
      const state = stateOf(row);
      const count = this.#options.stepCount(row.site, row.fault);
      if (step >= count) return refuse('not-found', `The order has ${count} steps, counted from 0.`);
      if (!isOpen(state)) return refuse('action-not-allowed', 'The order is over; its steps cannot be changed.');
      const time = this.#options.clock.now();
      const steps = Array.from({ length: count }, (_, i) => row.steps[i] ?? { doneAt: null, doneBy: null });
      steps[step] = done ? { doneAt: time, doneBy: actor } : { doneAt: null, doneBy: null };
      const action = done ? 'step-done' : 'step-undone';
      return changed(row, { steps }, { time, actor, action, from: state, to: state, comment: String(step + 1) });
    });
  }

  async #change(id: string, version: number, next: (row: OrderRow) => Outcome): Promise<Outcome> {
    const { records, onChanged } = this.#options;
    const row = await records.order(id);
    if (!row) return refuse('not-found', 'There is no such order.');
    if (row.version !== version) return refuse('version-conflict', conflict(row.version));
    const outcome = next(row);
    if (!outcome.ok) return outcome;
    if (!(await records.updateOrder(outcome.order, version))) return refuse('version-conflict', conflict(undefined));
    onChanged(outcome.order);
    return outcome;
  }
}

/** Whoever accepts an order that nobody was given has it. */
function assigneeAfter(action: WorkOrderAction, row: OrderRow, { assignee, actor }: ActionRequest): string | null {
  if (assignee !== undefined) return assignee;
  return action === 'accept' ? (row.assignee ?? actor) : row.assignee;
}

function changed(row: OrderRow, change: Partial<OrderRow>, entry: OrderEntry): Outcome {
  return { ok: true, order: { ...row, ...change, version: row.version + 1, history: [...row.history, entry] } };
}

function refuse(code: Exclude<Outcome, { ok: true }>['code'], detail: string): Outcome {
  return { ok: false, code, detail };
}

function conflict(version: number | undefined): string {
  const now = version === undefined ? '' : ` It is now version ${version}.`;
  return `The order was changed since you read it.${now} Read it again, then decide.`;
}
