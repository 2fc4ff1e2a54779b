import { type Clock, PlantroomError } from '@plantroom/base';
import fastify, { type FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { Building } from '../building/building.ts';
import { trueState } from '../building/true-state.ts';
import { catalogue, type FaultDefinition } from '../faults/catalogue.ts';
import type { ReadingLedger } from '../meters/ledger.ts';
import { sensorIds } from '../sensors/environment.ts';
import type { Publisher } from '../sensors/publisher.ts';
import type { SensorField } from '../sensors/sensor-field.ts';
import { readHistory } from './history-query.ts';

export interface ControlParts {
  building: Building;
  sensors: SensorField;
  publisher: Publisher;
  ledger: ReadingLedger;
  clock: Clock;
}

const faultRequest = z.strictObject({
  fault: z.string(),
  target: z.string(),
  parameters: z.record(z.string(), z.unknown()).optional(),
});

const statuses: Readonly<Record<string, number>> = {
  'no-such-fault': 404,
  'no-such-source': 404,
  'not-kept': 404,
  'already-active': 409,
};

/** The HTTP interface of README.md: health, true state, faults, history, and what was produced. Not yet listening. */
export function createControlApi(parts: ControlParts): FastifyInstance {
  const app = fastify({ logger: false, bodyLimit: 65_536, requestTimeout: 10_000 });
  app.setErrorHandler((thrown, _request, reply) => {
    const error = thrown instanceof Error ? thrown : new Error(String(thrown));
    const known = error instanceof PlantroomError;
    const parser = 'statusCode' in error && typeof error.statusCode === 'number' ? error.statusCode : 500;
    const status = known ? (statuses[error.code] ?? 400) : parser;
    const code = known ? error.code : status < 500 ? 'bad-request' : 'internal';
    return reply.code(status).send({ error: { code, message: error.message, hint: known ? error.hint : undefined } });
  });
  app.setNotFoundHandler((request, reply) =>
    reply
      .code(404)
      .send({ error: { code: 'no-such-route', message: `There is no ${request.method} ${request.url}.` } }),
  );
  addStateRoutes(app, parts);
  addFaultRoutes(app, parts);
  addProducedRoutes(app, parts);
  return app;
}

function addStateRoutes(app: FastifyInstance, { building, sensors, publisher, ledger, clock }: ControlParts): void {
  const started = clock.monotonic();
  app.get('/health', () => ({
    status: 'ok',
    uptime: Math.round((clock.monotonic() - started) / 1000),
    time: new Date(clock.now()).toISOString(),
    seed: building.seed,
    mqtt: publisher.state,
  }));
  app.get('/state', () => {
    const at = clock.now();
    return { time: new Date(at).toISOString(), equipment: trueState(building, sensors, at) };
  });
  app.get('/history', (request) => ({ items: readHistory(ledger, building.weather, request.query) }));
}

function addFaultRoutes(app: FastifyInstance, { building, clock }: ControlParts): void {
  const shown = (active: { since: number }) => ({ ...active, since: new Date(active.since).toISOString() });
  app.get('/faults', () => ({ catalogue: describeCatalogue(), active: building.faults.list().map(shown) }));
  app.post('/faults', (request, reply) => {
    const { fault, target, parameters } = checked(faultRequest, request.body);
    return reply.code(201).send(shown(building.faults.add(fault, target, parameters, clock.now())));
  });
  app.delete('/faults/:id', (request, reply) => {
    building.faults.remove(checked(z.object({ id: z.string() }), request.params).id);
    return reply.code(204).send();
  });
}

function addProducedRoutes(app: FastifyInstance, { publisher }: ControlParts): void {
  const sources = [...sensorIds, 'fire-panel'];
  app.get('/produced', () => ({
    sensors: Object.fromEntries(sensorIds.map((id) => [id, publisher.counts(id)])),
    events: publisher.counts('fire-panel'),
  }));
  app.get('/produced/:source', (request) => {
    const { source } = checked(z.object({ source: z.string() }), request.params);
    if (!sources.includes(source)) {
      throw new PlantroomError('no-such-source', `Nothing is published by "${source}".`, {
        hint: `Choose one of ${sources.join(', ')}.`,
      });
    }
    const items = publisher.messages(source);
    if (!items)
      throw new PlantroomError('not-kept', 'Messages are not kept.', { hint: 'Start the simulators with --oracle.' });
    return { items };
  });
}

function describeCatalogue() {
  return Object.entries<FaultDefinition>(catalogue).map(([fault, { title, targets, parameters }]) => ({
    fault,
    title,
    targets,
    parameters: z.toJSONSchema(parameters, { io: 'input' }).properties ?? {},
  }));
}

/** @throws PlantroomError `bad-request` naming each thing that is wrong. */
function checked<S extends z.ZodType>(schema: S, value: unknown): z.output<S> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new PlantroomError('bad-request', z.prettifyError(parsed.error), {
    hint: 'See simulators/README.md, Control API.',
  });
}
