import { timeZone } from '@plantroom/energy';
import { aggregates, instant, series } from '@plantroom/model/api';
import { z } from 'zod';
import { ApiProblem, notFound } from '../problems.ts';
import { type Api, answers, identifier, pointName } from '../route.ts';
import { readRaw, readSteps } from '../series-reader.ts';
import type { ApiServices } from '../services.ts';
import { automaticStep, fitsTheDay } from '../step-grid.ts';

/** More is neither drawn nor read by anybody, and would let one request read a year of seconds. */
const maximumSteps = 5_000;
const automaticSteps = 500;
const day = 86_400_000;
const maximumSpan = 11 * 366 * day;
const shortestStep = 1_000;

const seriesQuery = z.strictObject({
  site: identifier,
  equipment: identifier,
  point: pointName,
  from: instant,
  to: instant,
  /** ms of a step, or `auto`: a readable one that gives at most 500 steps. */
  interval: z
    .union([
      z.literal('auto'),
      z
        .string()
        .regex(/^\d{4,12}$/, 'use milliseconds (1000 and up) or auto')
        .transform(Number),
    ])
    .default('auto'),
  aggregate: z.enum(aggregates).default('mean'),
});

export function seriesRoutes(api: Api, { directory, series: store }: ApiServices): void {
  api.get(
    '/series',
    {
      schema: {
        querystring: seriesQuery,
        response: answers(series),
        summary: 'History of one point in steps; a step without samples has nulls',
      },
    },
    async ({ query: { interval, aggregate, ...query } }) => {
      const site = directory.site(query.site);
      const silence = directory.staleAfter(query.site, query.equipment, query.point);
      if (!site || silence === undefined) throw notFound('point');
      checkSpan(query.from, query.to);
      if (aggregate === 'raw') {
        const items = await readRaw(store, query, maximumSteps);
        if (!items) throw new ApiProblem('too-many-steps', `Over ${maximumSteps} samples; ask for less, or for steps.`);
        return { ...query, interval: 0, aggregate, items };
      }
      const step = interval === 'auto' ? automaticStep(query.to - query.from, silence, automaticSteps) : interval;
      checkStep(step, query.to - query.from);
      const zone = timeZone(site.description.timezone);
      const read = await readSteps(store, query, step, aggregate, (t) => zone.offset(t));
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
