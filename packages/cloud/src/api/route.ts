import type { IncomingMessage, ServerResponse } from 'node:http';
import { identifier, pointName } from '@plantroom/model';
import { problem } from '@plantroom/model/api';
import type { FastifyBaseLogger, FastifyInstance, FastifyRequest, RawServerDefault } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { ApiProblem } from './problems.ts';
import type { Identity, Permission } from './services.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What the route asks of its caller; `view` unless told, so that a new route is never open by oversight. */
    permission?: Permission | 'public';
  }
  interface FastifyRequest {
    identity: Identity | null;
  }
}

/** The server as routes see it: zod schemas give types and checks. */
export type Api = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  ZodTypeProvider
>;

/** The answers of a route: its own with `status`, problems with the rest. */
export function answers<S extends z.ZodType, Status extends number = 200>(schema: S, status?: Status) {
  return { [status ?? 200]: schema, '4xx': problem, '5xx': problem } as Record<Status, S> & {
    '4xx': typeof problem;
    '5xx': typeof problem;
  };
}

/** Whoever made the request; routes behind a sign-in always have one. */
export function callerOf(request: FastifyRequest): Identity {
  if (!request.identity) throw new ApiProblem('not-signed-in');
  return request.identity;
}

/** Ids of alarms and orders: printable ASCII without separators of paths or queries. */
export const recordId = z.string().regex(/^[\w.:|~-]{1,64}$/, 'use an id as the lists give it');
export const idParams = z.object({ id: recordId });

export const siteFilter = { site: identifier.optional() };
export const equipmentFilter = { ...siteFilter, equipment: identifier.optional() };

/** One value or several of a repeated query parameter. */
export const repeated = z.union([identifier.transform((one) => [one]), z.array(identifier).min(1).max(50)]);

export const openFilter = z
  .enum(['true', 'false'])
  .transform((text) => text === 'true')
  .optional();

export const paging = {
  limit: z
    .string()
    .regex(/^\d{1,4}$/)
    .transform(Number)
    .pipe(z.number().int().min(1).max(1000))
    .default(200),
  /** The `next` of the page before. */
  after: z
    .string()
    .regex(/^[\w.:|~=+/-]{1,256}$/)
    .optional(),
};

export { identifier, pointName };

/** One page of a list that is in memory; the cursor is the key of the last item of the page before. */
export function pageOf<T>(
  all: readonly T[],
  keyOf: (item: T) => string,
  { limit, after }: { limit: number; after?: string | undefined },
): { items: T[]; next: string | null } {
  const start = after === undefined ? 0 : all.findIndex((item) => keyOf(item) === after) + 1;
  if (after !== undefined && start === 0) throw new ApiProblem('invalid-request', 'No list has given this cursor.');
  const items = all.slice(start, start + limit);
  const last = items.at(-1);
  return { items, next: last && start + limit < all.length ? keyOf(last) : null };
}

/** The object without its undefined values, for filters with optional members. */
export function defined<T extends object>(object: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(object).filter(([, v]) => v !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };
}
