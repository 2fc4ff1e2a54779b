import type { LoadCharacter } from './electrical.ts';
import { type LoadModel, losses, type MeterId, meterIds, type SubMeterId, subMeterIds } from './load-model.ts';
import { type Counters, countersFrom, Meter, type MeterFault } from './meter.ts';
import type { Readings } from './readings.ts';

const characters: Readonly<Record<MeterId, LoadCharacter>> = {
  'main-meter': { powerFactor: 0.95, rated: 900 },
  'chiller-meter': { powerFactor: 0.89, rated: 330 },
  'ahu-meter': { powerFactor: 0.91, rated: 90 },
  'lift-meter': { powerFactor: 0.86, rated: 60 },
  'pump-meter': { powerFactor: 0.87, rated: 60 },
  'lighting-low': { powerFactor: 0.96, rated: 50 },
  'lighting-high': { powerFactor: 0.96, rated: 46 },
  'tenant-low': { powerFactor: 0.94, rated: 85 },
  'tenant-mid': { powerFactor: 0.94, rated: 95 },
  'tenant-high': { powerFactor: 0.94, rated: 75 },
  'data-room': { powerFactor: 0.97, rated: 60 },
  carpark: { powerFactor: 0.93, rated: 32 },
};

/** Circuits whose power the building's machines decide, in kW; the other circuits follow the load model alone. */
export type MeasuredPower = Partial<Record<SubMeterId, number>>;

export interface MeterFaults {
  /** The building has no power. */
  cut: boolean;
  of(meter: MeterId): MeterFault;
  /** kW below which a circuit does not fall. */
  leftOn(meter: SubMeterId): number;
}

/** The twelve meters of the tower; the main one sees the others and the losses. */
export class MeterPlant {
  readonly meters: ReadonlyMap<MeterId, Meter>;
  readonly #model: LoadModel;

  constructor(options: {
    seed: number;
    model: LoadModel;
    at: number;
    readings: Readings;
    counters?: ReadonlyMap<string, Counters>;
  }) {
    this.#model = options.model;
    this.meters = new Map(
      meterIds.map((id) => {
        const character = characters[id];
        const fresh = countersFrom(options.readings[id], character.powerFactor);
        const counters = options.counters?.get(id) ?? fresh;
        return [id, new Meter({ id, seed: options.seed, character, counters, power: 0, at: options.at })];
      }),
    );
  }

  /** Moves all meters on by `dt` milliseconds to the instant `at`. */
  step(at: number, dt: number, measured: MeasuredPower, faults: MeterFaults): void {
    let sum = 0;
    for (const id of subMeterIds) {
      const drawn = Math.max(measured[id] ?? this.#model.power(id, at), faults.leftOn(id));
      const power = faults.cut ? 0 : drawn;
      this.meters.get(id)?.step(power, at, dt, faults.of(id));
      sum += power;
    }
    this.meters.get('main-meter')?.step(faults.cut ? 0 : sum + losses(sum), at, dt, faults.of('main-meter'));
  }

  /** Counts kWh that passed while nothing ran. */
  advance(energy: Readings): void {
    for (const [id, meter] of this.meters) meter.advance(energy[id], characters[id].powerFactor);
  }

  readings(): Readings {
    const out = {} as Readings;
    for (const [id, meter] of this.meters) out[id] = meter.counters.import;
    return out;
  }
}
