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
  /** More current than the load asks for: in all phases, in one. */
  overload: number;
  unbalance: number;
  /** The rotor does not turn. */
  locked: boolean;
  /** °C to which the bearing heats up. */
  seizes: number | undefined;
  /** Nothing leaves the pump. */
  shut: boolean;
  /** Share of the rated flow that runs through it while it stands. */
  backflow: number;
  /** A gauge that stands still. */
  stuck: Gauge | undefined;
  /** The control of the speed swings by this share. */
  hunting: number;
}

export const gauges = ['flow', 'head', 'power', 'vibration'] as const;
export type Gauge = (typeof gauges)[number];

export const soundPump: PumpFault = {
  forced: false,
  dry: undefined,
  worn: undefined,
  tripped: false,
  off: false,
  lostPhase: undefined,
  overload: 0,
  unbalance: 0,
  locked: false,
  seizes: undefined,
  shut: false,
  backflow: 0,
  stuck: undefined,
  hunting: 0,
};

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
  fault: PumpFault = soundPump;
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
  /** What the gauges show, each with a noise of its own. */
  shown: Readonly<Record<Gauge, number>> = { flow: 0, head: 0, power: 0, vibration: 0 };
  readonly #rough: Noise;
  readonly #noises: readonly Noise[];

  constructor(rating: PumpRating, seed: number, ambient: number, counters: PumpCounters) {
    this.rating = rating;
    this.counters = counters;
    this.ambient = ambient;
    this.bearingTemperature = ambient + 1;
    this.motorTemperature = ambient + 2;
    this.#rough = noise(`pump-${rating.id}`, seed, 3_000);
    this.#noises = gauges.map((gauge) => noise(`${gauge}-${rating.id}`, seed, 1_500));
  }

  /** True while the pump moves water. */
  get pumping(): boolean {
    return this.running && !this.fault.dry && !this.fault.locked && !this.fault.shut;
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
    const back = this.running ? 0 : this.fault.backflow * this.rating.ratedFlow;
    this.flow = this.pumping ? water.flow : back;
    this.suction = this.fault.dry && this.running ? -0.6 : water.suction;
    this.discharge = water.discharge;
    const shut = this.running && this.fault.shut;
    this.head = this.pumping || shut ? headAt(this.rating, this.speed, this.flow) : 0;
    if (this.fault.dry && this.running) this.discharge = Math.min(water.discharge, this.suction + 6 / metresPerBar);
    this.#electrics();
    this.#mechanics(at, dt);
    this.#show(at);
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
    const { lostPhase: lost, overload, unbalance, locked } = this.fault;
    const phase = (n: number, balance: number) => current * (lost === undefined ? balance : lost === n ? 0 : 1.6);
    const more = locked ? (5.5 * rating.ratedCurrent) / current : 1 + overload;
    this.currents = [more * (1 + unbalance) * phase(1, 1.008), more * phase(2, 0.996), more * phase(3, 0.996)];
  }

  #mechanics(at: number, dt: number): void {
    const { rating, fault } = this;
    const load = this.running ? this.power / (ratedShaftPower(rating) / rating.motorEfficiency) : 0;
    const offBest = this.running && this.speed > 0 ? this.flow / this.speed / rating.ratedFlow - 1 : 0;
    const healthy = 1.35 * this.speed ** 2 * (1 + 0.5 * offBest ** 2) * (1 + 0.06 * this.#rough(at));
    const grown = fault.worn ? Math.min(1, fault.worn.since / Math.max(1, fault.worn.ramp)) : 0;
    const worn = fault.worn ? grown * Math.max(0, fault.worn.vibration - 1.35) * (1 + 0.04 * this.#rough(at)) : 0;
    this.vibration = this.running ? healthy + worn * this.speed ** 2 + (fault.dry ? 3.2 : 0) : 0.08;
    const warm = this.ambient + (this.running ? 18 * this.speed + 45 * grown + (fault.dry ? 25 : 0) : 0);
    // A bearing and its housing take an hour to their temperature; one that seizes is hot in minutes.
    const seizing = this.running ? fault.seizes : undefined;
    const pace = seizing === undefined ? 1200 : 600;
    this.bearingTemperature += ((seizing ?? warm) - this.bearingTemperature) * (1 - Math.exp(-dt / pace));
    const winding = this.ambient + 52 * load ** 2 + (this.running ? 4 : 0);
    this.motorTemperature += (winding - this.motorTemperature) * (1 - Math.exp(-dt / 900));
  }

  #show(at: number): void {
    const error = (index: number) => this.#noises[index]?.(at) ?? 0;
    const next = {
      flow: this.flow * (1 + 0.01 * error(0)),
      head: this.head * (1 + 0.004 * error(1)),
      power: this.power * (1 + 0.006 * error(2)),
      vibration: this.vibration * (1 + 0.01 * error(3)),
    };
    const { stuck } = this.fault;
    this.shown = stuck && this.running ? { ...next, [stuck]: this.shown[stuck] || next[stuck] } : next;
  }
}
