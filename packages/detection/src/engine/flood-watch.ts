import { floodBegins, floodEnds, floodWindow } from '../stages/flood.ts';
import type { DetectionState } from '../types.ts';

/** Counts new alarms, and tells when they are a flood and which of them came first (ISA-18.2: flood, first-out). */
export class FloodWatch {
  #since: number | null = null;
  /** Times of new alarms in the last ten minutes. */
  #raised: number[] = [];
  /** The alarms behind them; in a flood only the one that came first. */
  #alarms: string[] = [];

  get on(): boolean {
    return this.#since !== null;
  }

  /** When it is over if no further alarm comes; undefined while there is none. */
  get ends(): number | undefined {
    if (this.#since === null) return undefined;
    return (this.#raised[this.#raised.length - floodEnds] ?? this.#raised[0] ?? this.#since) + floodWindow;
  }

  /** Counts a new alarm. In a flood, gives the alarms that are to be folded now, and the first of the flood. */
  count(alarm: string, at: number): { readonly first: string; readonly folded: readonly string[] } | undefined {
    const old = this.#raised.findIndex((time) => time > at - floodWindow);
    if (old !== 0) this.#raised.splice(0, old === -1 ? this.#raised.length : old);
    this.#raised.push(at);
    const began = this.#since === null && this.#raised.length > floodBegins;
    if (began) this.#since = at;
    if (this.#since !== null && !began) return { first: this.#alarms[0] ?? alarm, folded: [alarm] };
    const folded = [...this.#alarms, alarm].slice(-this.#raised.length);
    const [first = alarm] = folded;
    this.#alarms = began ? [first] : folded;
    return began ? { first, folded } : undefined;
  }

  end(): void {
    this.#since = null;
    this.#alarms = [];
  }

  clockStepped(by: number): void {
    if (this.#since !== null) this.#since += by;
    this.#raised = this.#raised.map((time) => time + by);
  }

  state(): DetectionState['flood'] {
    const alarms = this.#alarms.length > 0 ? { alarms: [...this.#alarms] } : {};
    return { since: this.#since, raised: [...this.#raised], ...alarms };
  }

  restore({ since, raised, alarms = [] }: DetectionState['flood']): void {
    this.#since = since;
    this.#raised = [...raised];
    this.#alarms = [...alarms];
  }
}
