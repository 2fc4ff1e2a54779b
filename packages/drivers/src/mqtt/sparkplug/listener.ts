import { type Logger, PlantroomError } from '@plantroom/base';
import { z } from 'zod';
import type { EquipmentBinding } from '../../binding.ts';
import type { FieldDevice, FieldSink } from '../../contract.ts';
import type { SparkplugProfile } from '../../profiles/schema.ts';
import type { Message } from '../client.ts';
import { sparkplugOptions } from '../config.ts';
import { EdgeNode, type MessageType, messageTypes, type NodeNews } from './edge-node.ts';
import { ToldPoints } from './told-points.ts';

const namespace = 'spBv1.0';
const optionsSchema = z.object(sparkplugOptions);

interface Listener {
  /** Undefined for metrics of the edge node itself. */
  readonly device: string | undefined;
  readonly told: ToldPoints;
  readonly period: number;
  /** When what holds was last given again, on the monotonic clock. */
  confirmedAt: number;
}

/** One edge node and the equipment that listens to it. */
export class NodeListener {
  readonly topics: readonly string[];
  #node = new EdgeNode();
  readonly #listeners: Listener[] = [];
  readonly #logger: Logger;
  readonly #name: string;
  #complaint = '';

  constructor(group: string, node: string, logger: Logger) {
    // All of the node's messages are needed: its numbers run over them.
    this.topics = [`${namespace}/${group}/+/${node}`, `${namespace}/${group}/+/${node}/+`];
    this.#name = `${group}/${node}`;
    this.#logger = logger;
  }

  get equipment(): string[] {
    return this.#listeners.map(({ told }) => told.equipment);
  }

  add(device: string | undefined, told: ToldPoints, period: number): void {
    this.#listeners.push({ device, told, period, confirmedAt: Number.NEGATIVE_INFINITY });
  }

  /** Messages may have passed unheard: births must come again. */
  restart(): void {
    this.#node = new EdgeNode();
  }

  /** `now` is monotonic, ms. */
  hear({ topic, payload, retained }: Message, sink: FieldSink, now: number): void {
    const [, , type = '', , device] = topic.split('/');
    if (!isMessageType(type) || type.startsWith('D') !== (device !== undefined)) return;
    for (const news of this.#node.take(type, device, payload, retained)) this.#tell(news, retained, sink, now);
  }

  #tell(news: NodeNews, retained: boolean, sink: FieldSink, now: number): void {
    switch (news.what) {
      case 'values':
        for (const listener of this.#listeners) {
          if (listener.device !== news.device) continue;
          const readings = listener.told.told(news.metrics, retained);
          if (readings.length > 0) sink.readings(readings);
        }
        return;
      case 'confirmed':
        for (const listener of this.#listeners) {
          if (now - listener.confirmedAt < listener.period / 2) continue;
          const readings = listener.told.confirmed();
          if (readings.length === 0) continue;
          listener.confirmedAt = now;
          sink.readings(readings);
        }
        return;
      case 'missed':
        this.#complain('messages of it are missing: what did not change since is in doubt until it tells again');
        for (const { told } of this.#listeners) {
          const readings = told.doubted();
          if (readings.length > 0) sink.readings(readings);
        }
        return;
      case 'dead':
        for (const { device, told } of this.#listeners) {
          if (!news.everything && device !== news.device) continue;
          told.forget();
          sink.silence(told.equipment, true, news.why);
        }
        return;
      case 'unreadable':
        this.#complain(news.why);
    }
  }

  /** Each complaint once in a row: a node that goes wrong does so many times a second. */
  #complain(what: string): void {
    if (what === this.#complaint) return;
    this.#complaint = what;
    this.#logger.warn({ code: 'sparkplug', node: this.#name, detail: what }, 'An edge node is not understood.');
  }
}

function isMessageType(type: string): type is MessageType {
  return messageTypes.some((known) => known === type);
}

/** The edge nodes behind these equipment entries, and the devices that they are. */
export function nodeListeners(
  bindings: readonly { readonly binding: EquipmentBinding; readonly profile: SparkplugProfile }[],
  logger: Logger,
): { nodes: NodeListener[]; devices: FieldDevice[] } {
  const nodes = new Map<string, NodeListener>();
  const devices: FieldDevice[] = [];
  for (const { binding, profile } of bindings) {
    const options = optionsSchema.safeParse(binding.options);
    if (!options.success)
      throw new PlantroomError('driver-config', `${binding.id} does not say which edge node it is.`, {
        hint: 'Write `group`, `node` and, for a device below it, `device`.',
      });
    const { group, node, device } = options.data;
    const name = `${group}/${node}`;
    const listener = nodes.get(name) ?? new NodeListener(group, node, logger);
    nodes.set(name, listener);
    const told = new ToldPoints(binding, profile);
    const period = binding.period ?? profile.period;
    listener.add(device, told, period);
    devices.push({ equipment: binding.id, period, points: told.points });
  }
  return { nodes: [...nodes.values()], devices };
}
