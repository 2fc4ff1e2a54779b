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
  /** Sent once more between two attempts, since later frames were answered. */
  hurried: boolean;
}

export interface WindowOptions {
  /** Frames in flight at most. */
  readonly size: number;
  /**
   * Milliseconds after which an unanswered frame is sent again, unless later ones are answered before; each further time takes as
   * much longer, three at most.
   */
  readonly resendAfter: number;
}

/**
 * A frame counts as lost when one of its lane that was sent so much later (ms) has been answered: a process of the cloud that
 * was killed, or could not store it, took it along. In a cloud that is merely slow, later frames wait too.
 */
const overtaken = 2000;

/** Frames that were sent and not yet answered by the application. */
export class SendWindow {
  readonly #options: WindowOptions;
  readonly #flights = new Map<string, Flight>();
  /** When the newest frame of each lane was sent that has been answered; resent ones do not count, since it is not known for which time. */
  readonly #answered = new Map<Lane, number>();

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
    this.#flights.set(keyOf(entry), { entry, stream, addedAt: now, sentAt: now, attempts: 1, hurried: false });
  }

  /** Takes an answered frame out; undefined when it is not in flight. */
  remove(name: EntryName): UplinkEntry | undefined {
    const flight = this.#flights.get(keyOf(name));
    if (!flight) return undefined;
    this.#flights.delete(keyOf(name));
    const { entry, sentAt, attempts, hurried } = flight;
    if (attempts === 1 && !hurried)
      this.#answered.set(entry.lane, Math.max(sentAt, this.#answered.get(entry.lane) ?? 0));
    return entry;
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
    const all = [...this.#flights.values()];
    const overtakenOnes = all.filter((f) => this.#isOvertaken(f));
    const overdue = all.filter((f) => now - f.sentAt >= this.#options.resendAfter * Math.min(3, f.attempts));
    for (const flight of overtakenOnes) flight.hurried = true;
    for (const flight of overdue) {
      flight.sentAt = now;
      flight.attempts++;
    }
    return [...new Set([...overdue, ...overtakenOnes])].map((f) => f.entry);
  }

  clear(): void {
    this.#flights.clear();
    this.#answered.clear();
  }

  /** Once: what is lost again waits as long as others do. */
  #isOvertaken({ entry, sentAt, attempts, hurried }: Flight): boolean {
    return attempts === 1 && !hurried && (this.#answered.get(entry.lane) ?? 0) - sentAt >= overtaken;
  }
}
