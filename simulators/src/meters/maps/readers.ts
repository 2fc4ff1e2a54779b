import { lineVoltage, type Phases, total } from '../electrical.ts';
import type { Meter } from '../meter.ts';

type Read = (meter: Meter) => number;
type Triple = readonly [Read, Read, Read];

function phases(of: (meter: Meter) => Phases, scale: number): Triple {
  return [(m) => of(m)[0] / scale, (m) => of(m)[1] / scale, (m) => of(m)[2] / scale];
}

function scaled(of: Read) {
  return (scale = 1): Read =>
    (m) =>
      of(m) / scale;
}

function average(values: Phases): number {
  return total(values) / 3;
}

function linesOf(meter: Meter): Phases {
  const [a, b, c] = meter.electrical.voltage;
  return [lineVoltage(a, b), lineVoltage(b, c), lineVoltage(c, a)];
}

/**
 * The quantities that meters offer, each ready to stand in a register: divided by `scale`, the unit of one raw step.
 * Base units are V, A, W, var, VA, Hz, kWh, kvarh.
 */
export const voltage = (scale = 1) => phases((m) => m.electrical.voltage, scale);
export const voltageLines = (scale = 1) => phases(linesOf, scale);
export const current = (scale = 1) => phases((m) => m.electrical.current, scale);
export const active = (scale = 1) => phases((m) => m.electrical.active, scale);
export const reactive = (scale = 1) => phases((m) => m.electrical.reactive, scale);
export const apparent = (scale = 1) => phases((m) => m.electrical.apparent, scale);
export const powerFactor = (scale = 1) => phases((m) => m.electrical.powerFactor, scale);
export const phaseAngle: Triple = phases(
  (m) => m.electrical.powerFactor.map((f) => (Math.acos(f) * 180) / Math.PI) as Phases,
  1,
);
export const distortionVoltage = (scale = 1) => phases((m) => m.electrical.distortionVoltage, scale);
export const distortionCurrent = (scale = 1) => phases((m) => m.electrical.distortionCurrent, scale);
export const importPhase = (scale = 1) => phases((m) => m.counters.importPhase, scale);
export const exportPhase = (scale = 1) => phases((m) => m.counters.exportPhase, scale);

export const voltageMean = scaled((m) => average(m.electrical.voltage));
export const voltageLinesMean = scaled((m) => average(linesOf(m)));
export const currentMean = scaled((m) => average(m.electrical.current));
export const currentSum: Read = (m) => total(m.electrical.current);

/** Vector sum of the phase currents at 120°, what flows in the neutral conductor. */
export const currentNeutral: Read = (m) => {
  const [a, b, c] = m.electrical.current;
  return Math.sqrt(Math.max(0, a * a + b * b + c * c - a * b - b * c - c * a));
};

export const activeTotal = scaled((m) => total(m.electrical.active));
export const reactiveTotal = scaled((m) => total(m.electrical.reactive));
export const apparentTotal = scaled((m) => total(m.electrical.apparent));
export const powerFactorTotal = scaled((m) => {
  const sum = total(m.electrical.apparent);
  return sum === 0 ? 1 : total(m.electrical.active) / sum;
});
export const frequency = scaled((m) => m.electrical.frequency);
export const energyImport = scaled((m) => m.counters.import);
export const energyExport = scaled((m) => m.counters.export);
export const energyTotal = scaled((m) => m.counters.import + m.counters.export);
export const reactiveImport = scaled((m) => m.counters.reactiveImport);
export const reactiveExport = scaled((m) => m.counters.reactiveExport);
export const energyApparent: Read = (m) => Math.hypot(m.counters.import, m.counters.reactiveImport);

/** A register that always reads the same. */
export const constant =
  (value: number): Read =>
  () =>
    value;
