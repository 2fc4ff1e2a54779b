import { pointKey } from '@plantroom/model';
import type { LatestPoint, LiveEvent } from '@plantroom/model/api';

/**
 * What a reader has not been sent yet. Everything is kept under its identity, the newest wins, so that the size is bounded
 * by the site and not by how slow the reader is.
 */
export class Pending {
  readonly #latest = new Map<string, LatestPoint>();
  readonly #events = new Map<string, LiveEvent>();

  get isEmpty(): boolean {
    return this.#latest.size === 0 && this.#events.size === 0;
  }

  add(event: LiveEvent): void {
    if (event.type === 'latest') {
      for (const p of event.items) this.#latest.set(pointKey(p.equipment, p.point), p);
      return;
    }
    const key = keyOf(event);
    const held = this.#events.get(key);
    this.#events.set(key, held ? merge(held, event) : event);
  }

  /** Hands out what is pending and forgets it; the model first, because the rest may be about new equipment. */
  take(now: number): LiveEvent[] {
    const events = [...this.#events.values()].sort((a, b) => rank(a) - rank(b));
    const items = [...this.#latest.values()];
    this.#events.clear();
    this.#latest.clear();
    return items.length > 0 ? [...events, { type: 'latest', now, items }] : events;
  }
}

function rank(event: LiveEvent): number {
  return event.type === 'model' ? 0 : 1;
}

function keyOf(event: LiveEvent): string {
  switch (event.type) {
    case 'alarm':
      return `alarm|${event.alarm.id}`;
    case 'work-order':
      return `work-order|${event.order.id}`;
    case 'gateway':
      return `gateway|${event.gateway.id}`;
    default:
      return event.type;
  }
}

function merge(held: LiveEvent, event: LiveEvent): LiveEvent {
  if (held.type !== 'intervals' || event.type !== 'intervals') return event;
  return { ...event, equipment: [...new Set([...held.equipment, ...event.equipment])] };
}
