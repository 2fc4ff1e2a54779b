import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Clock, PlantroomError, randomId, silentLogger, systemClock } from '@plantroom/base';
import { connectionTypes } from '@plantroom/drivers';
import { columns } from './columns.ts';
import type { Endpoint } from './endpoint.ts';

/** How to sign in to a server or broker. */
export interface SignIn {
  readonly user?: string | undefined;
  readonly password?: string | undefined;
}

/** Settings of an OPC UA connection and a folder for its certificates, which goes with the result. */
export async function withServer<T>(
  endpoint: Endpoint,
  { user, password }: SignIn,
  work: (config: OpcUaSettings, context: ServerContext) => Promise<T>,
): Promise<T> {
  const directory = mkdtempSync(join(tmpdir(), 'plantroom-browse-'));
  const settings = { endpoint: endpoint.settings, ...(user === undefined ? {} : { user }) };
  const identity = password === undefined ? {} : { password };
  try {
    const config = connectionTypes['opc-ua'].parse(settings);
    return await work(config, { clock: systemClock, logger: silentLogger, dataDirectory: directory, identity });
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

type OpcUaSettings = ReturnType<(typeof connectionTypes)['opc-ua']['parse']>;
interface ServerContext {
  readonly clock: Clock;
  readonly logger: typeof silentLogger;
  readonly dataDirectory: string;
  readonly identity: { readonly password?: string };
}

/** The value, type and state of one OPC UA node; false in `ok` when its status is not Good. */
export async function probeOpcUa(endpoint: Endpoint, node: string, signIn: SignIn) {
  const { probeNode } = await import('@plantroom/drivers/opcua');
  const found = await withServer(endpoint, signIn, (config, context) => probeNode(config, context, node));
  const { dataType, value, status, below } = found;
  const ok = status === 'Good';
  const children = below.map((b) => [b.nodeId, b.browseName, b.nodeClass]);
  const next =
    below.length > 0 ? `It is a folder: plantroom gateway browse ${endpoint.name} --root "${node}"` : missing;
  return {
    ok: ok || children.length > 0,
    lines: [
      `${endpoint.name}, ${node}: ${value === '' ? 'no value' : value} (${dataType}, ${status})`,
      ...(children.length > 0 ? ['', ...columns({ rows: children, indent: 2 })] : []),
      ...(ok ? [] : ['', next]),
    ],
  };
}

const missing = 'Check namespace and spelling of the node id: plantroom gateway browse shows the tree.';

export interface TopicQuery {
  readonly topic: string;
  /** Milliseconds to listen. */
  readonly wait: number;
  readonly clock?: Clock;
  readonly signal?: AbortSignal;
}

/** Listens on a topic (`+` and `#` may stand in it) and hands on each message; gives how many there were. */
export async function listenTopic(
  endpoint: Endpoint,
  { topic, wait, clock = systemClock, signal }: TopicQuery,
  signIn: SignIn,
  say: (lines: readonly string[]) => void,
): Promise<number> {
  const { connectBroker } = await import('@plantroom/drivers/mqtt');
  const stop = signal ?? new AbortController().signal;
  const settings = {
    url: String(endpoint.settings),
    clientId: `plantroom-probe-${randomId(4)}`,
    timeout: 5000,
    ...(signIn.user === undefined ? {} : { user: signIn.user }),
    ...(signIn.password === undefined ? {} : { password: signIn.password }),
  };
  const session = await connectBroker(settings, clock, silentLogger, stop);
  let count = 0;
  try {
    session.listen(({ topic: from, payload, retained }) => {
      count++;
      say(messageText(from, payload, retained));
    });
    const refused = await session.subscribe([topic]);
    if (refused.length > 0) throw refusal(endpoint, topic);
    await Promise.race([clock.sleep(wait, stop), session.lost.then((why) => Promise.reject(lost(endpoint, why)))]);
    return count;
  } finally {
    await session.close();
  }
}

/** The topic, and each member of a JSON message by the path that a profile would name it with. */
export function messageText(topic: string, payload: Buffer, retained: boolean): string[] {
  const title = `${topic}${retained ? '  (retained: last known, its moment is past)' : ''}`;
  const text = payload.toString('utf8');
  const members = membersOf(parse(text));
  if (members.length > 0) return [title, ...columns({ rows: members.slice(0, 60), indent: 2 })];
  if (/[^\P{C}\s]/u.test(text)) return [title, `  ${payload.length} bytes: ${payload.subarray(0, 48).toString('hex')}`];
  return [title, `  ${text.length > 400 ? `${text.slice(0, 400)}...` : text}`];
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function membersOf(value: unknown, path = ''): string[][] {
  if (Array.isArray(value)) return value.flatMap((part, at) => membersOf(part, `${path}[${at}]`));
  if (typeof value === 'object' && value !== null)
    return Object.entries(value).flatMap(([key, part]) => membersOf(part, path === '' ? key : `${path}.${key}`));
  return path === '' ? [] : [[path, value === null ? 'null' : typeof value, JSON.stringify(value) ?? '']];
}

function refusal({ name }: Endpoint, topic: string): PlantroomError {
  return new PlantroomError('probe', `${name} refuses the subscription to ${topic}.`, {
    hint: 'This user may not read it: ask for the right, or sign in with --user and --password-file.',
  });
}

function lost({ name }: Endpoint, why: string): PlantroomError {
  return new PlantroomError('probe', `${name} was lost while listening: ${why}.`, {
    hint: 'Another client may have signed in with the same id, or the broker closes idle clients.',
  });
}
