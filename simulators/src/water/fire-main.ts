import type { Pump } from './pump.ts';
import { flowAt, metresPerBar } from './pump-curve.ts';

const suction = 0.3;
/** Elastic storage of the closed, pressurised main, m³ a bar. */
const storagePerBar = 0.02;
const usualLeak = 0.045;
export const jockeyStart = 10.3;
export const jockeyStop = 11.3;
const reliefAt = 12;
/** Pressure at which each fire pump starts by itself, bar gauge. */
const fireStart = [8.5, 7.5] as const;
/** With a fire pump running the surplus returns to the tank through the test line at this pressure. */
const testLine = 12.6;

/** The fire main: a jockey pump covers small leaks; fire pumps start when the pressure falls further. */
export class FireMain {
  readonly jockey: Pump;
  readonly firePumps: readonly Pump[];
  /** Bar gauge. */
  pressure: number;
  #jockeyWanted = false;
  readonly #fireFor: number[];

  constructor(jockey: Pump, firePumps: readonly Pump[], pressure: number) {
    this.jockey = jockey;
    this.firePumps = firePumps;
    this.pressure = pressure;
    this.#fireFor = firePumps.map(() => 0);
  }

  /** Moves the main on by `dt` seconds with `leak` m³/h on top of the usual small one. */
  step(leak: number, at: number, dt: number): void {
    if (this.pressure < jockeyStart) this.#jockeyWanted = true;
    if (this.pressure > jockeyStop) this.#jockeyWanted = false;
    this.jockey.decide(this.#jockeyWanted);
    this.firePumps.forEach((pump, index) => {
      pump.decide(this.#fireWanted(index, dt));
    });
    const head = (this.pressure - suction) * metresPerBar;
    const jockeyFlow = this.jockey.pumping ? flowAt(this.jockey.rating, 1, head) : 0;
    const fireFlows = this.firePumps.map((pump) => (pump.pumping ? flowAt(pump.rating, 1, head) : 0));
    const loss = (usualLeak + leak) * Math.sqrt(Math.max(0, this.pressure) / jockeyStop);
    this.jockey.settle({ flow: jockeyFlow, suction, discharge: this.pressure }, at, dt);
    this.firePumps.forEach((pump, index) => {
      pump.settle({ flow: fireFlows[index] ?? 0, suction, discharge: this.pressure }, at, dt);
    });
    if (this.firePumps.some((pump) => pump.pumping))
      this.pressure += (testLine - this.pressure) * (1 - Math.exp(-dt / 4));
    else this.pressure += ((jockeyFlow - loss) * dt) / 3600 / storagePerBar;
    this.pressure = Math.max(
      0,
      this.firePumps.some((p) => p.pumping) ? this.pressure : Math.min(this.pressure, reliefAt),
    );
  }

  /** A fire pump that was called runs at least ten minutes and until the main has its pressure back. */
  #fireWanted(index: number, dt: number): boolean {
    const left = this.#fireFor[index] ?? 0;
    const calls = this.pressure < (fireStart[index] ?? 0);
    this.#fireFor[index] = calls ? 600 : Math.max(0, left - dt);
    return calls || left > 0;
  }
}
