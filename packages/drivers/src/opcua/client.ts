import { join } from 'node:path';
import { type Clock, coerceError, type Logger } from '@plantroom/base';
import {
  AttributeIds,
  type ClientSession,
  type ClientSubscription,
  DataType,
  type DataValue,
  MessageSecurityMode,
  OPCUACertificateManager,
  OPCUAClient,
  SecurityPolicy,
  type StatusCode,
  setErrorLogger,
  setWarningLogger,
  TimestampsToReturn,
  type UserIdentityInfo,
  UserTokenType,
} from 'node-opcua';
import { DriverFailure } from '../failure.ts';
import type { Raw } from '../judge.ts';
import type { Session } from '../supervisor.ts';
import { browseNode, describeNodes, type UaDescription, type UaReference } from './browse-client.ts';
import type { OpcUaConfig } from './config.ts';
import type { UaValue } from './value.ts';

export interface MonitoredNode {
  readonly nodeId: string;
  /** Milliseconds between two samples at the server. */
  readonly sampling: number;
}

/** A session with a server, and at most one subscription in it. */
export interface UaSession extends Session {
  namespaces(): Promise<readonly string[]>;
  read(nodeIds: readonly string[]): Promise<UaValue[]>;
  /** What hangs below a node, for the person who looks for it. */
  browse(nodeId: string): Promise<UaReference[]>;
  describe(nodeIds: readonly string[]): Promise<UaDescription[]>;
  /** Values from now on, by the index of the node; a node that the server refuses gives one bad value. */
  monitor(nodes: readonly MonitoredNode[], listen: (index: number, value: UaValue) => void): Promise<void>;
}

export interface UaContext {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly directory: string;
  readonly password: string | undefined;
}

/** A keep-alive at least this often, in ms, when nothing changes. */
const keepAlivePeriod = 5000;
const readChunk = 200;
const closeDeadline = 2000;

/**
 * Connects once and opens a session; the library's own reconnecting is off, because it never gives up and would keep
 * `close` waiting. Throws DriverFailure `no-answer`.
 */
export async function connectServer(config: OpcUaConfig, context: UaContext, signal: AbortSignal): Promise<UaSession> {
  const certificates = new OPCUACertificateManager({
    rootFolder: join(context.directory, 'pki'),
    automaticallyAcceptUnknownCertificate: false,
    disableFileWatchers: true,
  });
  logToUs(context.logger);
  // The first time this makes a key, which may take a while; it is not the server's fault.
  await certificates.initialize();
  const client = OPCUAClient.create({
    applicationName: 'plantroom-gateway',
    clientCertificateManager: certificates,
    connectionStrategy: { maxRetry: 0, initialDelay: 100, maxDelay: 200 },
    endpointMustExist: false,
    keepSessionAlive: false,
    requestedSessionTimeout: 60_000,
    securityMode: MessageSecurityMode[config.securityMode],
    securityPolicy: SecurityPolicy[config.securityPolicy],
    // A quiet server sends nothing but keep-alives; a socket that is given up sooner would break each time all lifts rest.
    transportTimeout: Math.max(config.timeout, 4 * keepAlivePeriod),
    defaultTransactionTimeout: config.timeout,
  });
  const waiting = new AbortController();
  let session: ClientSession | undefined;
  try {
    const opening = client
      .connect(config.endpoint)
      .then(() => client.createSession(identityOf(config, context.password)));
    // Whoever loses the race below must not surface as an unhandled rejection, nor leave a session behind.
    opening.then((late) => (waiting.signal.aborted && !session ? late.close(true) : undefined)).catch(() => undefined);
    session = await Promise.race([opening, deadline(config.timeout, context.clock, signal, waiting.signal)]);
  } catch (thrown) {
    await within(context.clock, closeDeadline, client.disconnect());
    await certificates.dispose();
    throw noAnswer(config, coerceError(thrown).message, certificates.rootDir);
  } finally {
    waiting.abort();
  }
  return sessionOf(client, session, config, context, () => certificates.dispose());
}

function sessionOf(
  client: OPCUAClient,
  session: ClientSession,
  config: OpcUaConfig,
  context: UaContext,
  release: () => Promise<void>,
): UaSession {
  const { clock } = context;
  const lost = Promise.withResolvers<string>();
  client.on('close', (error) => lost.resolve(error?.message ?? 'the server closed the connection'));
  client.on('connection_lost', () => lost.resolve('the connection broke'));
  client.on('abort', () => lost.resolve('the server aborted the connection'));
  session.on('session_closed', (status) => lost.resolve(`the server closed the session (${status.name})`));
  let stopWatch = () => {};
  return {
    lost: lost.promise,
    async namespaces() {
      return session.readNamespaceArray();
    },
    async read(nodeIds) {
      const values: UaValue[] = [];
      for (let at = 0; at < nodeIds.length; at += readChunk) {
        const nodes = nodeIds.slice(at, at + readChunk).map((nodeId) => ({ nodeId, attributeId: AttributeIds.Value }));
        values.push(...(await session.read(nodes, 0)).map(valueFrom));
      }
      return values;
    },
    browse: (nodeId) => browseNode(session, nodeId),
    describe: (nodeIds) => describeNodes(session, nodeIds),
    async monitor(nodes, listen) {
      const subscription = await subscribe(session, config);
      stopWatch = watch(subscription, clock, lost.resolve);
      await monitorNodes(subscription, nodes, listen, context.logger);
    },
    async close() {
      stopWatch();
      // Closing the session as well, not only the socket: servers have few sessions and keep lost ones for a minute.
      await within(clock, closeDeadline, session.close(true));
      await within(clock, closeDeadline, client.disconnect());
      await release();
    },
  };
}

async function subscribe(session: ClientSession, config: OpcUaConfig): Promise<ClientSubscription> {
  const keepAlives = Math.max(1, Math.ceil(keepAlivePeriod / config.publishingInterval));
  return session.createSubscription2({
    requestedPublishingInterval: config.publishingInterval,
    requestedMaxKeepAliveCount: keepAlives,
    requestedLifetimeCount: keepAlives * 6,
    maxNotificationsPerPublish: 0,
    publishingEnabled: true,
    priority: 1,
  });
}

/** Ends the session when neither data nor a keep-alive has come for three times as long as the server promised. */
function watch(subscription: ClientSubscription, clock: Clock, lose: (detail: string) => void): () => void {
  const limit = 3 * subscription.publishingInterval * subscription.maxKeepAliveCount;
  let heard = clock.monotonic();
  const alive = () => {
    heard = clock.monotonic();
  };
  subscription.on('keepalive', alive);
  subscription.on('raw_notification', alive);
  subscription.on('internal_error', (error: Error) => lose(`the subscription failed (${error.message})`));
  subscription.on('status_changed', (status: StatusCode) =>
    lose(`the server changed the subscription (${status.name})`),
  );
  subscription.on('terminated', () => lose('the server ended the subscription'));
  const timer = clock.every(Math.max(50, Math.min(1000, limit / 4)), () => {
    if (clock.monotonic() - heard > limit) lose(`the server sent nothing for ${Math.round(limit / 1000)} s`);
  });
  return () => timer.cancel();
}

async function monitorNodes(
  subscription: ClientSubscription,
  nodes: readonly MonitoredNode[],
  listen: (index: number, value: UaValue) => void,
  logger: Logger,
): Promise<void> {
  const indexed = nodes.map((node, index) => ({ ...node, index }));
  for (const [sampling, group] of Map.groupBy(indexed, (n) => n.sampling)) {
    const items = group.map(({ nodeId }) => ({ nodeId, attributeId: AttributeIds.Value }));
    const queueSize = 2 * Math.max(1, Math.ceil(subscription.publishingInterval / Math.max(sampling, 50)));
    const parameters = { samplingInterval: sampling, queueSize, discardOldest: true };
    const monitored = await subscription.monitorItems(items, parameters, TimestampsToReturn.Both);
    const indexOf = (at: number) => group[at]?.index ?? -1;
    monitored.on('changed', (_, value, at) => listen(indexOf(at), valueFrom(value)));
    for (const [at, item] of monitored.monitoredItems.entries()) {
      if (!item.statusCode.isGood()) {
        logger.warn({ node: items[at]?.nodeId, status: item.statusCode.name }, 'server refuses a node');
        listen(indexOf(at), { raw: undefined, status: item.statusCode.value });
      } else if (item.monitoringParameters.samplingInterval > sampling * 2) {
        const revised = item.monitoringParameters.samplingInterval;
        logger.info({ node: items[at]?.nodeId, sampling, revised }, 'server samples a node more slowly than asked');
      }
    }
  }
}

function valueFrom(data: DataValue): UaValue {
  const { sourceTimestamp, serverTimestamp } = data;
  return {
    raw: rawOf(data),
    status: data.statusCode.value,
    ...(sourceTimestamp ? { sourceTime: sourceTimestamp.getTime() } : {}),
    ...(serverTimestamp ? { serverTime: serverTimestamp.getTime() } : {}),
  };
}

/** 64-bit integers come from the library as their two halves. */
function rawOf({ value }: DataValue): Raw {
  const content: unknown = value?.value;
  if (value?.dataType === DataType.UInt64 || value?.dataType === DataType.Int64) {
    const [high, low] = Array.isArray(content) ? content : [];
    if (typeof high !== 'number' || typeof low !== 'number') return undefined;
    const bits = (BigInt(high >>> 0) << 32n) | BigInt(low >>> 0);
    return value.dataType === DataType.Int64 ? BigInt.asIntN(64, bits) : bits;
  }
  return typeof content === 'number' || typeof content === 'boolean' || typeof content === 'string'
    ? content
    : undefined;
}

/** The library prints to standard output unless told where to log; it has one log for all its clients. */
function logToUs(logger: Logger): void {
  const log = (...words: unknown[]) => logger.debug({ library: 'node-opcua' }, words.map(String).join(' '));
  setErrorLogger(log);
  setWarningLogger(log);
}

function identityOf(config: OpcUaConfig, password: string | undefined): UserIdentityInfo {
  if (config.user === undefined) return { type: UserTokenType.Anonymous };
  return { type: UserTokenType.UserName, userName: config.user, password: password ?? '' };
}

function deadline(timeout: number, clock: Clock, stop: AbortSignal, done: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const timer = clock.after(timeout, () => reject(new Error(`no session within ${timeout} ms`)));
    stop.addEventListener('abort', () => reject(new Error('it was closed')), { signal: done });
    done.addEventListener('abort', () => timer.cancel());
  });
}

/** Waits for a clean-up, but not for ever and not for its success. */
async function within(clock: Clock, time: number, work: Promise<unknown>): Promise<void> {
  const done = new AbortController();
  const settled = work.catch(() => undefined).finally(() => done.abort());
  await Promise.race([settled, clock.sleep(time, done.signal)]);
}

function noAnswer(config: OpcUaConfig, what: string, pki: string): DriverFailure {
  const hint = /certificate|security/i.test(what)
    ? `Look at the server's certificate in ${join(pki, 'rejected')}; if it is the right one, move it to ${join(pki, 'trusted', 'certs')}. The server has to trust ours as well.`
    : 'Check the endpoint, the security mode, user and password.';
  return new DriverFailure('no-answer', `No session with ${config.endpoint}: ${what.split('\n')[0]}.`, {
    hint,
    context: { endpoint: config.endpoint },
  });
}
