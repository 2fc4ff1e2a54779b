import type { WorkOrderAction } from '@plantroom/model';
import type { AlarmAction, AlarmView, Session, WorkOrderView } from '@plantroom/model/api';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { takeAlarm, takeOrder } from '../live/apply-event.ts';
import { serverClock } from '../live/server-clock.ts';
import { call } from './client.ts';
import { ApiError } from './errors.ts';
import { keys } from './keys.ts';

export function signIn(token: string): Promise<Session> {
  return call<Session>('/session', { method: 'POST', body: { token } });
}

export function useSignOut(onDone: () => void) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => call<void>('/session', { method: 'DELETE' }),
    onSuccess: () => {
      onDone();
      client.clear();
    },
  });
}

interface CommandAccepted {
  readonly command: string;
  readonly action: string;
}

/** A click on an alarm, as the service takes it. */
export interface AlarmClick {
  readonly action: AlarmAction;
  readonly comment: string;
  /** For `shelve`. */
  readonly minutes?: number;
  readonly oneShot?: boolean;
}

/** Asks the gateway to do something; the alarm shows the click as pending until an event echoes it. */
export function useAlarmAction(alarm: AlarmView) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ action, ...body }: AlarmClick) =>
      call<CommandAccepted>(`/alarms/${encodeURIComponent(alarm.id)}/${action}`, { method: 'POST', body }),
    onSuccess: ({ command, action }) => {
      const held = client.getQueryData<AlarmView>(keys.alarm(alarm.id)) ?? alarm;
      // The echo may have been faster than the answer.
      if (held.command === command || held.version > alarm.version) return;
      takeAlarm(client, { ...held, pending: { command, action, since: serverClock.now() } });
    },
    onError: () => client.invalidateQueries({ queryKey: keys.alarm(alarm.id) }),
  });
}

export interface OrderStepRequest {
  readonly action: WorkOrderAction;
  readonly comment: string;
  readonly assignee?: string;
}

/** After a conflict the order as it is now replaces the one that was looked at. */
function useOrderChange<T>(order: WorkOrderView, request: (input: T) => Promise<WorkOrderView>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: request,
    onSuccess: (changed) => takeOrder(client, changed),
    onError: (error) => {
      if (error instanceof ApiError && error.status === 409)
        void client.invalidateQueries({ queryKey: keys.order(order.id) });
    },
  });
}

export function useOrderAction(order: WorkOrderView) {
  return useOrderChange(order, ({ action, ...body }: OrderStepRequest) =>
    call<WorkOrderView>(`/work-orders/${encodeURIComponent(order.id)}/${action}`, {
      method: 'POST',
      body: { ...body, version: order.version },
    }),
  );
}

export function useStepTick(order: WorkOrderView) {
  return useOrderChange(order, ({ index, done }: { index: number; done: boolean }) =>
    call<WorkOrderView>(`/work-orders/${encodeURIComponent(order.id)}/steps/${index}`, {
      method: 'POST',
      body: { done, version: order.version },
    }),
  );
}
