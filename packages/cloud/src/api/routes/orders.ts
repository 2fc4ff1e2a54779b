import { type WorkOrderAction, workOrderActions } from '@plantroom/model';
import { stepTick, workOrderList, workOrderStep, workOrderView } from '@plantroom/model/api';
import { z } from 'zod';
import type { OrderRow } from '../../records/contract.ts';
import { ApiProblem, notFound } from '../problems.ts';
import {
  type Api,
  answers,
  callerOf,
  defined,
  equipmentFilter,
  idParams,
  openFilter,
  paging,
  recordId,
} from '../route.ts';
import type { ApiServices, OrderOutcome, Permission } from '../services.ts';

/** Work is the technician's; steering it (who does it, whether it is done, whether it is needed) is not. */
const permissionOf: Readonly<Record<WorkOrderAction, Permission>> = {
  assign: 'order.manage',
  accept: 'order.work',
  start: 'order.work',
  hold: 'order.work',
  resume: 'order.work',
  resolve: 'order.work',
  close: 'order.manage',
  cancel: 'order.manage',
  reopen: 'order.manage',
};

function orderOf(outcome: OrderOutcome): OrderRow {
  if (outcome.ok) return outcome.order;
  throw new ApiProblem(outcome.code, outcome.detail);
}

export function orderRoutes(api: Api, { records, orders, views, clock }: ApiServices): void {
  const view = (row: OrderRow) => views.order(row, clock.now());
  const listQuery = z.strictObject({ ...equipmentFilter, open: openFilter, ...paging });

  api.get(
    '/work-orders',
    { schema: { querystring: listQuery, response: answers(workOrderList), summary: 'Work orders, newest first' } },
    async ({ query }) => {
      const { items, next } = await records.orders(defined(query));
      return { items: items.map(view), next };
    },
  );

  api.get(
    '/work-orders/:id',
    { schema: { params: idParams, response: answers(workOrderView), summary: 'One work order' } },
    async ({ params }) => {
      const row = await records.order(params.id);
      if (!row) throw notFound('work order');
      return view(row);
    },
  );

  for (const action of workOrderActions)
    api.post(
      `/work-orders/:id/${action}`,
      {
        config: { permission: permissionOf[action] },
        schema: {
          params: idParams,
          body: workOrderStep,
          response: answers(workOrderView),
          summary: `${action} the order; 409 when its version is no longer the given one`,
        },
      },
      async (request) => {
        const actor = callerOf(request).user.id;
        return view(orderOf(await orders.act(action, { id: request.params.id, actor, ...request.body })));
      },
    );

  api.post(
    '/work-orders/:id/steps/:index',
    {
      config: { permission: 'order.work' },
      schema: {
        params: z.object({
          id: recordId,
          index: z
            .string()
            .regex(/^\d{1,2}$/)
            .transform(Number),
        }),
        body: stepTick,
        response: answers(workOrderView),
        summary: 'Tick a step off, or on again; steps count from 0',
      },
    },
    async (request) => {
      const { id, index } = request.params;
      const { done, version } = request.body;
      return view(orderOf(await orders.tick(id, index, done, version, callerOf(request).user.id)));
    },
  );
}
