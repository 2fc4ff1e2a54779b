import { consumption, consumptionSteps, instant, intervalList } from '@plantroom/model/api';
import { z } from 'zod';
import { ApiProblem, notFound } from '../problems.ts';
import { type Api, answers, identifier, repeated } from '../route.ts';
import type { ApiServices } from '../services.ts';

const hour = 3_600_000;
const day = 24 * hour;
/** 50,000 intervals: 20 meters for 26 days, or one for over a year. */
const maximumIntervals = 50_000;
const maximumSpan: Readonly<Record<(typeof consumptionSteps)[number], number>> = {
  hour: 92 * day,
  day: 3 * 366 * day,
  month: 11 * 366 * day,
};

export function energyRoutes(api: Api, { directory, energy }: ApiServices): void {
  api.get(
    '/energy/intervals',
    {
      schema: {
        querystring: z.strictObject({ site: identifier, equipment: repeated, from: instant, to: instant }),
        response: answers(intervalList),
        summary: 'Quarter-hour consumption of meters, with what was to be expected',
      },
    },
    async ({ query }) => {
      const { site, equipment, from, to } = query;
      for (const id of equipment) if (!directory.equipment(site, id)) throw notFound('meter');
      if (from >= to) throw new ApiProblem('invalid-request', '`from` must lie before `to`.');
      const asked = ((to - from) / (hour / 4)) * equipment.length;
      if (asked > maximumIntervals)
        throw new ApiProblem(
          'too-many-steps',
          `Over ${maximumIntervals} intervals; ask for fewer meters or less time.`,
        );
      return { items: await energy.intervals(site, equipment, from, to), next: null };
    },
  );

  api.get(
    '/energy/consumption',
    {
      schema: {
        querystring: z.strictObject({
          site: identifier,
          equipment: identifier,
          by: z.enum(consumptionSteps),
          from: instant,
          to: instant,
        }),
        response: answers(consumption),
        summary: 'Consumption of one meter against the period before',
      },
    },
    async ({ query: { site, equipment, by, from, to } }) => {
      if (!directory.equipment(site, equipment)) throw notFound('meter');
      if (from >= to) throw new ApiProblem('invalid-request', '`from` must lie before `to`.');
      if (to - from > maximumSpan[by])
        throw new ApiProblem('too-many-steps', `By ${by}, at most ${maximumSpan[by] / day} days at once.`);
      return energy.consumption(site, equipment, by, from, to);
    },
  );
}
