import type { Lane } from '@plantroom/model/wire';
import type { UplinkEntry } from './contract.ts';

/** In which order frames are chosen: alarms and orders, current values, values of an outage, imported history. */
export const streams = ['events', 'live', 'replay', 'backfill'] as const;
export type Stream = (typeof streams)[number];

interface Flight {
  readonly entry: UplinkEntry;
  readonly stream: Stream;
  sentAt: number;
  attempts: number;
}

export interface WindowOptions {
  /** Frames in flight at most. */
  readonly size: number;
  /** Milliseconds after which an unanswered frame is sent again; each further time takes as much longer, three at most. */
  readonly resendAfter: number;
}

/** Frames that were sent and not yet answered by the application. */
export class SendWindow {
  readonly #options: WindowOptions;
  readonly #flights = new Map<string, Flight>();

  constructor(options: WindowOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#flights.size;
  }

  /** Places that `stream` may still take: neither an outage's replay nor history ever fills the whole window. */
  room(stream: Stream): number {
    const share = { events: 1, live: 1, replay: 0.75, backfill: 0.25 }[stream];
    const taken = [...this.#flights.values()].filter((f) => f.stream === stream).length;
    const own = Math.max(1, Math.floor(this.#options.size * share)) - taken;
    return Math.max(0, Math.min(own, this.#options.size - this.#flights.size));
  }

  has(lane: Lane, sequence: number): boolean {
    return this.#flights.has(key(lane, sequence));
  }

  add(entry: UplinkEntry, stream: Stream, now: number): void {
    this.#flights.set(key(entry.lane, entry.sequence), { entry, stream, sentAt: now, attempts: 1 });
  }

  /** Takes an answered frame out; undefined when it is not in flight. */
  remove(lane: Lane, sequence: number): UplinkEntry | undefined {
    const flight = this.#flights.get(key(lane, sequence));
    this.#flights.delete(key(lane, sequence));
    return flight?.entry;
  }

  removeRange(lane: Lane, from: number, to: number): UplinkEntry[] {
    const inside = [...this.#flights.values()].filter(
      ({ entry }) => entry.lane === lane && entry.sequence >= from && entry.sequence <= to,
    );
    for (const { entry } of inside) this.remove(entry.lane, entry.sequence);
    return inside.map((f) => f.entry);
  }

  /** Frames that have waited too long for their answer; they count as sent anew. */
  takeOverdue(now: number): UplinkEntry[] {
    const overdue = [...this.#flights.values()].filter(
      (f) => now - f.sentAt >= this.#options.resendAfter * Math.min(3, f.attempts),
    );
    for (const flight of overdue) {
      flight.sentAt = now;
      flight.attempts++;
    }
    return overdue.map((f) => f.entry);
  }

  clear(): void {
    this.#flights.clear();
  }
}

function key(lane: Lane, sequence: number): string {
  return `${lane} ${sequence}`;
}
