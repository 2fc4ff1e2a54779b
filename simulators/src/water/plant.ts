import { localTime } from '../building/local-time.ts';
import { type Noise, noise } from '../building/noise.ts';
import { waterDemand } from '../building/occupancy.ts';
import { BoosterSet } from './booster-set.ts';
import { FireMain } from './fire-main.ts';
import { Pump, type PumpCounters, type PumpFault } from './pump.ts';
import { pumpRatings } from './ratings.ts';
import { SumpStation } from './sump-station.ts';
import { Tank, type TankShape } from './tank.ts';

export const roofTankShape: TankShape = { id: 'roof-tank', area: 20, depth: 3, lowFloat: 0.9, highFloat: 2.85 };
export const sumpPitShape: TankShape = { id: 'sump-pit', area: 3, depth: 2, lowFloat: 0.3, highFloat: 1.7 };

/** What survives a restart. */
export interface WaterState {
  pumps: Record<string, PumpCounters>;
  roofTank: number;
  sumpPit: number;
  fireMain: number;
}

export interface WaterFaults {
  pump(id: string): PumpFault;
  /** Additional m³/h: out of the fire main, out of the roof tank, into the pit. */
  fireMainLeak: number;
  tankLeak: number;
  flooding: number;
}

/** Highest hourly demand of the floors on the boosters and of those below the roof tank, and the filling valve, m³/h. */
const directPeak = 22;
const roofPeak = 14;
const fillFlow = 12;
const seepage = 5;

/** All water in the tower: domestic supply with the roof tank, the fire main, the drainage pit. */
export class WaterPlant {
  readonly pumps: ReadonlyMap<string, Pump>;
  readonly boosters: BoosterSet;
  readonly fireMain: FireMain;
  readonly sump: SumpStation;
  readonly roofTank: Tank;
  filling = false;
  readonly #taps: Noise;
  readonly #ground: Noise;

  constructor(seed: number, ambient: number, state?: WaterState) {
    const pump = (id: string) => {
      const rating = pumpRatings.find((r) => r.id === id);
      if (!rating) throw new RangeError(`no rating for pump ${id}`);
      return new Pump(rating, seed, ambient, state?.pumps[id] ?? firstCounters(id));
    };
    const all = pumpRatings.map(({ id }) => pump(id));
    const [b1, b2, b3, f1, f2, jockey, s1, s2] = all as [Pump, Pump, Pump, Pump, Pump, Pump, Pump, Pump];
    this.pumps = new Map(all.map((p) => [p.rating.id, p]));
    this.roofTank = new Tank(roofTankShape, state?.roofTank ?? 51.5);
    this.boosters = new BoosterSet([b1, b2, b3]);
    this.fireMain = new FireMain(jockey, [f1, f2], state?.fireMain ?? 10.9);
    this.sump = new SumpStation(new Tank(sumpPitShape, state?.sumpPit ?? 2.4), [s1, s2]);
    this.#taps = noise('taps', seed, 45_000);
    this.#ground = noise('seepage', seed, 3_600_000);
  }

  /** Moves the water on by `dt` seconds to the instant `at`; `ambient` is the pump room's temperature. */
  step(at: number, dt: number, ambient: number, faults: WaterFaults): void {
    for (const pump of this.pumps.values()) {
      pump.fault = faults.pump(pump.rating.id);
      pump.ambient = ambient;
    }
    const share = Math.max(0, waterDemand(localTime(at)) * (1 + 0.3 * this.#taps(at)));
    if (this.roofTank.level < 0.82) this.filling = true;
    if (this.roofTank.level > 0.93) this.filling = false;
    const direct = directPeak * share;
    const filling = this.filling ? fillFlow : 0;
    this.boosters.step(direct + filling, at, dt);
    const delivered = direct + filling > 0 ? this.boosters.flow / (direct + filling) : 0;
    this.roofTank.step(filling * delivered, roofPeak * share + faults.tankLeak, dt);
    this.roofTank.temperature = 14 + 0.3 * ambient;
    this.fireMain.step(faults.fireMainLeak, at, dt);
    this.sump.step(Math.max(0.5, seepage + 1.5 * this.#ground(at)) + faults.flooding, at, dt);
    this.sump.pit.temperature = 15 + 0.15 * ambient;
  }

  /** Electrical power of all pumps and their panels, kW. */
  power(): number {
    let sum = 1.6;
    for (const pump of this.pumps.values()) sum += pump.power;
    return sum;
  }

  state(): WaterState {
    return {
      pumps: Object.fromEntries([...this.pumps].map(([id, pump]) => [id, pump.counters])),
      roofTank: this.roofTank.volume,
      sumpPit: this.sump.pit.volume,
      fireMain: this.fireMain.pressure,
    };
  }
}

/** Counters of a pump that has worked for some years. */
function firstCounters(id: string): PumpCounters {
  const years = 3.2;
  if (id.startsWith('booster'))
    return { starts: 9_800, runSeconds: years * 3_200 * 3600, energy: 81_000, volume: 148_000 };
  if (id.startsWith('fire')) return { starts: 190, runSeconds: 62 * 3600, energy: 3_900, volume: 6_300 };
  if (id === 'jockey-pump') return { starts: 55_000, runSeconds: 410 * 3600, energy: 1_050, volume: 1_500 };
  return { starts: 21_500, runSeconds: years * 700 * 3600, energy: 4_300, volume: 66_000 };
}
