import type { LocalText } from '@plantroom/model';
import { alarmMetricsView, instant } from '@plantroom/model/api';
import { alarmMetrics } from '@plantroom/operations';
import { z } from 'zod';
import type { TurnRow } from '../../records/contract.ts';
import { ApiProblem, notFound } from '../problems.ts';
import { type Api, answers, identifier } from '../route.ts';
import type { ApiServices } from '../services.ts';
import { textsOf } from '../views.ts';

const mostDays = 92;
/** A year of a site with 50 alarms a day. */
const mostTurns = 100_000;

export function alarmMetricsRoutes(api: Api, { directory, records }: ApiServices): void {
  api.get(
    '/alarm-metrics',
    {
      schema: {
        querystring: z.strictObject({ site: identifier, from: instant, to: instant }),
        response: answers(alarmMetricsView),
        summary: 'Load, floods, chatter and answers of a site by ISA-18.2',
      },
    },
    async ({ query: { site, from, to } }) => {
      if (!directory.site(site)) throw notFound('site');
      if (from >= to) throw new ApiProblem('invalid-request', '`from` must lie before `to`.');
      if (to - from > mostDays * 86_400_000)
        throw new ApiProblem('invalid-request', `At most ${mostDays} days at once.`);
      const rows = await records.turns(site, { from, to }, mostTurns);
      return {
        site,
        from,
        to,
        isCut: rows.length === mostTurns,
        ...reckon(rows, from, to, (fault) => textsOf(fault, directory.fault(site, fault)).title),
      };
    },
  );
}

type About = Pick<TurnRow, 'equipment' | 'fault' | 'subject'> & { readonly title: LocalText };

function reckon(rows: readonly TurnRow[], from: number, to: number, titleOf: (fault: string) => LocalText) {
  const about = new Map<string, About>();
  const turns = rows.map(({ equipment, fault, subject, ...turn }) => {
    const identity = `${equipment}|${fault}|${subject}`;
    if (!about.has(identity)) about.set(identity, { equipment, fault, subject, title: titleOf(fault) });
    return { ...turn, identity };
  });
  const { topTen, chattering, stale, ...figures } = alarmMetrics(turns, from, to);
  const named = (identity: string) =>
    about.get(identity) ?? { equipment: '', fault: identity, subject: '', title: titleOf(identity) };
  return {
    ...figures,
    floods: [...figures.floods],
    priorities: [...figures.priorities],
    topTen: topTen.map(({ identity, ...load }) => ({ ...named(identity), ...load })),
    chattering: chattering.map(named),
    stale: stale.map(({ identity, since }) => ({ ...named(identity), since })),
  };
}
