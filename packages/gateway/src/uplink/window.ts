import type { Lane } from '@plantroom/model/wire';
import { type EntryName, keyOf, type UplinkEntry } from './contract.ts';

/** In which order frames are chosen: alarms and orders, current values, values of an outage, imported history. */
export const streams = ['events', 'live', 'replay', 'backfill'] as const;
export type Stream = (typeof streams)[number];

interface Flight {
  readonly entry: UplinkEntry;
  readonly stream: Stream;
  /** Monotonic, ms. */
  readonly addedAt: number;
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

  /** How long the oldest frame of a stream has waited for its answer, ms; 0 when none does. */
  longestWait(stream: Stream, now: number): number {
    let longest = 0;
    for (const flight of this.#flights.values())
      if (flight.stream === stream) longest = Math.max(longest, now - flight.addedAt);
    return longest;
  }

  has(name: EntryName): boolean {
    return this.#flights.has(keyOf(name));
  }

  add(entry: UplinkEntry, stream: Stream, now: number): void {
    this.#flights.set(keyOf(entry), { entry, stream, addedAt: now, sentAt: now, attempts: 1 });
  }

  /** Takes an answered frame out; undefined when it is not in flight. */
  remove(name: EntryName): UplinkEntry | undefined {
    const flight = this.#flights.get(keyOf(name));
    this.#flights.delete(keyOf(name));
    return flight?.entry;
  }

  removeRange(epoch: string, lane: Lane, from: number, to: number): UplinkEntry[] {
    const inside = [...this.#flights.values()].filter(
      ({ entry: e }) => e.epoch === epoch && e.lane === lane && e.sequence >= from && e.sequence <= to,
    );
    for (const { entry } of inside) this.remove(entry);
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
