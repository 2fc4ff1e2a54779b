import {
  createElectrical,
  type Electrical,
  type LoadCharacter,
  type Phases,
  soundWiring,
  total,
  type Wiring,
} from './electrical.ts';

/** The registers of a meter that count, in kWh and kvarh; they survive a restart. */
export interface Counters {
  import: number;
  export: number;
  importPhase: Phases;
  exportPhase: Phases;
  reactiveImport: number;
  reactiveExport: number;
}

/** What an injected fault does to one meter. */
export interface MeterFault extends Wiring {
  frozen: boolean;
}

/** Registers of a meter that has counted `energy` kWh since it was installed. */
export function countersFrom(energy: number, powerFactor: number): Counters {
  const third = energy / 3;
  const reactive = energy * Math.tan(Math.acos(powerFactor));
  return {
    import: energy,
    export: 0,
    importPhase: [third * 1.012, third * 0.994, third * 0.994],
    exportPhase: [0, 0, 0],
    reactiveImport: reactive,
    reactiveExport: 0,
  };
}

/**
 * A three-phase meter: shows the circuit's power and counts energy. The total registers count the sum over the phases, as
 * meters with vectorial summation do, so a reversed transformer is missing twice from the import register.
 */
export class Meter {
  readonly id: string;
  readonly #measure: (power: number, at: number, wiring: Wiring) => Electrical;
  counters: Counters;
  electrical: Electrical;
  /** True power of the circuit, kW, whatever the meter sees. */
  power: number;

  constructor(options: {
    id: string;
    seed: number;
    character: LoadCharacter;
    counters: Counters;
    power: number;
    at: number;
  }) {
    this.id = options.id;
    this.#measure = createElectrical(options.id, options.seed, options.character);
    this.counters = options.counters;
    this.power = options.power;
    this.electrical = this.#measure(options.power, options.at, soundWiring);
  }

  /** Measures `power` kW at `at` and counts it for `dt` milliseconds. */
  step(power: number, at: number, dt: number, fault: MeterFault): void {
    this.power = power;
    this.electrical = this.#measure(power, at, fault);
    if (!fault.frozen) this.#count(dt);
  }

  /** Counts `energy` kWh that passed while nobody looked, spread evenly over the phases. */
  advance(energy: number, powerFactor: number): void {
    this.counters.import += energy;
    for (const phase of [0, 1, 2] as const) this.counters.importPhase[phase] += energy / 3;
    this.counters.reactiveImport += energy * Math.tan(Math.acos(powerFactor));
  }

  #count(dt: number): void {
    const { counters, electrical } = this;
    const scale = dt / 3_600_000_000;
    for (const phase of [0, 1, 2] as const) {
      const energy = electrical.active[phase] * scale;
      if (energy >= 0) counters.importPhase[phase] += energy;
      else counters.exportPhase[phase] -= energy;
    }
    const energy = total(electrical.active) * scale;
    if (energy >= 0) counters.import += energy;
    else counters.export -= energy;
    const reactive = total(electrical.reactive) * scale;
    if (reactive >= 0) counters.reactiveImport += reactive;
    else counters.reactiveExport -= reactive;
  }
}
