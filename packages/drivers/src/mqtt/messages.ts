import { kinds, pointDefinition } from '@plantroom/model';
import type { EquipmentBinding } from '../binding.ts';
import type { Reading } from '../contract.ts';
import { bad, createJudge, type Judge, type Judged, type Raw } from '../judge.ts';
import { parametersOf } from '../parameters.ts';
import { expandPoint } from '../point-path.ts';
import type { MessageTime, MqttPoint, MqttProfile } from '../profiles/schema.ts';
import { parseJson } from './events.ts';
import { atPath } from './json-path.ts';
import { messageTime } from './message-time.ts';

interface Field {
  readonly point: string;
  /** Undefined for the whole payload. */
  readonly path: string | undefined;
  readonly type: MqttPoint['type'];
  readonly judge: Judge;
}

/** Turns the messages of one topic of one equipment into readings. */
export interface TopicReader {
  readonly topic: string;
  readonly equipment: string;
  readonly points: readonly string[];
  readings(payload: Buffer, retained: boolean): Reading[];
}

/** A message longer than this is nothing that a field device sends. */
const longest = 256 * 1024;

/** A reader for each topic that the profile names; `names` stand for `{device}` and the like. */
export function topicReaders(
  binding: EquipmentBinding,
  profile: MqttProfile,
  names: Readonly<Record<string, string>>,
): TopicReader[] {
  const parameters = parametersOf(binding);
  const byTopic = new Map<string, Field[]>();
  for (const [name, map] of Object.entries(profile.points)) {
    for (const { name: point, indexes } of expandPoint(name).points) {
      const definition = pointDefinition(kinds[binding.kind], point);
      if (!definition) continue;
      const topic = fill(map.topic ?? profile.topic, { ...indexes, ...names });
      const field = {
        point,
        path: map.path === undefined ? undefined : fill(map.path, indexes),
        type: map.type,
        judge: createJudge(map, definition, parameters),
      };
      byTopic.set(topic, [...(byTopic.get(topic) ?? []), field]);
    }
  }
  return [...byTopic].map(([topic, fields]) => readerOf(topic, binding.id, fields, profile.time));
}

function readerOf(
  topic: string,
  equipment: string,
  fields: readonly Field[],
  time: MessageTime | undefined,
): TopicReader {
  return {
    topic,
    equipment,
    points: fields.map((f) => f.point),
    readings(payload, retained) {
      const text = payload.length > longest ? undefined : payload.toString('utf8');
      const message = text === undefined ? undefined : parseJson(payload);
      const sourceTime = time && messageTime(message, time);
      return fields.map((field) => ({
        equipment,
        point: field.point,
        ...(sourceTime === undefined ? {} : { sourceTime }),
        ...mark(judgeField(message, text, field), retained, time && !sourceTime),
      }));
    },
  };
}

/**
 * The declared type decides: a number in quotes is not a number. A member that is absent or null has no value; a payload
 * that is no JSON is a text as it stands.
 */
function judgeField(message: unknown, payload: string | undefined, { path, type, judge }: Field): Judged {
  if (path !== undefined && message === undefined) return bad('decode');
  const found = path === undefined ? (message ?? payload) : atPath(message, path);
  if (found === undefined || found === null) return bad('not-available');
  if (type === 'number-in-text') return judge(numberIn(found));
  // A text may look like JSON, such as `12` or `true`.
  if (path === undefined && type === 'text' && typeof found !== 'string') return judge(payload);
  return judge(typeof found === (type === 'text' ? 'string' : type) ? (found as Raw) : undefined);
}

const decimal = /^\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?\s*$/;

function numberIn(found: unknown): number | undefined {
  return typeof found === 'string' && decimal.test(found) ? Number(found) : undefined;
}

/** A retained message tells what was last known; a declared time that is not there leaves the moment in doubt. */
function mark(judged: Judged, retained: boolean, untimed: boolean | undefined): Judged {
  if (judged.quality !== 'good') return judged;
  if (retained) return { ...judged, quality: 'uncertain', reason: 'held' };
  return untimed ? { ...judged, quality: 'uncertain', reason: 'clock' } : judged;
}

/** Replaces `{name}` by its value; a name that is not known stays. */
export function fill(template: string, values: Readonly<Record<string, string | number>>): string {
  return template.replace(/\{(\w+)\}/g, (whole, name: string) =>
    Object.hasOwn(values, name) ? String(values[name] ?? whole) : whole,
  );
}
