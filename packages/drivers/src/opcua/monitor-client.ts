import { type Clock, coerceError, describeError, type Logger } from '@plantroom/base';
import {
  AttributeIds,
  type ClientMonitoredItemBase,
  type ClientSession,
  type ClientSubscription,
  DataChangeFilter,
  DataChangeTrigger,
  DeadbandType,
  type StatusCode,
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
  /** A value by the index of its node, as it was pushed at its change, or read in its turn. */
  readonly listen: (index: number, value: UaValue, by: 'push' | 'poll') => void;
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

/** A node that the server would watch if it had the means, or not at all: read in its turn it has its values too. */
const withoutItem = /BadTooManyMonitoredItems|BadMonitoringModeInvalid|BadOutOfMemory|BadResourceUnavailable/;
/** The server does not know the deadband, or not for this node (no EURange): then every change comes. */
const withoutDeadband = /Filter|Deadband/;

/**
 * Subscribes to the nodes; what a server has no subscription or monitored item for is polled, and the log says so. Throws
 * what else fails.
 */
export async function monitorNodes(nodes: readonly MonitoredNode[], options: MonitorOptions): Promise<Monitoring> {
  const { session, config, logger, tally } = options;
  Object.assign(tally, { refused: 0, revised: 0, polling: 0 });
  const indexed = nodes.map((node, index) => ({ ...node, index }));
  let stopWatch = () => {};
  try {
    const subscription = await subscribe(session, config, logger);
    stopWatch = watch(subscription, options);
    const left = await addItems(subscription, indexed, options);
    const stopPoll = left.length > 0 ? poll(left, options, 'monitored item') : () => {};
    return {
      by: 'subscription',
      stop() {
        stopWatch();
        stopPoll();
      },
    };
  } catch (thrown) {
    stopWatch();
    if (!withoutSubscription.test(coerceError(thrown).message)) throw thrown;
    return { by: 'polling', stop: poll(indexed, options, `subscription (${describeError(thrown)})`) };
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

/** Adds the nodes; gives those that the server has no monitored item for. */
async function addItems(
  subscription: ClientSubscription,
  nodes: readonly IndexedNode[],
  options: MonitorOptions,
): Promise<IndexedNode[]> {
  const alike = Map.groupBy(nodes, ({ sampling, queueSize, deadband }) =>
    JSON.stringify([sampling, queueSize, deadband]),
  );
  const left: IndexedNode[] = [];
  const refuse = ({ index, nodeId }: IndexedNode, status: StatusCode) => {
    options.tally.refused++;
    options.logger.warn({ node: nodeId, status: status.name }, 'The server refuses a node.');
    options.listen(index, { raw: undefined, status: status.value }, 'poll');
  };
  for (const group of alike.values()) {
    let refused = await addGroup(subscription, group, options);
    const again = refused.filter(({ node, status }) => node.deadband && withoutDeadband.test(status.name));
    if (again.length > 0) {
      const plain = again.map(({ node }) => ({ ...node, deadband: undefined }));
      const said = { nodes: plain.map((n) => n.nodeId), deadband: group[0]?.deadband };
      options.logger.info(said, 'The server has no such deadband for these nodes.');
      options.tally.revised += again.length;
      refused = [...refused.filter((one) => !again.includes(one)), ...(await addGroup(subscription, plain, options))];
    }
    for (const { node, status } of refused)
      if (withoutItem.test(status.name)) left.push(node);
      else refuse(node, status);
  }
  return left;
}

type IndexedNode = MonitoredNode & { readonly index: number };

interface Refusal {
  readonly node: IndexedNode;
  readonly status: StatusCode;
}

/** Adds nodes that are monitored alike; gives those that the server refuses. */
async function addGroup(
  subscription: ClientSubscription,
  group: readonly IndexedNode[],
  { listen, logger, tally }: MonitorOptions,
): Promise<Refusal[]> {
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
  monitored.on('changed', (_, value, at) => listen(indexOf(at), valueFrom(value), 'push'));
  const refused: Refusal[] = [];
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
    refused.push({ node, status: item.statusCode });
  }
  return refused;
}

/** What the server made of the request, less than was asked: it may sample more slowly, and keep fewer values. */
function isRevised(item: ClientMonitoredItemBase, sampling: number, queueSize: number): boolean {
  const { samplingInterval, queueSize: queue } = item.monitoringParameters;
  return samplingInterval > Math.max(sampling, 1) || queue < queueSize;
}

/** Reads the nodes in turn, each as often as it would be sampled. */
function poll(
  nodes: readonly IndexedNode[],
  { clock, read, listen, lose, logger, tally }: MonitorOptions,
  what: string,
): () => void {
  tally.polling = nodes.length;
  logger.warn(
    { code: 'opcua-polling', nodes: nodes.length },
    `The server has no ${what} for these nodes: they are polled.`,
  );
  const periods = Map.groupBy(nodes, (node) => Math.max(shortestPoll, node.sampling));
  const timers = [...periods].map(([period, group]) => {
    let failures = 0;
    let busy = false;
    const readAll = async () => {
      if (busy) return;
      busy = true;
      try {
        const values = await read(group.map((n) => n.nodeId));
        for (const [at, value] of values.entries()) listen(group[at]?.index ?? -1, value, 'poll');
        failures = 0;
      } catch (thrown) {
        failures++;
        if (failures >= failedReads) lose(`reads fail (${describeError(thrown)})`);
      } finally {
        busy = false;
      }
    };
    void readAll();
    return clock.every(period, () => void readAll());
  });
  return () => {
    for (const timer of timers) timer.cancel();
  };
}
