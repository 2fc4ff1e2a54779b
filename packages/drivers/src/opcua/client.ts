import { X509Certificate } from 'node:crypto';
import { type Clock, coerceError, type Logger, withoutCredentials } from '@plantroom/base';
import {
  AttributeIds,
  type ClientSession,
  MessageSecurityMode,
  OPCUAClient,
  SecurityPolicy,
  setErrorLogger,
  setWarningLogger,
  type UserIdentityInfo,
  UserTokenType,
} from 'node-opcua';
import type { CertificateNotice } from '../contract.ts';
import { DriverFailure } from '../failure.ts';
import type { Session } from '../supervisor.ts';
import { browseNode, describeNodes, type UaDescription, type UaReference } from './browse-client.ts';
import { certificateFolder, describeCertificate, listCertificates } from './certificate-store.ts';
import { type OwnCertificate, openCertificates } from './certificates-client.ts';
import type { OpcUaConfig } from './config.ts';
import {
  keepAlivePeriod,
  type MonitoredNode,
  type Monitoring,
  type MonitorTarget,
  monitorNodes,
} from './monitor-client.ts';
import { type UaValue, valueFrom } from './value-client.ts';

export type { MonitoredNode } from './monitor-client.ts';

/** A session with a server, and at most one subscription in it. */
export interface UaSession extends Session {
  namespaces(): Promise<readonly string[]>;
  read(nodeIds: readonly string[]): Promise<UaValue[]>;
  /** What hangs below a node, for the person who looks for it. */
  browse(nodeId: string): Promise<UaReference[]>;
  describe(nodeIds: readonly string[]): Promise<UaDescription[]>;
  /**
   * Values from now on, by the index of the node; a node that the server refuses gives one bad value. Says whether they
   * are pushed, or read in turn because the server has no subscription for us.
   */
  monitor(nodes: readonly MonitoredNode[], to: MonitorTarget): Promise<Monitoring['by']>;
  readonly certificates: readonly CertificateNotice[];
  /** It is of no use any more, though its socket is open. */
  lose(detail: string): void;
}

/** Who signs in at the server, beside anonymous. */
export interface UaIdentity {
  readonly password?: string;
  /** PEM, for a configuration with `userCertificate`. */
  readonly certificate?: string;
  readonly key?: string;
}

export interface UaContext {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly dataDirectory: string;
  readonly identity: UaIdentity;
}

const readChunk = 200;
const closeDeadline = 2000;

/**
 * Connects once and opens a session; the library's own reconnecting is off, because it never gives up and would keep
 * `close` waiting. Throws DriverFailure `no-answer`.
 */
export async function connectServer(config: OpcUaConfig, context: UaContext, signal: AbortSignal): Promise<UaSession> {
  logToUs(context.logger);
  // The first time this makes a key, which may take a while; it is not the server's fault.
  const own = await openCertificates(certificateFolder(context.dataDirectory), context.clock.now());
  const client = OPCUAClient.create({
    applicationName: own.applicationName,
    applicationUri: own.applicationUri,
    certificateFile: own.certificateFile,
    privateKeyFile: own.privateKeyFile,
    clientCertificateManager: own.manager,
    connectionStrategy: { maxRetry: 0, initialDelay: 100, maxDelay: 200 },
    endpointMustExist: false,
    keepSessionAlive: false,
    // A link that broke leaves its session behind for this long, and servers have few.
    requestedSessionTimeout: 4 * keepAlivePeriod,
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
      .then(() => client.createSession(identityOf(config, context.identity)));
    // Whoever loses the race below must not surface as an unhandled rejection, nor leave a session behind.
    opening.then((late) => (waiting.signal.aborted && !session ? late.close(true) : undefined)).catch(() => undefined);
    session = await Promise.race([opening, deadline(config.timeout, context.clock, signal, waiting.signal)]);
  } catch (thrown) {
    await within(context.clock, closeDeadline, client.disconnect());
    await own.manager.dispose();
    throw noAnswer(config, coerceError(thrown).message, context.dataDirectory);
  } finally {
    waiting.abort();
  }
  return sessionOf(client, session, config, context, own);
}

function sessionOf(
  client: OPCUAClient,
  session: ClientSession,
  config: OpcUaConfig,
  context: UaContext,
  own: OwnCertificate,
): UaSession {
  const { clock, logger } = context;
  const lost = Promise.withResolvers<string>();
  client.on('close', (error) => lost.resolve(error?.message ?? 'the server closed the connection'));
  client.on('connection_lost', () => lost.resolve('the connection broke'));
  client.on('abort', () => lost.resolve('the server aborted the connection'));
  session.on('session_closed', (status) => lost.resolve(`the server closed the session (${status.name})`));
  let stopMonitoring = () => {};
  const read = async (nodeIds: readonly string[]) => {
    const values: UaValue[] = [];
    for (let at = 0; at < nodeIds.length; at += readChunk) {
      const nodes = nodeIds.slice(at, at + readChunk).map((nodeId) => ({ nodeId, attributeId: AttributeIds.Value }));
      values.push(...(await session.read(nodes, 0)).map(valueFrom));
    }
    return values;
  };
  return {
    lost: lost.promise,
    lose: lost.resolve,
    certificates: noticesOf(own, client.serverCertificate, context.identity.certificate),
    async namespaces() {
      return session.readNamespaceArray();
    },
    read,
    browse: (nodeId) => browseNode(session, nodeId),
    describe: (nodeIds) => describeNodes(session, nodeIds),
    async monitor(nodes, to) {
      const monitoring = await monitorNodes(nodes, { ...to, session, config, clock, logger, read, lose: lost.resolve });
      stopMonitoring = monitoring.stop;
      return monitoring.by;
    },
    async close() {
      stopMonitoring();
      // Closing the session as well, not only the socket: servers have few sessions and keep lost ones for a minute.
      await within(clock, closeDeadline, session.close(true));
      await within(clock, closeDeadline, client.disconnect());
      await own.manager.dispose();
    },
  };
}

/** The library prints to standard output unless told where to log; it has one log for all its clients. */
function logToUs(logger: Logger): void {
  const log = (...words: unknown[]) => logger.debug({ library: 'node-opcua' }, words.map(String).join(' '));
  setErrorLogger(log);
  setWarningLogger(log);
}

function identityOf(config: OpcUaConfig, { password, certificate, key }: UaIdentity): UserIdentityInfo {
  if (certificate !== undefined && key !== undefined)
    return { type: UserTokenType.Certificate, certificateData: new X509Certificate(certificate).raw, privateKey: key };
  if (config.user === undefined) return { type: UserTokenType.Anonymous };
  return { type: UserTokenType.UserName, userName: config.user, password: password ?? '' };
}

function noticesOf(
  own: OwnCertificate,
  chain: Uint8Array | readonly Uint8Array[] | undefined,
  user: string | undefined,
): CertificateNotice[] {
  const notice = (whose: CertificateNotice['whose'], bytes: Uint8Array | undefined) => {
    const described = bytes && describeCertificate(bytes);
    return described ? [{ whose, notAfter: described.notAfter }] : [];
  };
  return [
    { whose: 'own', notAfter: own.notAfter },
    ...notice('server', chain instanceof Uint8Array ? chain : chain?.[0]),
    ...notice('user', user === undefined ? undefined : Buffer.from(user)),
  ];
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

function noAnswer(config: OpcUaConfig, what: string, dataDirectory: string): DriverFailure {
  const endpoint = withoutCredentials(config.endpoint);
  return new DriverFailure('no-answer', `No session with ${endpoint}: ${what.split('\n')[0]}.`, {
    hint: /certificate|security/i.test(what)
      ? certificateHint(dataDirectory)
      : 'Check the endpoint, the security mode, user and password.',
    context: { endpoint },
  });
}

/** The command that mends it, with the certificate that was turned away where there is only one. */
function certificateHint(dataDirectory: string): string {
  const rejected = listCertificates(certificateFolder(dataDirectory)).filter((c) => c.state === 'rejected');
  const command = `npx plantroom gateway certificates ${dataDirectory}`;
  const [first] = rejected;
  const ours = `The server has to trust ours as well: \`${command}\` shows where it is.`;
  if (!first) return `The server may not trust this gateway, or wants another securityPolicy. ${ours}`;
  const named = rejected.length === 1 ? first.thumbprint.slice(0, 8) : 'THUMBPRINT';
  return `If ${rejected.length === 1 ? first.name : 'it'} is the right server, trust it: \`${command} --trust ${named}\`. ${ours}`;
}
