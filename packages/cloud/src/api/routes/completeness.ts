import { timeZone } from '@plantroom/energy';
import { completenessDays, statement } from '@plantroom/model/api';
import { z } from 'zod';
import { ApiProblem, notFound } from '../problems.ts';
import { type Api, answers, identifier } from '../route.ts';
import type { ApiServices } from '../services.ts';
import { statementCsv } from '../statement-csv.ts';

const dayLength = 86_400_000;
const mostDays = 62;

const dayQuery = z.strictObject({
  site: identifier,
  /** A day of the site's wall clock, such as `2026-11-27`; yesterday unless told. */
  day: z
    .string()
    .regex(/^\d{4}-\d\d-\d\d$/, 'write a day such as 2026-11-27')
    .optional(),
});
type DayQuery = z.output<typeof dayQuery>;

export function completenessRoutes(api: Api, { clock, directory, completeness }: ApiServices): void {
  const make = async ({ site, day }: DayQuery) => {
    const timezone = directory.site(site)?.description.timezone;
    if (timezone === undefined) throw notFound('site');
    const now = clock.now();
    const start =
      day === undefined
        ? timeZone(timezone).startOf('day', timeZone(timezone).startOf('day', now) - dayLength / 2)
        : completeness.dayStart(day, timezone);
    if (start === undefined || start > now)
      throw new ApiProblem('invalid-request', 'There is no such day, or it has not begun.');
    return completeness.statement(site, start, timezone);
  };

  api.get(
    '/completeness',
    {
      schema: {
        querystring: dayQuery,
        response: answers(statement),
        summary: 'What was to be expected of a site on a day, what is stored, and why the rest is not',
      },
    },
    ({ query }) => make(query),
  );

  api.get(
    '/completeness/statement.csv',
    {
      schema: { querystring: dayQuery, summary: 'The same as a table to keep', produces: ['text/csv'] },
    },
    async ({ query }, reply) => {
      const made = await make(query);
      return reply
        .header('content-type', 'text/csv; charset=utf-8')
        .header('content-disposition', `attachment; filename="${made.site}-${made.day}.csv"`)
        .send(statementCsv(made));
    },
  );

  api.get(
    '/completeness/days',
    {
      schema: {
        querystring: z.strictObject({
          site: identifier,
          /** So many days back from today. */
          count: z
            .string()
            .regex(/^\d{1,2}$/)
            .transform(Number)
            .pipe(z.number().int().min(1).max(mostDays))
            .default(31),
        }),
        response: answers(completenessDays),
        summary: 'Share of the time for which values stand, by day',
      },
    },
    async ({ query: { site, count } }) => {
      const timezone = directory.site(site)?.description.timezone;
      if (timezone === undefined) throw notFound('site');
      const today = timeZone(timezone).startOf('day', clock.now());
      return completeness.days(site, today - (count - 1) * dayLength, today + dayLength, timezone);
    },
  );
}
