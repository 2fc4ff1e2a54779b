import { noise } from '../building/noise.ts';

/** A value for each of the phases L1, L2, L3. */
export type Phases = [number, number, number];

/** What a three-phase meter measures at one moment: V, A, W, var, VA, Hz; signs as the meter sees them. */
export interface Electrical {
  voltage: Phases;
  current: Phases;
  active: Phases;
  reactive: Phases;
  apparent: Phases;
  /** Signed as the active power. */
  powerFactor: Phases;
  frequency: number;
  /** Total harmonic distortion of voltage and current, %. */
  distortionVoltage: Phases;
  distortionCurrent: Phases;
}

/** What is wrong with a meter's wiring; phases are 1 to 3. */
export interface Wiring {
  reversed: number | undefined;
  lost: number | undefined;
  /** Factors on the voltages. */
  voltage: Phases;
  /** Reactive power flows back: the capacitors stay on. */
  leading: boolean;
}

export const soundWiring: Wiring = {
  reversed: undefined,
  lost: undefined,
  voltage: [1, 1, 1],
  leading: false,
};

/** Sum of the three phases. */
export function total(phases: Phases): number {
  return phases[0] + phases[1] + phases[2];
}

export function eachPhase(of: (phase: 0 | 1 | 2) => number): Phases {
  return [of(0), of(1), of(2)];
}

/** A line-to-line voltage from two phase voltages that are 120° apart. */
export function lineVoltage(a: number, b: number): number {
  return Math.sqrt(a * a + b * b + a * b);
}

export interface LoadCharacter {
  /** Power factor at full load; a lightly loaded circuit is worse. */
  powerFactor: number;
  /** Power at which the circuit is fully loaded, kW. */
  rated: number;
}

/**
 * Turns a circuit's power into consistent phase values: P = U I cos φ, Q = P tan φ, S² = P² + Q². Nominal 220 V, 50 Hz
 * (GB/T 12325 +7/-10 %, GB/T 15945 ±0.2 Hz).
 */
export function createElectrical(name: string, seed: number, character: LoadCharacter) {
  const share = eachPhase((p) => 0.03 * noise(`share-${name}-${p}`, seed, 1)(0));
  const sway = eachPhaseNoise(`sway-${name}`, seed, 17 * 60_000);
  const grid = eachPhaseNoise('grid-voltage', seed, 9 * 60_000);
  const flicker = eachPhaseNoise(`flicker-${name}`, seed, 7_000);
  const pulse = noise('grid-frequency', seed, 31_000);

  return function measure(power: number, at: number, wiring: Wiring = soundWiring): Electrical {
    const load = Math.min(1.2, power / character.rated);
    const parts = eachPhase((p) => (1 + share[p] + 0.02 * sway[p](at)) / 3);
    const scale = power / total(parts);
    const voltage = eachPhase((p) => wiring.voltage[p] * (224.5 - 4 * load + 2.4 * grid[p](at) + 0.3 * flicker[p](at)));
    const cosine = Math.max(0.55, character.powerFactor - 0.16 * Math.max(0, 0.35 - load));
    const ideal = eachPhase((p) => parts[p] * scale * 1000);
    const dead = (p: 0 | 1 | 2) => wiring.lost === p + 1 || wiring.voltage[p] === 0;
    const sign = (p: number) => (wiring.reversed === p + 1 ? -1 : 1);
    const active = eachPhase((p) => (dead(p) ? 0 : sign(p) * ideal[p]));
    const apparent = eachPhase((p) => Math.abs(active[p]) / cosine);
    return {
      voltage: eachPhase((p) => (dead(p) ? 0 : voltage[p])),
      current: eachPhase((p) => (dead(p) ? 0 : apparent[p] / voltage[p])),
      active,
      reactive: eachPhase((p) => (wiring.leading ? -1 : 1) * active[p] * Math.tan(Math.acos(cosine))),
      apparent,
      powerFactor: eachPhase((p) => (dead(p) ? 1 : sign(p) * cosine)),
      frequency: 50 + 0.018 * pulse(at),
      distortionVoltage: eachPhase((p) => 1.8 + 0.4 * grid[p](at)),
      distortionCurrent: eachPhase((p) => 6 + 5 * Math.max(0, 0.6 - load) + 0.5 * sway[p](at)),
    };
  };
}

function eachPhaseNoise(part: string, seed: number, period: number) {
  const one = (phase: number) => noise(`${part}-${phase}`, seed, period);
  return [one(1), one(2), one(3)] as const;
}
