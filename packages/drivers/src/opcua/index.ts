import { readFileSync } from 'node:fs';
import { describeError, errorCode, PlantroomError, type Timer, withoutCredentials } from '@plantroom/base';
import { z } from 'zod';
import type { EquipmentBinding } from '../binding.ts';
import type {
  CertificateNotice,
  DriverContext,
  FieldConnection,
  FieldDevice,
  FieldSink,
  ProbeResult,
  Reading,
} from '../contract.ts';
import { bad } from '../judge.ts';
import { describeProbe } from '../probe-text.ts';
import { resolveSecret } from '../secret-reference.ts';
import { Supervisor } from '../supervisor.ts';
import { connectServer, type UaContext, type UaIdentity, type UaSession } from './client.ts';
import { type OpcUaConfig, opcUaOptions } from './config.ts';
import { type UaNode, type UaPoint, uaNodes, uaPoints } from './points.ts';
import { SourceTimes } from './source-times.ts';
import { hasOverflow } from './status.ts';
import { newTally } from './tally.ts';
import type { UaValue } from './value.ts';

export { type BrowsedNode, type BrowsedTree, type BrowseQuery, browseServer, probeNode } from './browse.ts';
export {
  certificateFolder,
  type KnownCertificate,
  listCertificates,
  rejectCertificate,
  trustCertificate,
} from './certificate-store.ts';

const optionsSchema = z.object(opcUaOptions);

/** A server and the equipment behind its nodes; pushes, and reads everything again now and then. */
class OpcUaConnection implements FieldConnection {
  readonly id: string;
  readonly devices: readonly FieldDevice[];
  readonly #config: OpcUaConfig;
  readonly #points: readonly UaPoint[];
  readonly #context: UaContext;
  readonly #supervisor: Supervisor<UaSession>;
  readonly #times = new Map<string, SourceTimes>();
  #sink: FieldSink | undefined;
  #refresh: Timer | undefined;
  readonly #tally = newTally();
  #certificates: readonly CertificateNotice[] = [];
  #batch: Reading[] = [];

  constructor(
    id: string,
    config: OpcUaConfig,
    devices: readonly FieldDevice[],
    points: readonly UaPoint[],
    context: UaContext,
  ) {
    this.id = id;
    this.devices = devices;
    this.#config = config;
    this.#points = points;
    this.#context = context;
    this.#supervisor = new Supervisor({
      connect: (signal) => connectServer(config, context, signal),
      start: (session) => this.#start(session),
      down: (detail) => this.#down(detail),
      clock: context.clock,
      logger: context.logger,
    });
  }

  async open(): Promise<void> {
    await this.#supervisor.open();
  }

  async subscribe(sink: FieldSink): Promise<void> {
    this.#sink = sink;
    this.#supervisor.run();
  }

  async probe(equipment: string): Promise<ProbeResult> {
    const points = this.#points.filter((p) => p.equipment === equipment);
    if (points.length === 0) return { ok: false, message: `Connection ${this.id} has no equipment ${equipment}.` };
    let session: UaSession | undefined;
    try {
      session = await connectServer(this.#config, this.#context, new AbortController().signal);
      const { nodes, missing } = this.#resolve(points, await session.namespaces());
      const values = await session.read(nodes.map((n) => n.nodeId));
      const read = nodes.flatMap((node, i) => readingsOf(node, values[i], undefined));
      return describeProbe(`${withoutCredentials(this.#config.endpoint)}, ${equipment}`, [...read, ...missing]);
    } catch (thrown) {
      return { ok: false, message: describeError(thrown) };
    } finally {
      await session?.close();
    }
  }

  tally(): Readonly<Record<string, number>> {
    return { ...this.#tally };
  }

  certificates(): readonly CertificateNotice[] {
    return this.#certificates;
  }

  async close(): Promise<void> {
    this.#refresh?.cancel();
    await this.#supervisor.close();
  }

  async #start(session: UaSession): Promise<void> {
    this.#tally.sessions++;
    this.#certificates = session.certificates;
    const { nodes, missing } = this.#resolve(this.#points, await session.namespaces());
    this.#give(missing);
    for (const times of this.#times.values()) times.begin();
    const reading = { busy: false, failures: 0 };
    const readAgain = () => void this.#readAgain(session, nodes, missing, reading);
    const pushed = new Set<number>();
    const overflowed = new Set<number>();
    const listen = (index: number, value: UaValue, how: 'push' | 'poll') => {
      const node = nodes[index];
      if (!node) return;
      if (hasOverflow(value.status)) this.#noteOverflow(node, overflowed, index);
      const isChange = how === 'push' && pushed.has(index);
      if (how === 'push') pushed.add(index);
      this.#hear(node, value, isChange ? 'change' : 'read');
    };
    const by = await session.monitor(
      nodes.map(({ nodeId, how }) => ({ ...how, nodeId, sampling: how.sampling ?? this.#config.samplingInterval })),
      { listen, missed: readAgain, tally: this.#tally },
    );
    this.#refresh?.cancel();
    if (by === 'subscription') this.#refresh = this.#context.clock.every(this.#config.refresh, readAgain);
  }

  /** The newest value is right; what was between it and the one before is gone at the server. */
  #noteOverflow(node: UaNode, told: Set<number>, index: number): void {
    this.#tally.overflows++;
    // Once in a session: such a node does it again and again.
    if (told.has(index)) return;
    told.add(index);
    this.#context.logger.warn(
      { code: 'opcua-overflow', node: node.nodeId },
      'The server dropped values of a node: give it a larger queueSize or a longer sampling.',
    );
  }

  /** One read that fails may be a busy server; a second one tells that it only keeps the session alive. */
  async #readAgain(
    session: UaSession,
    nodes: readonly UaNode[],
    missing: readonly Reading[],
    reading: { busy: boolean; failures: number },
  ): Promise<void> {
    if (reading.busy) return;
    reading.busy = true;
    try {
      const values = await session.read(nodes.map((n) => n.nodeId));
      for (const [i, node] of nodes.entries()) {
        const value = values[i];
        if (value) this.#hear(node, value, 'read');
      }
      this.#give(missing);
      reading.failures = 0;
    } catch (thrown) {
      reading.failures++;
      const detail = describeError(thrown);
      this.#context.logger.warn({ connection: this.id, detail }, 'The values could not be read again.');
      if (reading.failures > 1) session.lose(`reads fail (${detail})`);
    } finally {
      reading.busy = false;
    }
  }

  #hear(node: UaNode, value: UaValue, how: 'change' | 'read'): void {
    const { clock, logger } = this.#context;
    const times = this.#times.get(node.nodeId) ?? new SourceTimes();
    this.#times.set(node.nodeId, times);
    const stood = times.standing;
    const heard = times.take(value, how, clock.now());
    if (heard) {
      const readings = readingsOf(node, value, heard.time);
      this.#give(heard.off ? readings.map(doubted) : readings);
    } else if (!stood)
      logger.warn(
        { code: 'opcua-source-stopped', node: node.nodeId },
        'The server repeats a value whose source time no longer moves: it goes stale. Look after the device behind the server.',
      );
  }

  /** What one publish response brings reaches the sink in one call. */
  #give(readings: readonly Reading[]): void {
    if (this.#batch.length === 0 && readings.length > 0) queueMicrotask(() => this.#flush());
    this.#batch.push(...readings);
  }

  #flush(): void {
    const batch = this.#batch;
    this.#batch = [];
    this.#sink?.readings(batch);
  }

  #down(detail: string): void {
    this.#refresh?.cancel();
    for (const { equipment } of this.devices) this.#sink?.silence(equipment, true, detail);
  }

  /** Points whose namespace the server lacks are bad, and the log says which namespaces it has. */
  #resolve(points: readonly UaPoint[], namespaces: readonly string[]): { nodes: UaNode[]; missing: Reading[] } {
    const { nodes, missing } = uaNodes(points, namespaces);
    const wanted = [...new Set(missing.map((p) => p.namespace))];
    if (wanted.length > 0) {
      const fields = { connection: this.id, wanted, has: namespaces };
      this.#context.logger.error(fields, 'server has no such namespace; set `namespace` in the equipment’s entry');
    }
    const gone = bad('not-available');
    return { nodes, missing: missing.map(({ equipment, point }) => ({ equipment, point, ...gone })) };
  }
}

function readingsOf(node: UaNode, value: UaValue | undefined, time: number | undefined): Reading[] {
  return value ? node.uses.flatMap((use) => use(value, time) ?? []) : [];
}

/** A good value from a source whose clock is off. */
function doubted(reading: Reading): Reading {
  return reading.quality === 'good' ? { ...reading, quality: 'uncertain', reason: 'clock' } : reading;
}

/** Resolves the node ids of every equipment but for the namespace's index; opens nothing. */
export async function prepareOpcUa(
  config: OpcUaConfig,
  id: string,
  bindings: readonly EquipmentBinding[],
  context: DriverContext,
): Promise<FieldConnection> {
  const points: UaPoint[] = [];
  const devices: FieldDevice[] = [];
  for (const binding of bindings) {
    const { profile } = binding;
    if (profile.protocol !== 'opc-ua') continue;
    const own = uaPoints(binding, profile, optionsSchema.parse(binding.options));
    points.push(...own);
    // A value that does not change is heard of only when it is read again.
    const period = Math.max(config.refresh, binding.period ?? 0);
    devices.push({ equipment: binding.id, period, points: own.map((p) => p.point) });
  }
  const { clock, logger, dataDirectory } = context;
  const identity = readIdentity(config, id, context);
  return new OpcUaConnection(id, config, devices, points, {
    clock,
    logger,
    dataDirectory,
    identity,
  });
}

/** Throws PlantroomError `driver-secret`, or `driver-certificate` for a file that cannot be read. */
function readIdentity(
  { password, userCertificate, userKey }: OpcUaConfig,
  id: string,
  context: DriverContext,
): UaIdentity {
  if (userCertificate !== undefined && userKey !== undefined)
    return { certificate: readPem(userCertificate, id), key: readPem(userKey, id) };
  return password === undefined ? {} : { password: resolveSecret(password, context.secret, id) };
}

function readPem(file: string, connection: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (thrown) {
    const why = errorCode(thrown) ?? 'error';
    throw new PlantroomError('driver-certificate', `Connection ${connection} cannot read ${file} (${why}).`, {
      hint: 'Write the path of a PEM file that the gateway may read; it starts at the site file’s folder.',
      context: { connection },
      cause: thrown,
    });
  }
}
