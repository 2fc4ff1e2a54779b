import { createHash } from 'node:crypto';
import { type DeviceEvent, deviceEvent } from '@plantroom/model';
import type { EventMap } from '../profiles/schema.ts';
import { atPath } from './json-path.ts';
import { messageTime } from './message-time.ts';

/**
 * The device event that a panel's message reports; undefined when a declared member is missing or of another kind. The id
 * comes from the message's own, or from all of its bytes, so that a repeated report gives the same event. `now` is the
 * gateway's time, ms since 1970 UTC.
 */
export function eventOf(equipment: string, map: EventMap, payload: Buffer, now: number): DeviceEvent | undefined {
  const message = parseJson(payload);
  const category = map.category.map[text(message, map.category.path)];
  const time = messageTime(message, map.time);
  if (category === undefined || time === undefined) return undefined;
  const restored = map.restored && text(message, map.restored.path) === map.restored.value;
  const own = map.id === undefined ? '' : text(message, map.id);
  const event = deviceEvent.safeParse({
    id: own === '' || own.length > 60 ? `${equipment}:${digest(payload)}` : `${equipment}:${own}`,
    equipment,
    time,
    gatewayTime: now,
    category: restored ? 'restored' : category,
    address: text(message, map.address).slice(0, 64),
    zone: text(message, map.zone).slice(0, 64),
    message: text(message, map.message).slice(0, 512),
  });
  return event.success ? event.data : undefined;
}

/** The JSON value of a payload; undefined if it is none. */
export function parseJson(payload: Buffer): unknown {
  try {
    return JSON.parse(payload.toString('utf8'));
  } catch {
    return undefined;
  }
}

function text(message: unknown, path: string | undefined): string {
  const found = path === undefined ? undefined : atPath(message, path);
  return typeof found === 'string' || typeof found === 'number' ? String(found) : '';
}

function digest(payload: Buffer): string {
  return createHash('sha256').update(payload).digest('hex').slice(0, 32);
}
