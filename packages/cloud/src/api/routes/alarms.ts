import { randomId } from '@plantroom/base';
import { longestShelving } from '@plantroom/model';
import { alarmComment, alarmJournal, alarmList, alarmView, commandAccepted } from '@plantroom/model/api';
import type { AlarmCommand } from '@plantroom/model/wire';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { ApiProblem, notFound } from '../problems.ts';
import { type Api, answers, callerOf, defined, equipmentFilter, idParams, openFilter, paging } from '../route.ts';
import type { ApiServices, Permission } from '../services.ts';
import { viewAlarm } from '../views.ts';

const minute = 60_000;
/** What hides an alarm has a reason. Shelving always ends by itself; a shift unless told, a day at most. */
const reasonBody = alarmComment.extend({ comment: z.string().trim().min(1).max(500) });
const shelveBody = reasonBody.extend({
  minutes: z
    .number()
    .int()
    .min(1)
    .max(longestShelving / minute)
    .default(480),
  oneShot: z.boolean().default(false),
});

type AlarmAction = AlarmCommand['action'];
interface Click {
  readonly comment: string;
  readonly minutes?: number | undefined;
  readonly oneShot?: boolean | undefined;
}
const actions: readonly { action: AlarmAction; permission: Permission; body: z.ZodType<Click> }[] = [
  { action: 'acknowledge', permission: 'alarm.acknowledge', body: alarmComment },
  { action: 'reset', permission: 'alarm.acknowledge', body: alarmComment },
  { action: 'shelve', permission: 'alarm.shelve', body: shelveBody },
  { action: 'unshelve', permission: 'alarm.shelve', body: alarmComment },
  { action: 'remove-from-service', permission: 'alarm.shelve', body: reasonBody },
  { action: 'return-to-service', permission: 'alarm.shelve', body: alarmComment },
];

export function alarmRoutes(api: Api, services: ApiServices): void {
  const { directory, records } = services;
  const listQuery = z.strictObject({ ...equipmentFilter, open: openFilter, ...paging });

  api.get(
    '/alarms',
    { schema: { querystring: listQuery, response: answers(alarmList), summary: 'Alarms, newest first' } },
    async ({ query }) => {
      const { items, next } = await records.alarms(defined(query));
      return { items: items.map((row) => viewAlarm(row, directory.fault(row.site, row.fault))), next };
    },
  );

  api.get(
    '/alarms/:id',
    { schema: { params: idParams, response: answers(alarmView), summary: 'One alarm' } },
    async ({ params }) => {
      const row = await records.alarm(params.id);
      if (!row) throw notFound('alarm');
      return viewAlarm(row, directory.fault(row.site, row.fault));
    },
  );

  api.get(
    '/alarms/:id/journal',
    { schema: { params: idParams, response: answers(alarmJournal), summary: 'How an alarm came to be as it is' } },
    async ({ params }) => {
      if (!(await records.alarm(params.id))) throw notFound('alarm');
      return { items: await records.journal(params.id) };
    },
  );

  for (const { action, permission, body } of actions)
    api.post(
      `/alarms/:id/${action}`,
      {
        config: { permission },
        schema: {
          params: idParams,
          body,
          response: answers(commandAccepted, 202),
          summary: `Ask the gateway to ${action} the alarm`,
        },
      },
      async (request, reply) => {
        const alarm = request.params.id;
        return reply
          .code(202)
          .send({ command: await order(services, request, action, alarm, request.body), alarm, action });
      },
    );
}

/** Saves the click before it is sent, so that it survives a restart of either side; gives the command's id. */
async function order(
  { records, clock, publishCommand, announceAlarm }: ApiServices,
  request: FastifyRequest,
  action: AlarmAction,
  id: string,
  body: Click,
): Promise<string> {
  const actor = callerOf(request).user.id;
  const alarm = await records.alarm(id);
  if (!alarm) throw notFound('alarm');
  if (alarm.endedAt !== null) throw new ApiProblem('action-not-allowed', 'The alarm is over.');
  // The same click again, by another person or out of impatience, is the one that waits already.
  if (alarm.pending?.action === action && action !== 'shelve') return alarm.pending.command;
  const time = clock.now();
  const { comment, minutes, oneShot } = body;
  const shelving = minutes === undefined ? {} : { until: time + minutes * minute, oneShot: oneShot ?? false };
  const command: AlarmCommand = { id: randomId(16), alarm: id, action, actor, time, comment, ...shelving };
  const told = await records.saveCommand(alarm.site, alarm.gateway, command);
  await records.audit({ time, actor, action: `alarm.${action}`, target: `alarm/${id}`, detail: body.comment });
  await publishCommand(alarm.site, alarm.gateway, told);
  announceAlarm(alarm.site, alarm.gateway, id);
  return command.id;
}
