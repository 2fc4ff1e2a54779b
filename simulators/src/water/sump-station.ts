import type { Pump } from './pump.ts';
import { flowInto, metresPerBar } from './pump-curve.ts';
import type { Tank } from './tank.ts';

const startLevel = 1.2;
const secondLevel = 1.5;
const stopLevel = 0.5;
/** From the pit's floor to the street sewer, m, and the riser's friction, m per (m³/h)². */
const lift = 10;
const friction = 0.00533;

/** Two pumps empty the drainage pit on its level; the duty changes with each cycle. */
export class SumpStation {
  readonly pit: Tank;
  readonly pumps: readonly [Pump, Pump];
  /** Water let out of the pit, m³/h. */
  outflow = 0;
  #lead = 0;
  #active = false;
  #both = false;

  constructor(pit: Tank, pumps: readonly [Pump, Pump]) {
    this.pit = pit;
    this.pumps = pumps;
  }

  step(inflow: number, at: number, dt: number): void {
    const { depth } = this.pit;
    if (depth >= startLevel) this.#active = true;
    if (depth >= secondLevel) this.#both = true;
    if (depth <= stopLevel) this.#rest();
    const lead = this.pumps[this.#lead];
    const leadFails = this.#active && depth > startLevel + 0.1 && !lead?.pumping;
    this.pumps.forEach((pump, index) => {
      pump.decide(this.#active && (index === this.#lead || this.#both || leadFails));
    });
    const flow = (pump: Pump) => (pump.pumping ? flowInto(pump.rating, 1, lift - depth, friction) : 0);
    this.outflow = flow(this.pumps[0]) + flow(this.pumps[1]);
    for (const pump of this.pumps) {
      const suction = depth / metresPerBar;
      const discharge = pump.pumping ? suction + pump.head / metresPerBar : lift / metresPerBar;
      pump.settle({ flow: flow(pump), suction, discharge }, at, dt);
    }
    // A pump that somebody keeps running by hand returns its water to the pit once the pit is at its lowest level.
    if (depth <= stopLevel) this.outflow = Math.min(this.outflow, inflow);
    this.pit.step(inflow, this.outflow, dt);
  }

  #rest(): void {
    if (this.#active) this.#lead = 1 - this.#lead;
    this.#active = false;
    this.#both = false;
  }
}
