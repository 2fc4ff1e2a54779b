import type { Noise } from '../building/noise.ts';
import { noise } from '../building/noise.ts';
import { headAt, metresPerBar, type PumpRating, ratedShaftPower, shaftPower } from './pump-curve.ts';

/** What survives a restart: starts, seconds run, kWh and m³. */
export interface PumpCounters {
  starts: number;
  runSeconds: number;
  energy: number;
  volume: number;
}

/** What an injected fault does to one pump; times in seconds since the fault began. */
export interface PumpFault {
  forced: boolean;
  dry: { tripAfter: number; since: number } | undefined;
  worn: { vibration: number; ramp: number; since: number } | undefined;
  tripped: boolean;
  off: boolean;
  lostPhase: number | undefined;
}

export const tripCodes = { none: 0, overload: 1, phaseLoss: 2, dryRun: 3, overTemperature: 4 } as const;
export const modes = { off: 0, manual: 1, auto: 2 } as const;

/** The water side of a step: pressures in bar (gauge), flow in m³/h. */
export interface Hydraulics {
  flow: number;
  suction: number;
  discharge: number;
}

/** One pump with its motor: decides whether it runs, and what can be measured on it. */
export class Pump {
  readonly rating: PumpRating;
  readonly counters: PumpCounters;
  fault: PumpFault = {
    forced: false,
    dry: undefined,
    worn: undefined,
    tripped: false,
    off: false,
    lostPhase: undefined,
  };
  command = false;
  running = false;
  mode: number = modes.auto;
  tripCode: number = tripCodes.none;
  /** Share of rated speed. */
  speed = 0;
  flow = 0;
  suction = 0;
  discharge = 0;
  head = 0;
  /** Electrical, kW. */
  power = 0;
  currents: [number, number, number] = [0, 0, 0];
  vibration = 0;
  bearingTemperature: number;
  motorTemperature: number;
  ambient: number;
  readonly #rough: Noise;

  constructor(rating: PumpRating, seed: number, ambient: number, counters: PumpCounters) {
    this.rating = rating;
    this.counters = counters;
    this.ambient = ambient;
    this.bearingTemperature = ambient + 1;
    this.motorTemperature = ambient + 2;
    this.#rough = noise(`pump-${rating.id}`, seed, 3_000);
  }

  /** True while the pump moves water. */
  get pumping(): boolean {
    return this.running && !this.fault.dry;
  }

  /** The controller's wish; the pump starts unless it is tripped or switched off. Fixed-speed pumps jump to full speed. */
  decide(wanted: boolean): void {
    const { fault } = this;
    const dryTrip = fault.dry !== undefined && fault.dry.tripAfter > 0 && fault.dry.since >= fault.dry.tripAfter;
    this.tripCode = fault.tripped ? tripCodes.overload : dryTrip ? tripCodes.dryRun : tripCodes.none;
    this.mode = fault.off ? modes.off : fault.forced ? modes.manual : modes.auto;
    this.command = wanted || (fault.forced && !fault.off);
    const run = this.command && this.mode !== modes.off && this.tripCode === tripCodes.none;
    if (run && !this.running) {
      this.counters.starts += 1;
      this.speed = this.rating.lowestSpeed;
    }
    if (!run) this.speed = 0;
    this.running = run;
  }

  /** Takes over the water side, then works out power, currents, vibration and temperatures for `dt` seconds. */
  settle(water: Hydraulics, at: number, dt: number): void {
    this.flow = this.pumping ? water.flow : 0;
    this.suction = this.fault.dry && this.running ? -0.6 : water.suction;
    this.discharge = water.discharge;
    this.head = this.pumping ? headAt(this.rating, this.speed, this.flow) : 0;
    if (this.fault.dry && this.running) this.discharge = Math.min(water.discharge, this.suction + 6 / metresPerBar);
    this.#electrics();
    this.#mechanics(at, dt);
    if (this.running) this.counters.runSeconds += dt;
    this.counters.energy += (this.power * dt) / 3600;
    this.counters.volume += (this.flow * dt) / 3600;
  }

  #electrics(): void {
    const { rating, speed } = this;
    if (!this.running) {
      this.power = 0;
      this.currents = [0, 0, 0];
      return;
    }
    // Without water only friction and windage are left, well below the power at no flow.
    const shaft = this.fault.dry ? 0.26 * speed ** 3 * ratedShaftPower(rating) : shaftPower(rating, speed, this.flow);
    this.power = shaft / rating.motorEfficiency;
    const load = this.power / (ratedShaftPower(rating) / rating.motorEfficiency);
    const current = rating.ratedCurrent * Math.sqrt(0.1 * speed ** 2 + 0.8 * load ** 2);
    const lost = this.fault.lostPhase;
    const phase = (n: number, balance: number) => current * (lost === undefined ? balance : lost === n ? 0 : 1.6);
    this.currents = [phase(1, 1.008), phase(2, 0.996), phase(3, 0.996)];
  }

  #mechanics(at: number, dt: number): void {
    const { rating, fault } = this;
    const load = this.running ? this.power / (ratedShaftPower(rating) / rating.motorEfficiency) : 0;
    const offBest = this.running && this.speed > 0 ? this.flow / this.speed / rating.ratedFlow - 1 : 0;
    const healthy = 1.35 * this.speed ** 2 * (1 + 0.5 * offBest ** 2) * (1 + 0.06 * this.#rough(at));
    const grown = fault.worn ? Math.min(1, fault.worn.since / Math.max(1, fault.worn.ramp)) : 0;
    const worn = fault.worn ? grown * Math.max(0, fault.worn.vibration - 1.35) * (1 + 0.04 * this.#rough(at)) : 0;
    this.vibration = this.running ? healthy + worn * this.speed ** 2 + (fault.dry ? 3.2 : 0) : 0.08;
    const bearing = this.ambient + (this.running ? 18 * this.speed + 45 * grown + (fault.dry ? 25 : 0) : 0);
    this.bearingTemperature += (bearing - this.bearingTemperature) * (1 - Math.exp(-dt / 240));
    const winding = this.ambient + 52 * load ** 2 + (this.running ? 4 : 0);
    this.motorTemperature += (winding - this.motorTemperature) * (1 - Math.exp(-dt / 900));
  }
}
