import type { Raw } from '../../judge.ts';
import { decodePayload, type Metric, type Payload, rawOf } from './payload.ts';

/** Sparkplug 3.0, chapter 4: what a message of an edge node or device is about. */
export const messageTypes = ['NBIRTH', 'NDATA', 'NDEATH', 'DBIRTH', 'DDATA', 'DDEATH'] as const;
export type MessageType = (typeof messageTypes)[number];

/** A value that the edge node told, by the name that its birth gave it. */
export interface ToldMetric {
  readonly name: string;
  readonly raw: Raw;
  /** ms since 1970 UTC. */
  readonly time: number | undefined;
  /** Not a current value: it was kept while the node was offline. */
  readonly historical: boolean;
  readonly state: 'good' | 'bad' | 'stale' | 'null';
}

/** What a message means to those who listen. `device` undefined is the edge node itself. */
export type NodeNews =
  /** Messages are missing: what was told before may have changed since. */
  | { readonly what: 'missed' }
  | { readonly what: 'values'; readonly device: string | undefined; readonly metrics: readonly ToldMetric[] }
  /** Every message of the node arrived until now: what was told before still holds. */
  | { readonly what: 'confirmed' }
  | { readonly what: 'dead'; readonly device: string | undefined; readonly everything: boolean; readonly why: string }
  | { readonly what: 'unreadable'; readonly why: string };

interface Known {
  readonly name: string;
  readonly datatype: number | undefined;
  readonly device: string | undefined;
}

const sequences = 256;
const bdSeqName = 'bdSeq';

/**
 * One edge node as a host application sees it (specification 3.0, chapter 5). Births name metrics, types and aliases; data
 * refer to them; a sequence number of 8 bits shows whether a message is missing. It only listens: a rebirth would have to
 * be commanded, and nothing here is ever written. Deaths come with QoS 1 and all else with QoS 0: what is lost inside one life
 * shows by its numbers, and between two lives there is a death.
 */
export class EdgeNode {
  /** By device; the node's own metrics under undefined. Aliases are the node's, unique over its devices. */
  readonly #byAlias = new Map<bigint, Known>();
  readonly #byName = new Map<string | undefined, Map<string, Known>>();
  #bdSeq: bigint | undefined;
  #next: number | undefined;
  /** The message that took the newest number. */
  #newest: { readonly type: MessageType; readonly device: string | undefined; readonly bytes: Uint8Array } | undefined;

  /** Takes a message; `retained` is one that the broker had kept, which says nothing of now. */
  take(type: MessageType, device: string | undefined, bytes: Uint8Array, retained: boolean): NodeNews[] {
    const payload = decodePayload(bytes);
    if (!payload) return [{ what: 'unreadable', why: `a ${type} that is no Sparkplug B payload` }];
    if (type === 'NDEATH') return this.#nodeDied(payload);
    const order = retained ? undefined : this.#follow(type, device, bytes, payload.seq);
    if (order === 'repeated') return [];
    const missed = order === 'missed' ? [{ what: 'missed' } as const] : [];
    const confirmed = order === 'confirmed' ? [{ what: 'confirmed' } as const] : [];
    // A birth may be among what is missing, and after it an alias may mean another metric.
    if (order === 'missed') this.#forget();
    if (type === 'DDEATH') {
      this.#byName.delete(device);
      for (const [alias, known] of this.#byAlias) if (known.device === device) this.#byAlias.delete(alias);
      return [...missed, dead(device, false, 'the edge node has lost the device (DDEATH)'), ...confirmed];
    }
    if (type === 'NBIRTH' && !retained) this.#nodeBorn(payload);
    const isBirth = type === 'NBIRTH' || type === 'DBIRTH';
    // A birth that the broker kept is of a life that may be over: its aliases may mean other metrics today.
    if (isBirth && !retained) this.#learn(device, payload.metrics);
    const { metrics, unknown } = this.#name(device, payload);
    const values = { what: 'values', device, metrics } as const;
    const why = `${unknown} metrics whose birth was not heard: births are not kept by the broker; have the edge node send one`;
    return [...missed, values, ...confirmed, ...(unknown > 0 ? [{ what: 'unreadable', why } as const] : [])];
  }

  /** Only a birth says what an alias is and which type a name has. */
  #forget(): void {
    this.#byAlias.clear();
    this.#byName.clear();
  }

  #nodeBorn(payload: Payload): void {
    this.#forget();
    const bdSeq = payload.metrics.find((m) => m.name === bdSeqName);
    this.#bdSeq = bdSeqOf(bdSeq);
  }

  /** The broker publishes the death of an earlier session too, late: only the one of this birth counts. */
  #nodeDied(payload: Payload): NodeNews[] {
    const died = bdSeqOf(payload.metrics.find((m) => m.name === bdSeqName));
    if (this.#bdSeq !== undefined && died !== undefined && died !== this.#bdSeq) return [];
    this.#next = undefined;
    this.#forget();
    return [dead(undefined, true, 'the edge node is offline (NDEATH)')];
  }

  #follow(
    type: MessageType,
    device: string | undefined,
    bytes: Uint8Array,
    seq: number | undefined,
  ): 'confirmed' | 'missed' | 'repeated' | undefined {
    if (seq === undefined || seq >= sequences) return undefined;
    const expected = type === 'NBIRTH' ? seq : this.#next;
    const ahead = expected === undefined ? 0 : (seq - expected + sequences) % sequences;
    const before = this.#newest;
    // Only the same bytes are a message that comes again: the number alone may be another life's, whose birth was not heard.
    const isSame = before?.type === type && before.device === device && Buffer.compare(before.bytes, bytes) === 0;
    if (ahead === sequences - 1 && isSame) return 'repeated';
    this.#next = (seq + 1) % sequences;
    this.#newest = { type, device, bytes };
    return ahead === 0 ? 'confirmed' : 'missed';
  }

  #learn(device: string | undefined, metrics: readonly Metric[]): void {
    const names = new Map<string, Known>();
    this.#byName.set(device, names);
    for (const { name, alias, datatype } of metrics) {
      if (name === undefined) continue;
      const known = { name, datatype, device };
      names.set(name, known);
      if (alias !== undefined) this.#byAlias.set(alias, known);
    }
  }

  /** Aliases are the node's, unique over its devices; one that another device was born with is not this one's. */
  #aliased(device: string | undefined, alias: bigint | undefined): Known | undefined {
    const known = alias === undefined ? undefined : this.#byAlias.get(alias);
    return known?.device === device ? known : undefined;
  }

  #name(device: string | undefined, payload: Payload): { metrics: ToldMetric[]; unknown: number } {
    const metrics: ToldMetric[] = [];
    let unknown = 0;
    for (const metric of payload.metrics) {
      const known =
        metric.name === undefined
          ? this.#aliased(device, metric.alias)
          : (this.#byName.get(device)?.get(metric.name) ?? { name: metric.name, datatype: metric.datatype, device });
      if (known && known.name !== bdSeqName) metrics.push(told(metric, known, payload.time));
      else if (!known) unknown++;
    }
    return { metrics, unknown };
  }
}

function told(metric: Metric, { name, datatype }: Known, payloadTime: number | undefined): ToldMetric {
  const state = metric.isNull
    ? 'null'
    : metric.quality === 0
      ? 'bad'
      : metric.quality === staleQuality
        ? 'stale'
        : 'good';
  return {
    name,
    raw: rawOf({ value: metric.value, datatype: metric.datatype ?? datatype }),
    time: metric.time ?? payloadTime,
    historical: metric.historical,
    state,
  };
}

const staleQuality = 500;

function bdSeqOf(metric: Metric | undefined): bigint | undefined {
  const content = metric?.value?.content;
  return typeof content === 'number' || typeof content === 'bigint' ? BigInt(content) : undefined;
}

function dead(device: string | undefined, everything: boolean, why: string): NodeNews {
  return { what: 'dead', device, everything, why };
}
