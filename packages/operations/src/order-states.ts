import type { LocalText, WorkOrderAction, WorkOrderState } from '@plantroom/model';
import { workOrderActions } from '@plantroom/model';

type Row = Partial<Record<WorkOrderAction, WorkOrderState>>;

/**
 * What each state allows and where it leads. Who may do it is the caller's business. Cancelled is final; a closed order
 * can be reopened, because the same fault within days is the same job.
 */
export const orderTransitions: Readonly<Record<WorkOrderState, Row>> = {
  raised: { assign: 'assigned', accept: 'accepted', cancel: 'cancelled' },
  assigned: { assign: 'assigned', accept: 'accepted', cancel: 'cancelled' },
  accepted: { assign: 'assigned', start: 'in-progress', hold: 'on-hold', cancel: 'cancelled' },
  'in-progress': { assign: 'assigned', hold: 'on-hold', resolve: 'resolved', cancel: 'cancelled' },
  'on-hold': { assign: 'assigned', resume: 'in-progress', cancel: 'cancelled' },
  resolved: { close: 'closed', reopen: 'reopened' },
  closed: { reopen: 'reopened' },
  cancelled: {},
  reopened: { assign: 'assigned', accept: 'accepted', start: 'in-progress', cancel: 'cancelled' },
};

/** Why an action cannot be taken, and what can be instead. */
export interface OrderProblem {
  readonly code: 'order.action-not-allowed';
  readonly message: LocalText;
  readonly allowed: readonly WorkOrderAction[];
}

export type ActionResult =
  | { readonly ok: true; readonly state: WorkOrderState }
  | { readonly ok: false; readonly problem: OrderProblem };

/** The actions that a state allows, in the order of a job's life. */
export function allowedActions(state: WorkOrderState): WorkOrderAction[] {
  return workOrderActions.filter((action) => orderTransitions[state][action] !== undefined);
}

/** Open: somebody still has to do something about it. */
export function isOpen(state: WorkOrderState): boolean {
  return state !== 'closed' && state !== 'cancelled';
}

/** The state after an action, or why there is none. */
export function applyAction(state: WorkOrderState, action: WorkOrderAction): ActionResult {
  const next = orderTransitions[state][action];
  if (next !== undefined) return { ok: true, state: next };
  const allowed = allowedActions(state);
  const instead = allowed.length === 0 ? 'none' : allowed.join(', ');
  return {
    ok: false,
    problem: {
      code: 'order.action-not-allowed',
      message: {
        en: `An order that is ${stateLabels[state].en.toLowerCase()} does not allow "${action}"; possible now: ${instead}.`,
        zh: `工单${stateLabels[state].zh}，不能${actionLabels[action].zh}；当前可执行：${
          allowed.map((each) => actionLabels[each].zh).join('、') || '无'
        }。`,
      },
      allowed,
    },
  };
}

/** The states in the words of the interface. */
export const stateLabels: Readonly<Record<WorkOrderState, LocalText>> = {
  raised: { en: 'Raised', zh: '待派单' },
  assigned: { en: 'Assigned', zh: '已派单' },
  accepted: { en: 'Accepted', zh: '已接单' },
  'in-progress': { en: 'In progress', zh: '处理中' },
  'on-hold': { en: 'On hold', zh: '挂起' },
  resolved: { en: 'Resolved', zh: '已处理' },
  closed: { en: 'Closed', zh: '已关闭' },
  cancelled: { en: 'Cancelled', zh: '已取消' },
  reopened: { en: 'Reopened', zh: '重新打开' },
};

/** The actions in the words of the interface. */
export const actionLabels: Readonly<Record<WorkOrderAction, LocalText>> = {
  assign: { en: 'Assign', zh: '派单' },
  accept: { en: 'Accept', zh: '接单' },
  start: { en: 'Start', zh: '开始处理' },
  hold: { en: 'Put on hold', zh: '挂起' },
  resume: { en: 'Resume', zh: '恢复处理' },
  resolve: { en: 'Resolve', zh: '处理完成' },
  close: { en: 'Close', zh: '关闭' },
  cancel: { en: 'Cancel', zh: '取消' },
  reopen: { en: 'Reopen', zh: '重新打开' },
};
