import type { Pump } from './pump.ts';
import { flowAt, metresPerBar } from './pump-curve.ts';

/** Gauge pressures in bar. */
export const boosterSetpoint = 10.8;
const suction = 0.35;
const restartBelow = boosterSetpoint - 0.9;
/** Water that the diaphragm vessel gives for one bar, m³. */
const vesselPerBar = 0.1;
/** Head at the set pressure, m. */
const setHead = (boosterSetpoint - suction) * metresPerBar;
const rampPerSecond = 0.06;
const proportional = 3;
const integral = 0.25;
/** Radians a second of a speed that hunts: it swings once in 40 s. */
const huntingPace = (2 * Math.PI) / 40;

/** Three speed-controlled pumps in parallel hold the pressure of the domestic water; as many run as the demand needs. */
export class BoosterSet {
  readonly pumps: readonly Pump[];
  /** Discharge pressure, bar gauge. */
  pressure = boosterSetpoint;
  /** Water delivered, m³/h. */
  flow = 0;
  #wanted = new Set<Pump>();
  #short = 0;
  #spare = 0;
  #idle = 0;
  #error = 0;

  constructor(pumps: readonly Pump[]) {
    this.pumps = pumps;
  }

  /** Delivers up to `demand` m³/h (at the set pressure; taps give less when it drops) for `dt` seconds. */
  step(demand: number, at: number, dt: number): void {
    this.#stage(demand, dt);
    for (const pump of this.pumps) pump.decide(this.#wanted.has(pump));
    this.#steer(at, dt);
    this.pressure = this.#balance(demand, dt);
    this.flow = demand * tapShare(this.pressure);
    for (const pump of this.pumps) {
      const flow = pump.pumping ? flowAt(pump.rating, pump.speed, headOf(this.pressure)) : 0;
      pump.settle({ flow, suction, discharge: this.pressure }, at, dt);
    }
  }

  #stage(demand: number, dt: number): void {
    const running = this.pumps.filter((pump) => pump.running);
    const pumping = running.filter((pump) => pump.pumping);
    const fastest = Math.max(0, ...pumping.map((pump) => pump.speed));
    const low = this.pressure < boosterSetpoint - 0.4;
    this.#short = low && (fastest > 0.97 || pumping.length === 0) ? this.#short + dt : 0;
    this.#idle = demand < 1 && pumping.length === 1 ? this.#idle + dt : 0;
    this.#spare = pumping.length > 1 && this.#speedFor(demand, pumping.length - 1) < 0.95 ? this.#spare + dt : 0;
    if (this.#short >= 6 || (this.pressure < restartBelow && pumping.length === 0)) this.#add();
    else if (this.#spare >= 40) this.#drop(pumping);
    else if (this.#idle >= 120) this.#wanted.clear();
  }

  /** The share of rated speed that `count` equal pumps need for a flow at the set pressure. */
  #speedFor(demand: number, count: number): number {
    const rating = this.pumps[0]?.rating;
    if (!rating || count === 0) return Number.POSITIVE_INFINITY;
    const curve = (rating.shutOffHead - rating.ratedHead) / rating.ratedFlow ** 2;
    return Math.sqrt((setHead + curve * (demand / count) ** 2) / rating.shutOffHead);
  }

  #add(): void {
    // The pump that starts now needs this long to run up before a further one is judged necessary.
    this.#short = -20;
    const rested = this.pumps.filter((p) => !this.#wanted.has(p) && !p.running && p.tripCode === 0 && !p.fault.off);
    rested.sort((a, b) => a.counters.runSeconds - b.counters.runSeconds);
    if (rested[0]) this.#wanted.add(rested[0]);
  }

  #drop(pumping: Pump[]): void {
    this.#spare = 0;
    const worked = pumping.filter((p) => this.#wanted.has(p));
    worked.sort((a, b) => b.counters.runSeconds - a.counters.runSeconds);
    if (worked[0] && worked.length > 1) this.#wanted.delete(worked[0]);
  }

  /** Proportional and integral control of the common speed, never faster than the drives' ramp. */
  #steer(at: number, dt: number): void {
    const pumping = this.pumps.filter((pump) => pump.pumping);
    const fastest = Math.max(0, ...pumping.map((pump) => pump.speed));
    const error = setHead - headOf(this.pressure);
    const change = proportional * (error - this.#error) + integral * error * dt;
    this.#error = error;
    for (const pump of this.pumps) {
      if (!pump.running) continue;
      const steered = change / (2 * Math.max(0.5, pump.speed) * pump.rating.shutOffHead);
      // A drive that has just started runs up until its check valve opens, and until it carries its share.
      const shut = pump.speed ** 2 * pump.rating.shutOffHead < headOf(this.pressure);
      const limit = rampPerSecond * dt;
      const behind = Math.min(limit, Math.max(0, fastest - pump.speed));
      const step =
        shut && this.pressure < boosterSetpoint ? limit : Math.max(-limit, Math.min(limit, steered + behind));
      const swing = pump.fault.hunting * huntingPace * dt * Math.cos((huntingPace * at) / 1000);
      pump.speed = Math.min(1, Math.max(pump.rating.lowestSpeed, pump.speed + step + swing));
    }
  }

  /**
   * The pressure at the end of a step: what the pumps give there, less what the taps take, is what the vessel stores. Each
   * term falls with the pressure, so halving the interval finds the one solution.
   */
  #balance(demand: number, dt: number): number {
    const pumping = this.pumps.filter((pump) => pump.pumping);
    let low = 0;
    let high = 16;
    for (let i = 0; i < 40; i += 1) {
      const pressure = (low + high) / 2;
      const given = pumping.reduce((sum, pump) => sum + flowAt(pump.rating, pump.speed, headOf(pressure)), 0);
      const stored = ((pressure - this.pressure) * vesselPerBar * 3600) / dt;
      if (given - demand * tapShare(pressure) > stored) low = pressure;
      else high = pressure;
    }
    return (low + high) / 2;
  }
}

function headOf(pressure: number): number {
  return (pressure - suction) * metresPerBar;
}

/** Taps are orifices: their flow goes with the root of the pressure. */
function tapShare(pressure: number): number {
  return Math.sqrt(Math.max(0, pressure) / boosterSetpoint);
}
