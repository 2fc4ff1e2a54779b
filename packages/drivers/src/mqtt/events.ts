import { createHash } from 'node:crypto';
import type { DeviceEvent, LocalText } from '@plantroom/model';
import type { EventMap } from '../profiles/schema.ts';
import { atPath } from './json-path.ts';
import { messageTime } from './message-time.ts';

/** A panel's clock that is off by more than this (ms) tells one report from another no better than none. */
const trustedClock = 86_400_000;
/** How long after its first arrival a report without a trusted time may come again and still be the same one, ms. */
const repeatWindow = 600_000;
/** Reports without a trusted time that are remembered at most; a forgotten one that comes again counts as a new one. */
const mostRemembered = 1000;

/** How far the time of a report may lie behind the gateway's (30 days) and ahead of it, in ms, as with samples. */
const oldest = 30 * 86_400_000;
const ahead = 10_000;
/** Characters of a message that go into an event. */
const longest = 512;

/** What a message reports, and what in it does not fit the profile. */
export interface Report {
  readonly event: DeviceEvent;
  readonly misfit?: LocalText;
}

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
   * What a message reports; undefined for an empty one, which only removes what the broker keeps. One that does not fit is
   * reported all the same: without a time in reason at the gateway's, without a category as a fault with its bytes as text.
   * `now` is the gateway's time, ms since 1970 UTC; `retained` is a message that the broker had kept.
   */
  read(payload: Buffer, retained: boolean, now: number): Report | undefined {
    if (payload.length === 0) return undefined;
    const map = this.#map;
    const message = parseJson(payload);
    const told = text(message, map.category.path);
    const category = Object.hasOwn(map.category.map, told) ? map.category.map[told] : undefined;
    const time = messageTime(message, map.time);
    const misfit =
      category === undefined ? noCategory(message, map.category.path, told) : noTime(message, map.time.path, time, now);
    const restored = map.restored && text(message, map.restored.path) === map.restored.value;
    const said = {
      category: category === undefined ? ('fault' as const) : restored ? ('restored' as const) : category,
      address: text(message, map.address).slice(0, 64),
      zone: text(message, map.zone).slice(0, 64),
      message: category === undefined ? payload.toString('utf8') : text(message, map.message),
    };
    const own = text(message, map.id);
    const digest = digestOf(own === '' ? payload : JSON.stringify([own, said, time]));
    const trusted = retained || (time !== undefined && Math.abs(now - time) <= trustedClock);
    const event = {
      ...said,
      message: (misfit ? `[${misfit.en}] ${said.message}` : said.message).slice(0, longest),
      id: this.#idOf(own, digest, trusted ? undefined : this.#arrivalOf(digest, now)),
      equipment: this.#equipment,
      time: time === undefined || !isInReason(time, now) ? now : time,
      gatewayTime: now,
    };
    return misfit ? { event, misfit } : { event };
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

function isInReason(time: number, now: number): boolean {
  return time >= now - oldest && time <= now + ahead;
}

function noCategory(message: unknown, path: string, told: string): LocalText {
  if (message === undefined) return { en: 'not JSON', zh: '不是 JSON' };
  return told === ''
    ? { en: `no category under ${path}`, zh: `${path} 处没有类别` }
    : { en: `category ${told.slice(0, 64)} is not in the profile`, zh: `配置文件中没有类别 ${told.slice(0, 64)}` };
}

function noTime(message: unknown, path: string, time: number | undefined, now: number): LocalText | undefined {
  if (time !== undefined && isInReason(time, now)) return undefined;
  const told = text(message, path).slice(0, 64);
  if (told === '') return { en: `no time under ${path}`, zh: `${path} 处没有时间` };
  return time === undefined
    ? { en: `time ${told} is not of the declared format`, zh: `时间 ${told} 不符合声明的格式` }
    : { en: `the panel’s clock says ${told}`, zh: `控制器时钟为 ${told}` };
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
