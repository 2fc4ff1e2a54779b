import { kinds, pointDefinition } from '@plantroom/model';
import type { EquipmentBinding } from '../binding.ts';
import type { Reading } from '../contract.ts';
import { createJudge, type Judge, type Judged, type Raw } from '../judge.ts';
import { parametersOf } from '../parameters.ts';
import { expandPoint } from '../point-path.ts';
import type { OpcUaProfile } from '../profiles/schema.ts';
import { CountSince } from './count-since.ts';
import { markOfStatus } from './status.ts';
import type { UaValue } from './value.ts';

/** A point of one equipment, and the node (with `{ns}` still in it) that it is read from. */
export interface UaPoint {
  readonly equipment: string;
  readonly point: string;
  readonly node: string;
  readonly namespace: string;
  readonly how: Sampling;
  /** The node that starts a count afresh. */
  readonly since: string | undefined;
  readonly judge: Judge;
}

export function uaPoints(
  binding: EquipmentBinding,
  profile: OpcUaProfile,
  options: { node: string; namespace?: string | undefined },
): UaPoint[] {
  const parameters = parametersOf(binding);
  return Object.entries(profile.points).flatMap(([name, map]) =>
    expandPoint(name).points.flatMap(({ name: point, indexes }) => {
      const definition = pointDefinition(kinds[binding.kind], point);
      if (!definition) return [];
      const fill = (template: string) =>
        template.replace(/\{(\w+)\}/g, (whole, key: string) =>
          key === 'node' ? options.node : String(indexes[key] ?? whole),
        );
      return {
        equipment: binding.id,
        point,
        node: fill(map.node),
        namespace: options.namespace ?? profile.namespace,
        how: { sampling: map.sampling, queueSize: map.queueSize, deadband: deadbandOf(map.deadband) },
        since: map.since === undefined ? undefined : fill(map.since),
        judge: createJudge(map, definition, parameters, 64),
      };
    }),
  );
}

/** What is asked of the server about a node; undefined leaves it to the connection. */
export interface Sampling {
  readonly sampling: number | undefined;
  readonly queueSize: number | undefined;
  readonly deadband: Deadband | undefined;
}

/** In the node's unit, or in percent of its EURange (OPC 10000-8, 6.2). */
export interface Deadband {
  readonly type: 'absolute' | 'percent';
  readonly value: number;
}

function deadbandOf(text: number | string | undefined): Deadband | undefined {
  if (text === undefined) return undefined;
  if (typeof text === 'number') return { type: 'absolute', value: text };
  return { type: 'percent', value: Number.parseFloat(text) };
}

/** A node of the server and what its values lead to. */
export interface UaNode {
  readonly nodeId: string;
  readonly how: Sampling;
  readonly uses: readonly ((value: UaValue, time: number | undefined) => Reading | undefined)[];
}

/**
 * The nodes behind the points, each once, with the index of their namespace filled in. Points whose namespace the server
 * does not have are given as `missing`.
 */
export function uaNodes(
  points: readonly UaPoint[],
  namespaces: readonly string[],
): { nodes: UaNode[]; missing: UaPoint[] } {
  const byId = new Map<string, { how: Sampling; uses: UaNode['uses'][number][] }>();
  const missing: UaPoint[] = [];
  const use = (nodeId: string, how: Sampling, run: UaNode['uses'][number]) => {
    const known = byId.get(nodeId);
    byId.set(nodeId, { how: known ? finer(known.how, how) : how, uses: [...(known?.uses ?? []), run] });
  };
  for (const point of points) {
    const index = namespaces.indexOf(point.namespace);
    if (index < 0) {
      missing.push(point);
      continue;
    }
    const fill = (template: string) => template.replaceAll('{ns}', String(index));
    const count = point.since === undefined ? undefined : new CountSince();
    if (point.since !== undefined && count) {
      use(fill(point.since), { ...point.how, deadband: undefined }, (value) => {
        if (markOfStatus(value.status).quality === 'good') count.startAfresh(value.raw);
        return undefined;
      });
    }
    const counted = (raw: Raw) => (count ? count.of(raw) : raw);
    use(fill(point.node), point.how, (value, time) => readingOf(point, value, time, counted));
  }
  return { nodes: [...byId].map(([nodeId, node]) => ({ nodeId, ...node })), missing };
}

/** What serves two points that are read from one node: the more often, the longer, and only what both can do without. */
function finer(a: Sampling, b: Sampling): Sampling {
  const least = (x: number | undefined, y: number | undefined) =>
    x === undefined || y === undefined ? undefined : Math.min(x, y);
  const same = a.deadband?.type === b.deadband?.type;
  return {
    sampling: least(a.sampling, b.sampling),
    queueSize: a.queueSize === undefined || b.queueSize === undefined ? undefined : Math.max(a.queueSize, b.queueSize),
    deadband:
      same && a.deadband && b.deadband && b.deadband.value < a.deadband.value
        ? b.deadband
        : same
          ? a.deadband
          : undefined,
  };
}

function readingOf(point: UaPoint, value: UaValue, time: number | undefined, counted: (raw: Raw) => Raw): Reading {
  return {
    equipment: point.equipment,
    point: point.point,
    ...(time === undefined ? {} : { sourceTime: time }),
    ...judgeValue(point.judge, value, counted),
  };
}

/** The worse of what the server says of the value and what we think of it. */
function judgeValue(judge: Judge, value: UaValue, counted: (raw: Raw) => Raw): Judged {
  const mark = markOfStatus(value.status);
  if (mark.quality === 'bad') return { value: null, ...mark, raw: value.status };
  const judged = judge(counted(value.raw));
  if (mark.quality === 'good' || judged.quality === 'bad') return judged;
  return { value: judged.value, ...mark, raw: value.status };
}
