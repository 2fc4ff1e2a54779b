import { readFileSync, statSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { extname, join } from 'node:path';
import { alarmStateOf, transition, workOrderActions } from '@plantroom/model';
import type { AlarmAction } from '@plantroom/model/api';
import * as schemas from '@plantroom/model/api';
import { allowedActions, applyAction, isOpen } from '@plantroom/operations';
import { equipment, site } from './building.ts';
import { completenessDaysOf, statementOf } from './completeness.ts';
import { consumptionOf, intervalsOf, seriesOf } from './energy.ts';
import { loadOf } from './load.ts';
import { createRecords, gatewayAt, neighboursOf } from './records.ts';
import { latestAt } from './values.ts';

/**
 * A stand-in for the cloud's API with the demo's building, for work on the pages alone; every answer is checked by the
 * API's own schemas. `node packages/web/mock/server.ts [PORT]` serves the built dashboard too; any token of 16 letters
 * signs in, and `POST /mock/silence` stops the live stream for a while.
 */
const port = Number(process.argv[2] ?? 8080);
const records = createRecords(Date.now());
records.alarms.push(...neighboursOf(records.alarms, Date.now()));
const readers = new Set<ServerResponse>();
let isSilent = false;
let isSignedIn = false;

const user = { id: 'demo', name: 'Wei Lin', role: 'engineer' as const };
const list = (items: readonly unknown[]) => ({ items, next: null });

function withAlarms() {
  return equipment.map((machine) => {
    const open = records.alarms.filter((alarm) => alarm.equipment === machine.id);
    const priority = open.length > 0 ? Math.min(...open.map((alarm) => alarm.priority)) : null;
    return { ...machine, priority, openAlarms: open.length };
  });
}

type Answer = (query: URLSearchParams, path: readonly string[]) => unknown;

const reads: Readonly<Record<string, Answer>> = {
  session: () => schemas.session.parse({ user, expiresAt: Date.now() + 3_600_000 }),
  sites: () => schemas.siteList.parse(list([site])),
  equipment: (_, [, , what]) =>
    what === 'faults' ? schemas.faultList.parse(list([])) : schemas.equipmentList.parse(list(withAlarms())),
  points: () => schemas.latestList.parse({ ...list(latestAt(Date.now())), now: Date.now() }),
  alarms: (_, [id, what]) =>
    what === 'journal'
      ? schemas.alarmJournal.parse({ items: records.journals.get(id ?? '') ?? [] })
      : id === undefined
        ? schemas.alarmList.parse(list(records.alarms))
        : schemas.alarmView.parse(records.alarms.find((alarm) => alarm.id === id)),
  'alarm-metrics': (query) =>
    schemas.alarmMetricsView.parse(loadOf(Number(query.get('from')), Number(query.get('to')))),
  'work-orders': (query, [id]) =>
    id === undefined
      ? schemas.workOrderList.parse(list(records.orders.filter((o) => query.get('open') !== 'true' || isOpen(o.state))))
      : schemas.workOrderView.parse(records.orders.find((order) => order.id === id)),
  gateways: () => schemas.gatewayList.parse(list([gatewayAt(Date.now())])),
  completeness: (query, [what]) =>
    what === 'days'
      ? schemas.completenessDays.parse(completenessDaysOf(Date.now()))
      : schemas.statement.parse(statementOf(query.get('day') ?? undefined, Date.now())),
  series: (query) =>
    schemas.series.parse(
      seriesOf(
        query.get('equipment') ?? '',
        query.get('point') ?? '',
        Number(query.get('from')),
        Number(query.get('to')),
        query.get('aggregate') === 'last' ? 'last' : 'mean',
      ),
    ),
  energy: (query, [what]) => {
    const [from, to] = [Number(query.get('from')), Number(query.get('to'))];
    const meter = query.get('equipment') ?? '';
    if (what === 'intervals') return schemas.intervalList.parse(list(intervalsOf(meter, from, to, Date.now())));
    const by = schemas.consumptionSteps.find((step) => step === query.get('by')) ?? 'day';
    return schemas.consumption.parse(consumptionOf(meter, by, { from, to }, Date.now()));
  },
};

function send(reply: ServerResponse, status: number, body: unknown): void {
  const isProblem = status >= 400;
  reply.writeHead(status, { 'content-type': isProblem ? 'application/problem+json' : 'application/json' });
  reply.end(JSON.stringify(body));
}

function problem(reply: ServerResponse, status: number, code: string): void {
  send(reply, status, schemas.problem.parse({ type: 'about:blank', title: code, status, code }));
}

function tell(event: { type: string } & Record<string, unknown>): void {
  if (isSilent) return;
  const checked = schemas.liveEvent.parse({ ...event, now: Date.now() });
  const { type, ...data } = checked;
  for (const reader of readers) reader.write(`event: ${type}\ndata: ${JSON.stringify(data)}\n\n`);
}

/** The gateway echoes a click two seconds later. */
function command(id: string, action: AlarmAction, body: unknown, reply: ServerResponse): void {
  const index = records.alarms.findIndex((alarm) => alarm.id === id);
  const alarm = records.alarms[index];
  if (!alarm) {
    problem(reply, 404, 'not-found');
    return;
  }
  const { comment = '', minutes = 480, oneShot = false } = body as Record<string, never>;
  const command = `c-${Date.now()}`;
  records.alarms[index] = { ...alarm, pending: { command, action, since: Date.now() } };
  setTimeout(() => {
    const time = Date.now();
    const facts = transition(alarm.facts, action, { latching: false, safety: alarm.safety }) ?? alarm.facts;
    const marks = {
      ...(action === 'acknowledge' && { acknowledgedAt: time, acknowledgedBy: user.id }),
      ...(action === 'shelve' && {
        shelving: { since: time, until: time + minutes * 60_000, oneShot, by: user.id, reason: comment },
      }),
      ...(action === 'unshelve' && { shelving: undefined }),
      ...(action === 'remove-from-service' && { removal: { since: time, by: user.id, reason: comment } }),
      ...(action === 'return-to-service' && { removal: undefined }),
    };
    const state = alarmStateOf(facts);
    const echoed = { ...alarm, facts, state, ...marks, version: alarm.version + 1, command, pending: null };
    records.journal(echoed, { time, input: action, from: alarm.state, to: state, actor: user.id, comment });
    records.alarms[index] = echoed;
    tell({ type: 'alarm', alarm: echoed });
  }, 2_000);
  send(reply, 202, schemas.commandAccepted.parse({ command, alarm: id, action }));
}

async function changeOrder(id: string, action: string, step: string | undefined, body: unknown, reply: ServerResponse) {
  const index = records.orders.findIndex((order) => order.id === id);
  const order = records.orders[index];
  if (!order) return problem(reply, 404, 'not-found');
  const { version, ...rest } = body as { version: number; done?: boolean; comment?: string; assignee?: string };
  if (version !== order.version) return problem(reply, 409, 'version-conflict');
  const known = workOrderActions.find((each) => each === action);
  const result = known && applyAction(order.state, known);
  if (known && !result?.ok) return problem(reply, 409, 'action-not-allowed');
  const state = result?.ok ? result.state : order.state;
  const time = Date.now();
  const changed = {
    ...order,
    state,
    version: version + 1,
    actions: allowedActions(state),
    assignee: rest.assignee ?? order.assignee ?? (action === 'accept' ? user.id : null),
    steps: order.steps.map((each, at) =>
      String(at) === step ? { ...each, doneAt: rest.done ? time : null, doneBy: rest.done ? user.id : null } : each,
    ),
    history: [
      ...order.history,
      { time, actor: user.id, action, from: order.state, to: state, comment: rest.comment ?? '' },
    ],
  };
  records.orders[index] = changed;
  tell({ type: 'work-order', order: changed });
  send(reply, 200, schemas.workOrderView.parse(changed));
}

async function readBody(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString();
  return text ? JSON.parse(text) : {};
}

function openStream(reply: ServerResponse): void {
  reply.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
  reply.write('retry: 2000\n\n');
  readers.add(reply);
  reply.on('close', () => readers.delete(reply));
  tell({ type: 'latest', items: latestAt(Date.now()) });
}

async function answerApi(request: IncomingMessage, reply: ServerResponse, url: URL): Promise<void> {
  const [resource = '', ...path] = url.pathname.slice('/api/v1/'.length).split('/').map(decodeURIComponent);
  const { method } = request;
  if (resource === 'session' && method === 'POST') {
    isSignedIn = schemas.signIn.safeParse(await readBody(request)).success;
    if (!isSignedIn) return problem(reply, 401, 'sign-in-refused');
  } else if (!isSignedIn) return problem(reply, 401, 'not-signed-in');
  if (resource === 'session' && method === 'DELETE') {
    isSignedIn = false;
    return send(reply, 200, {});
  }
  if (resource === 'live') return openStream(reply);
  const [id = '', action = '', step] = path;
  if (method === 'POST' && resource === 'alarms')
    return command(id, action as AlarmAction, await readBody(request), reply);
  if (method === 'POST' && resource === 'work-orders')
    return changeOrder(id, action, step, await readBody(request), reply);
  const read = reads[resource];
  if (read) send(reply, 200, read(url.searchParams, path));
  else problem(reply, 404, 'not-found');
}

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};

function answerFile(reply: ServerResponse, path: string): void {
  const dist = join(import.meta.dirname, '..', 'dist');
  const wanted = join(dist, path);
  const file = statSync(wanted, { throwIfNoEntry: false })?.isFile() ? wanted : join(dist, 'index.html');
  reply.writeHead(200, { 'content-type': types[extname(file)] ?? 'application/octet-stream' });
  reply.end(readFileSync(file));
}

setInterval(() => {
  // Silent devices do not speak up; everything else does.
  tell({ type: 'latest', items: latestAt(Date.now()).filter((point) => !point.stale && !point.point.includes('[')) });
}, 1_000);
setInterval(() => tell({ type: 'tick' }), 5_000);

createServer((request, reply) => {
  const url = new URL(request.url ?? '/', 'http://localhost');
  if (url.pathname === '/mock/silence') {
    isSilent = url.searchParams.get('on') !== 'false';
    return send(reply, 200, { isSilent });
  }
  if (!url.pathname.startsWith('/api/')) return answerFile(reply, url.pathname);
  answerApi(request, reply, url).catch((thrown) => {
    console.error(request.url, thrown);
    problem(reply, 500, 'internal');
  });
}).listen(port, '127.0.0.1', () => console.log(`http://127.0.0.1:${port}/sign-in#token=0123456789abcdef`));
