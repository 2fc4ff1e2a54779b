import { certificate } from './certificate.ts';
import { defineFault, engineering, type Fault, limit, seconds } from './define-fault.ts';
import { meterFlowFaults } from './energy-meter-flow.ts';
import { meterGridFaults } from './energy-meter-grid.ts';
import { meterQualityFaults } from './energy-meter-quality.ts';
import { meterRegisterFaults } from './energy-meter-registers.ts';
import { meterReservedFaults } from './energy-meter-reserved.ts';
import { energyMeterTexts } from './energy-meter-texts.ts';
import { both, figure, unbalance } from './figures.ts';
import { addToMean, emptyMean, meanOf, type RollingMean } from './rolling-mean.ts';
import { silence } from './silence.ts';

const phases = { by: 'name', names: ['L1', 'L2', 'L3'] } as const;
type Phase = (typeof phases.names)[number];
const others: Readonly<Record<Phase, readonly [Phase, Phase]>> = {
  L1: ['L2', 'L3'],
  L2: ['L1', 'L3'],
  L3: ['L1', 'L2'],
};
/** The engine hands over one of `phases.names`. */
const phaseOf = (subject: string): Phase => (subject === 'L2' || subject === 'L3' ? subject : 'L1');

/** M6. The total of a meter with generation may be negative; one phase against the two others may not. */
const ctReversed = defineFault('energy-meter', {
  id: 'energy-meter.ct-reversed',
  texts: energyMeterTexts.ctReversed,
  points: ['powerL1', 'powerL2', 'powerL3'],
  parameters: {
    share: limit('%', 2, [0.5, 50], 'fault library M6: below -2 %, here of the three phases together'),
    least: limit('kW', 0.05, [0.001, 100], engineering),
  },
  subjects: phases,
  onDelay: seconds(120, [10, 3600], 'fault library M6: 10 min; shorter, as the sign cannot be noise above the share'),
  offDelay: seconds(60, [0, 3600], engineering),
  condition: ({ subject, points, parameters }) => {
    const phase = phaseOf(subject);
    const own = points[`power${phase}`];
    const [a, b] = others[phase];
    const rest = points[`power${a}`] + points[`power${b}`];
    return own < -Math.max(parameters.least, (parameters.share / 100) * (Math.abs(own) + Math.abs(rest))) && rest > 0;
  },
  priority: 2,
  trade: 'electrical',
  raisesOrder: true,
  detail: ({ subject, points }) => {
    const own = figure(points[`power${phaseOf(subject)}`], 2);
    return both(`${subject} counts backwards: ${own} kW`, `${subject} 相功率为负：${own} kW，疑电流互感器接反`);
  },
});

const voltageLost = defineFault('energy-meter', {
  id: 'energy-meter.phase-voltage-lost',
  texts: energyMeterTexts.voltageLost,
  points: ['voltageL1', 'voltageL2', 'voltageL3'],
  subjects: phases,
  parameters: { share: limit('%', 50, [10, 80], 'fault library M7: below half of the mean of the others') },
  onDelay: seconds(3, [0, 120], 'fault library M7: 2 samples'),
  offDelay: seconds(10, [0, 600], engineering),
  condition: ({ subject, points, parameters }) => {
    const phase = phaseOf(subject);
    const [a, b] = others[phase];
    const rest = (points[`voltage${a}`] + points[`voltage${b}`]) / 2;
    // With everything dead there is nothing to compare with: that is a power cut, not a lost phase.
    return rest > 20 && points[`voltage${phase}`] < (parameters.share / 100) * rest;
  },
  priority: 1,
  trade: 'electrical',
  raisesOrder: true,
  endsSupply: true,
  detail: ({ subject, points }) => {
    const own = figure(points[`voltage${phaseOf(subject)}`]);
    return both(`Voltage of ${subject} is gone: ${own} V`, `${subject} 相失压：${own} V`);
  },
});

/** All phases are dead while the meter, fed from elsewhere, still answers. What stands below is explained by it. */
const supplyLost = defineFault('energy-meter', {
  id: 'energy-meter.supply-lost',
  texts: energyMeterTexts.supplyLost,
  points: ['voltageL1', 'voltageL2', 'voltageL3'],
  optionalRatings: ['ratedVoltage'],
  parameters: {
    share: limit('%', 10, [1, 50], 'EN 50160 4.2.2: an interruption is below 5 % of the voltage; doubled for noise'),
    nominal: limit('V', 230, [57, 1000], 'IEC 60038: 230 V'),
  },
  onDelay: seconds(3, [0, 120], 'as M7: 2 samples'),
  offDelay: seconds(60, [0, 1800], 'engineering default: back for good, and what hangs on it starts'),
  condition: ({ points: p, ratings, parameters }) =>
    Math.max(p.voltageL1, p.voltageL2, p.voltageL3) <
    (parameters.share / 100) * (ratings.ratedVoltage ?? parameters.nominal),
  priority: 1,
  trade: 'electrical',
  raisesOrder: true,
  endsSupply: true,
  detail: ({ points: p }) =>
    both(
      `No voltage: ${figure(p.voltageL1)} / ${figure(p.voltageL2)} / ${figure(p.voltageL3)} V`,
      `三相失电：${figure(p.voltageL1)} / ${figure(p.voltageL2)} / ${figure(p.voltageL3)} V`,
    ),
});

const voltageBand = defineFault('energy-meter', {
  id: 'energy-meter.voltage-band',
  texts: energyMeterTexts.voltageBand,
  points: ['voltageL1', 'voltageL2', 'voltageL3'],
  optionalRatings: ['ratedVoltage'],
  parameters: {
    nominal: limit('V', 220, [100, 40_000], 'GB/T 156: 220/380 V; the rating ratedVoltage comes first'),
    above: limit('%', 7, [2, 20], 'GB/T 12325: 220 V +7 %'),
    below: limit('%', 10, [2, 20], 'GB/T 12325: 220 V -10 %'),
  },
  subjects: phases,
  memory: emptyMean,
  update: ({ now, subject, points, ratings, parameters, memory }) => {
    const value = points[`voltage${phaseOf(subject)}`];
    // What holds an interruption is no measurement of the band (IEC 61000-4-30, flagging): the mean begins anew.
    if (value < 0.1 * (ratings.ratedVoltage ?? parameters.nominal)) memory.minutes.length = 0;
    else addToMean(memory, now, value);
  },
  offDelay: seconds(60, [0, 3600], engineering),
  condition: (v) => {
    const off = deviation(v.memory, v.ratings.ratedVoltage ?? v.parameters.nominal);
    return off === undefined ? undefined : off > v.parameters.above || off < -v.parameters.below;
  },
  explainedBy: [
    { fault: 'energy-meter.phase-voltage-lost', subject: 'any' },
    { fault: 'energy-meter.supply-lost', subject: 'any' },
  ],
  priority: 2,
  trade: 'electrical',
  raisesOrder: true,
  detail: (v) => {
    const nominal = v.ratings.ratedVoltage ?? v.parameters.nominal;
    const mean = figure(meanOf(v.memory));
    const off = figure(deviation(v.memory, nominal));
    return both(
      `${v.subject} at ${mean} V over 10 minutes, ${off} % off ${nominal} V`,
      `${v.subject} 相 10 分钟平均电压 ${mean} V，偏差 ${off} %（标称 ${nominal} V）`,
    );
  },
});

/** Percent off the nominal voltage. */
function deviation(mean: RollingMean, nominal: number): number | undefined {
  const value = meanOf(mean);
  return value === undefined ? undefined : (100 * (value - nominal)) / nominal;
}

const voltageUnbalance = defineFault('energy-meter', {
  id: 'energy-meter.voltage-unbalance',
  texts: energyMeterTexts.voltageUnbalance,
  points: ['voltageL1', 'voltageL2', 'voltageL3'],
  parameters: { warn: limit('%', 2, [0.5, 10], 'GB/T 15543, EN 50160: 2 %') },
  onDelay: seconds(600, [10, 3600], 'fault library M9: 10 min'),
  offDelay: seconds(60, [0, 3600], engineering),
  condition: ({ points: p, parameters }) =>
    (unbalance(p.voltageL1, p.voltageL2, p.voltageL3, 20) ?? 0) > parameters.warn,
  explainedBy: [
    { fault: 'energy-meter.phase-voltage-lost', subject: 'any' },
    { fault: 'energy-meter.voltage-band', subject: 'any' },
  ],
  priority: 3,
  trade: 'electrical',
  raisesOrder: false,
  detail: ({ points: p }) =>
    both(
      `Voltages ${figure(p.voltageL1)} / ${figure(p.voltageL2)} / ${figure(p.voltageL3)} V`,
      `三相电压 ${figure(p.voltageL1)} / ${figure(p.voltageL2)} / ${figure(p.voltageL3)} V`,
    ),
});

interface Powers {
  readonly power: number;
  readonly powerFactor: number | undefined;
  readonly reactivePower: number | undefined;
}
/** The meter's own figure, or |P| / sqrt(P^2 + Q^2). */
function powerFactor(p: Powers): number | undefined {
  if (p.powerFactor !== undefined) return Math.abs(p.powerFactor);
  if (p.reactivePower === undefined) return undefined;
  const apparent = Math.hypot(p.power, p.reactivePower);
  return apparent > 0 ? Math.abs(p.power) / apparent : undefined;
}

const lowPowerFactor = defineFault('energy-meter', {
  id: 'energy-meter.low-power-factor',
  texts: energyMeterTexts.lowPowerFactor,
  points: ['power'],
  optional: ['powerFactor', 'reactivePower'],
  oneOf: ['powerFactor', 'reactivePower'],
  ratings: ['ratedPower'],
  parameters: {
    least: limit('', 0.9, [0.5, 0.99], 'tariff norm in China: 0.90 from 160 kVA'),
    load: limit('%', 20, [1, 90], 'fault library M10: at more than 20 % load'),
  },
  onDelay: seconds(900, [60, 86_400], 'fault library M10: 15 min'),
  offDelay: seconds(300, [0, 3600], engineering),
  gate: ({ points, ratings, parameters }) => points.power > (parameters.load / 100) * ratings.ratedPower,
  condition: ({ points, parameters }) => {
    const factor = powerFactor(points);
    return factor === undefined ? undefined : factor < parameters.least;
  },
  priority: 3,
  trade: 'energy',
  raisesOrder: false,
  detail: ({ points, parameters }) =>
    both(
      `Power factor ${figure(powerFactor(points), 3)} at ${figure(points.power)} kW, at least ${parameters.least} is due`,
      `功率因数 ${figure(powerFactor(points), 3)}，有功 ${figure(points.power)} kW，考核值 ${parameters.least}`,
    ),
});

const neutralOverload = defineFault('energy-meter', {
  id: 'energy-meter.neutral-overload',
  texts: energyMeterTexts.neutralOverload,
  points: ['currentNeutral', 'currentL1', 'currentL2', 'currentL3'],
  parameters: {
    share: limit('%', 100, [30, 200], 'fault library M13: neutral above the mean of the phases'),
    least: limit('A', 10, [1, 1000], engineering),
  },
  onDelay: seconds(300, [10, 3600], engineering),
  offDelay: seconds(60, [0, 3600], engineering),
  condition: ({ points: p, parameters }) => {
    const mean = (Math.abs(p.currentL1) + Math.abs(p.currentL2) + Math.abs(p.currentL3)) / 3;
    return p.currentNeutral > parameters.least && p.currentNeutral > (parameters.share / 100) * mean;
  },
  priority: 2,
  trade: 'electrical',
  raisesOrder: true,
  detail: ({ points }) =>
    both(`Neutral carries ${figure(points.currentNeutral)} A`, `中性线电流 ${figure(points.currentNeutral)} A`),
});

export const energyMeterFaults: readonly Fault[] = [
  ctReversed,
  voltageLost,
  supplyLost,
  voltageBand,
  voltageUnbalance,
  lowPowerFactor,
  neutralOverload,
  ...meterRegisterFaults,
  ...meterQualityFaults,
  ...meterGridFaults,
  ...meterFlowFaults,
  ...meterReservedFaults,
  silence('energy-meter', 3, 'instrumentation', true),
  certificate('energy-meter'),
];
