import { timeZone } from '@plantroom/energy';
import { aggregates, instant, series } from '@plantroom/model/api';
import { z } from 'zod';
import { longestHold } from '../../quarters.ts';
import { ApiProblem, notFound } from '../problems.ts';
import { type Api, answers, identifier, pointName } from '../route.ts';
import { readRaw, readSteps } from '../series-reader.ts';
import type { ApiServices } from '../services.ts';
import { automaticStep, fitsTheDay } from '../step-grid.ts';

/** More is neither drawn nor read by anybody, and would let one request read a year of seconds. */
const maximumSteps = 5_000;
const automaticSteps = 500;
const fewestSteps = 10;
const day = 86_400_000;
const maximumSpan = 11 * 366 * day;
const shortestStep = 1_000;

const seriesQuery = z.strictObject({
  site: identifier,
  equipment: identifier,
  point: pointName,
  from: instant,
  to: instant,
  /** ms of a step, or `auto`: a readable one that gives at most `points` steps. */
  interval: z
    .union([
      z.literal('auto'),
      z
        .string()
        .regex(/^\d{4,12}$/, 'use milliseconds (1000 and up) or auto')
        .transform(Number),
    ])
    .default('auto'),
  /** Steps that are wanted at most with `auto`: about as many as the picture has columns. */
  points: z
    .string()
    .regex(/^\d{1,4}$/, `use a number from ${fewestSteps} to ${maximumSteps}`)
    .transform(Number)
    .refine((n) => n >= fewestSteps && n <= maximumSteps, `use a number from ${fewestSteps} to ${maximumSteps}`)
    .default(automaticSteps),
  aggregate: z.enum(aggregates).default('mean'),
});

export function seriesRoutes(api: Api, { clock, directory, records, series: store }: ApiServices): void {
  api.get(
    '/series',
    {
      schema: {
        querystring: seriesQuery,
        response: answers(series),
        summary: 'History of one point in steps, from samples or rollups; a step of which nothing is known has nulls',
      },
    },
    async ({ query: { interval, points, aggregate, ...query } }) => {
      const site = directory.site(query.site);
      const silence = directory.staleAfter(query.site, query.equipment, query.point);
      if (!site || silence === undefined) throw notFound('point');
      checkSpan(query.from, query.to);
      if (aggregate === 'raw') {
        const items = await readRaw(store, query, maximumSteps);
        if (!items) throw new ApiProblem('too-many-steps', `Over ${maximumSteps} samples; ask for less, or for steps.`);
        return { ...query, interval: 0, resolution: 'raw' as const, aggregate, items };
      }
      // A value stands for its point's silence, up to a limit: only beyond that would a shorter step show gaps that are none.
      const shortest = silence > longestHold ? silence : 0;
      const step = interval === 'auto' ? automaticStep(query.to - query.from, shortest, points) : interval;
      checkStep(step, query.to - query.from);
      const zone = timeZone(site.description.timezone);
      const source = {
        ...{ store, records, hold: Math.min(silence, longestHold), now: clock.now() },
        dayOf: (time: number) => zone.startOf('day', time),
      };
      const read = await readSteps(source, query, step, aggregate, (t) => zone.offset(t));
      return { ...query, ...read, interval: step, aggregate };
    },
  );
}

function checkSpan(from: number, to: number): void {
  if (from >= to) throw new ApiProblem('invalid-request', '`from` must lie before `to`.');
  if (to - from > maximumSpan) throw new ApiProblem('too-many-steps', 'At most 11 years can be asked for at once.');
}

function checkStep(step: number, span: number): void {
  if (step < shortestStep || !fitsTheDay(step))
    throw new ApiProblem('invalid-request', 'An interval over 1 hour must divide the day or be whole days.');
  if (span / step > maximumSteps)
    throw new ApiProblem('too-many-steps', `Over ${maximumSteps} steps; ask for a longer interval or a shorter time.`);
}
