import { createHash } from 'node:crypto';
import { type DeviceEvent, deviceEvent } from '@plantroom/model';
import type { EventMap } from '../profiles/schema.ts';
import { atPath } from './json-path.ts';
import { messageTime } from './message-time.ts';

/** A panel's clock that is off by more than this (ms) tells one report from another no better than none. */
const trustedClock = 86_400_000;
/** How long after its first arrival a report without a trusted time may come again and still be the same one, ms. */
const repeatWindow = 600_000;
/** Reports without a trusted time that are remembered at most; a forgotten one that comes again counts as a new one. */
const mostRemembered = 1000;

/** Turns the messages of one panel into device events. */
export class ReportReader {
  readonly #equipment: string;
  readonly #map: EventMap;
  /** When the first of its like came, by all that a report says. */
  readonly #arrivals = new Map<string, number>();

  constructor(equipment: string, map: EventMap) {
    this.#equipment = equipment;
    this.#map = map;
  }

  /**
   * The device event that a message reports; undefined when a declared member is missing or of another kind. `now` is the
   * gateway's time, ms since 1970 UTC; `retained` is a message that the broker had kept.
   */
  read(payload: Buffer, retained: boolean, now: number): DeviceEvent | undefined {
    const map = this.#map;
    const message = parseJson(payload);
    const category = map.category.map[text(message, map.category.path)];
    const time = messageTime(message, map.time);
    if (category === undefined || time === undefined) return undefined;
    const restored = map.restored && text(message, map.restored.path) === map.restored.value;
    const said = {
      time,
      category: restored ? ('restored' as const) : category,
      address: text(message, map.address).slice(0, 64),
      zone: text(message, map.zone).slice(0, 64),
      message: text(message, map.message).slice(0, 512),
    };
    const own = text(message, map.id);
    const digest = digestOf(own === '' ? payload : JSON.stringify([own, said]));
    const trusted = retained || Math.abs(now - time) <= trustedClock;
    const event = deviceEvent.safeParse({
      id: this.#idOf(own, digest, trusted ? undefined : this.#arrivalOf(digest, now)),
      equipment: this.#equipment,
      gatewayTime: now,
      ...said,
    });
    return event.success ? event.data : undefined;
  }

  /**
   * A report that is sent again has the id of the first. A panel that was reset or replaced counts its events from the
   * beginning: the number that it gives tells nothing without what was said and when, and where its clock tells nothing
   * either, without when it came. Such an id is at most 128 characters long.
   */
  #idOf(own: string, digest: string, arrival: number | undefined): string {
    const parts = [this.#equipment, digest];
    if (/^[\w.-]{1,28}$/.test(own)) parts.splice(1, 0, own);
    if (arrival !== undefined) parts.push(arrival.toString(36));
    return parts.join(':');
  }

  #arrivalOf(digest: string, now: number): number {
    const first = this.#arrivals.get(digest);
    if (first !== undefined && Math.abs(now - first) <= repeatWindow) return first;
    this.#arrivals.delete(digest);
    this.#arrivals.set(digest, now);
    const [oldest] = this.#arrivals.keys();
    if (this.#arrivals.size > mostRemembered && oldest !== undefined) this.#arrivals.delete(oldest);
    return now;
  }
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

function digestOf(said: Buffer | string): string {
  return createHash('sha256').update(said).digest('hex').slice(0, 20);
}
