import { type Clock, coerceError, describeError, type Logger } from '@plantroom/base';
import {
  AttributeIds,
  type ClientMonitoredItemBase,
  type ClientSession,
  type ClientSubscription,
  DataChangeFilter,
  DataChangeTrigger,
  DeadbandType,
  TimestampsToReturn,
} from 'node-opcua';
import type { OpcUaConfig } from './config.ts';
import type { Deadband } from './points.ts';
import type { UaTally } from './tally.ts';
import { type UaValue, valueFrom } from './value-client.ts';
import { watch } from './watch-client.ts';

export interface MonitoredNode {
  readonly nodeId: string;
  /** Milliseconds between two samples at the server. */
  readonly sampling: number;
  readonly queueSize: number | undefined;
  readonly deadband: Deadband | undefined;
}

export interface MonitorTarget {
  /** A value by the index of its node. */
  readonly listen: (index: number, value: UaValue) => void;
  /** A publication is missing: what holds now should be read. */
  readonly missed: () => void;
  readonly tally: UaTally;
}

export interface Monitoring {
  readonly by: 'subscription' | 'polling';
  stop(): void;
}

export interface MonitorOptions extends MonitorTarget {
  readonly session: ClientSession;
  readonly config: OpcUaConfig;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly read: (nodeIds: readonly string[]) => Promise<UaValue[]>;
  readonly lose: (detail: string) => void;
}

/** A keep-alive at least this often, in ms, when nothing changes. */
export const keepAlivePeriod = 5000;
/** The shortest time between two reads of a server that cannot push, ms. */
const shortestPoll = 500;
/** Reads in a row that may fail before the session is given up. */
const failedReads = 2;

/** What a server says that has no subscriptions, or none left (OPC 10000-4, 7.39): BadServiceUnsupported and the like. */
const withoutSubscription = /BadServiceUnsupported|BadTooManySubscriptions|BadNotImplemented|BadNotSupported/;

/** Subscribes to the nodes; a server that has no subscription for us is polled, and the log says so. Throws what else fails. */
export async function monitorNodes(nodes: readonly MonitoredNode[], options: MonitorOptions): Promise<Monitoring> {
  const { session, config, logger, tally } = options;
  Object.assign(tally, { refused: 0, revised: 0, polling: 0 });
  try {
    const subscription = await subscribe(session, config, logger);
    const stop = watch(subscription, options);
    await addItems(subscription, nodes, options);
    return { by: 'subscription', stop };
  } catch (thrown) {
    if (!withoutSubscription.test(coerceError(thrown).message)) throw thrown;
    tally.polling = 1;
    logger.warn(
      { code: 'opcua-polling', detail: describeError(thrown) },
      'The server has no subscription: it is polled.',
    );
    return { by: 'polling', stop: poll(nodes, options) };
  }
}

async function subscribe(session: ClientSession, config: OpcUaConfig, logger: Logger): Promise<ClientSubscription> {
  const asked = config.publishingInterval;
  const keepAlives = Math.max(1, Math.ceil(keepAlivePeriod / asked));
  const subscription = await session.createSubscription2({
    requestedPublishingInterval: asked,
    requestedMaxKeepAliveCount: keepAlives,
    requestedLifetimeCount: keepAlives * 6,
    maxNotificationsPerPublish: 0,
    publishingEnabled: true,
    priority: 1,
  });
  const revised = subscription.publishingInterval;
  if (revised !== asked) logger.info({ asked, revised }, 'The server publishes at an interval of its own.');
  return subscription;
}

async function addItems(
  subscription: ClientSubscription,
  nodes: readonly MonitoredNode[],
  options: MonitorOptions,
): Promise<void> {
  const indexed = nodes.map((node, index) => ({ ...node, index }));
  const alike = Map.groupBy(indexed, ({ sampling, queueSize, deadband }) =>
    JSON.stringify([sampling, queueSize, deadband]),
  );
  for (const group of alike.values()) {
    const refused = await addGroup(subscription, group, options);
    // Without EURange there is no percent, and small servers have no filter at all: then every change comes.
    const again = refused.filter((node) => node.deadband !== undefined).map((n) => ({ ...n, deadband: undefined }));
    if (again.length === 0) continue;
    const ids = again.map((n) => n.nodeId);
    options.logger.info(
      { nodes: ids, deadband: group[0]?.deadband },
      'The server has no such deadband for these nodes.',
    );
    options.tally.revised += again.length;
    await addGroup(subscription, again, options);
  }
}

type IndexedNode = MonitoredNode & { readonly index: number };

/** Adds nodes that are monitored alike; gives those that the server refuses. */
async function addGroup(
  subscription: ClientSubscription,
  group: readonly IndexedNode[],
  { listen, logger, tally }: MonitorOptions,
): Promise<IndexedNode[]> {
  const [first] = group;
  if (!first) return [];
  const { sampling, deadband } = first;
  const queueSize =
    first.queueSize ?? 2 * Math.max(1, Math.ceil(subscription.publishingInterval / Math.max(sampling, 50)));
  const filter = deadband && {
    filter: new DataChangeFilter({
      trigger: DataChangeTrigger.StatusValue,
      deadbandType: deadband.type === 'absolute' ? DeadbandType.Absolute : DeadbandType.Percent,
      deadbandValue: deadband.value,
    }),
  };
  const monitored = await subscription.monitorItems(
    group.map(({ nodeId }) => ({ nodeId, attributeId: AttributeIds.Value })),
    { samplingInterval: sampling, queueSize, discardOldest: true, ...filter },
    TimestampsToReturn.Both,
  );
  const indexOf = (at: number) => group[at]?.index ?? -1;
  monitored.on('changed', (_, value, at) => listen(indexOf(at), valueFrom(value)));
  const refused: IndexedNode[] = [];
  for (const [at, node] of group.entries()) {
    const item = monitored.monitoredItems[at];
    if (!item) continue;
    if (item.statusCode.isGood()) {
      if (isRevised(item, sampling, queueSize)) {
        tally.revised++;
        const { samplingInterval, queueSize: queue } = item.monitoringParameters;
        const asked = { sampling, queueSize };
        logger.info(
          { node: node.nodeId, asked, revised: { sampling: samplingInterval, queueSize: queue } },
          'The server samples a node otherwise than asked.',
        );
      }
      continue;
    }
    refused.push(node);
    if (deadband) continue;
    tally.refused++;
    logger.warn({ node: node.nodeId, status: item.statusCode.name }, 'The server refuses a node.');
    listen(node.index, { raw: undefined, status: item.statusCode.value });
  }
  return refused;
}

/** What the server made of the request, less than was asked: it may sample more slowly, and keep fewer values. */
function isRevised(item: ClientMonitoredItemBase, sampling: number, queueSize: number): boolean {
  const { samplingInterval, queueSize: queue } = item.monitoringParameters;
  return samplingInterval > Math.max(sampling, 1) || queue < queueSize;
}

function poll(
  nodes: readonly MonitoredNode[],
  { config, clock, read, listen, lose, logger }: MonitorOptions,
): () => void {
  const period = Math.max(shortestPoll, config.samplingInterval);
  let failures = 0;
  let busy = false;
  const readAll = async () => {
    if (busy) return;
    busy = true;
    try {
      const values = await read(nodes.map((n) => n.nodeId));
      for (const [index, value] of values.entries()) listen(index, value);
      failures = 0;
    } catch (thrown) {
      failures++;
      logger.debug({ detail: describeError(thrown) }, 'A read failed.');
      if (failures >= failedReads) lose(`reads fail (${describeError(thrown)})`);
    } finally {
      busy = false;
    }
  };
  void readAll();
  const timer = clock.every(period, () => void readAll());
  return () => timer.cancel();
}
