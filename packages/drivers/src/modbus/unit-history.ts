/** How one question to a unit ended, for the person who looks for a bad cable. */
export interface UnitEvent {
  /** Milliseconds since 1970 UTC. */
  readonly time: number;
  /** Milliseconds from the question to the answer or to the end of waiting. */
  readonly duration: number;
  readonly outcome: 'data' | 'exception' | 'silent' | 'damaged' | 'closed';
  /** What was asked and what went wrong; empty for an answer. */
  readonly detail: string;
}

export interface UnitHistory {
  readonly unit: number;
  readonly asked: number;
  readonly answered: number;
  readonly refused: number;
  readonly silent: number;
  readonly damaged: number;
  /** Median ms that its last answers took beyond the time of their bytes on a serial line; undefined before the first. */
  readonly latency: number | undefined;
  /** The slowest of its last answers, ms. */
  readonly slowest: number | undefined;
  /** The last failures, oldest first. */
  readonly failures: readonly UnitEvent[];
}

const keptFailures = 20;
const keptLatencies = 32;

/** Counts what each unit of a bus does. */
export class UnitHistories {
  readonly #units = new Map<number, Tally>();

  /** `wireTime` is the part of the duration in which bytes travelled on a serial line, ms. */
  add(unit: number, event: UnitEvent, wireTime: number): void {
    const tally = this.#units.get(unit) ?? new Tally();
    this.#units.set(unit, tally);
    tally.add(event, wireTime);
  }

  latencyOf(unit: number): number | undefined {
    return this.#units.get(unit)?.latency;
  }

  list(): UnitHistory[] {
    return [...this.#units].sort(([a], [b]) => a - b).map(([unit, tally]) => tally.toHistory(unit));
  }
}

class Tally {
  readonly #counts = { data: 0, exception: 0, silent: 0, damaged: 0, closed: 0 };
  readonly #latencies = new Float64Array(keptLatencies);
  readonly #failures: UnitEvent[] = [];
  #answers = 0;
  #slowest = 0;

  add(event: UnitEvent, wireTime: number): void {
    this.#counts[event.outcome]++;
    if (event.outcome === 'data') {
      this.#latencies[this.#answers++ % keptLatencies] = Math.max(0, event.duration - wireTime);
      this.#slowest = Math.max(this.#slowest, event.duration);
      return;
    }
    this.#failures.push(event);
    if (this.#failures.length > keptFailures) this.#failures.shift();
  }

  get latency(): number | undefined {
    const known = this.#latencies.subarray(0, Math.min(this.#answers, keptLatencies));
    // Not the mean: one hiccup of a network or of this machine says nothing of the device.
    return known.toSorted()[known.length >> 1];
  }

  toHistory(unit: number): UnitHistory {
    const { data, exception, silent, damaged, closed } = this.#counts;
    return {
      unit,
      asked: data + exception + silent + damaged + closed,
      answered: data,
      refused: exception,
      silent: silent + closed,
      damaged,
      latency: this.latency,
      slowest: this.#answers > 0 ? this.#slowest : undefined,
      failures: [...this.#failures],
    };
  }
}
