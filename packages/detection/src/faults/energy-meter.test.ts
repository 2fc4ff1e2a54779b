import { faultTable } from '../testing/fault-table.ts';

const powers = { powerL1: 20, powerL2: 21, powerL3: 19 };
faultTable('energy-meter', 'energy-meter.ct-reversed', [
  { name: 'normal', steps: [[0, powers]], until: 200, raised: null },
  {
    name: 'L1 reversed',
    steps: [[0, { ...powers, powerL1: -20 }]],
    until: 200,
    raised: 120,
    subject: 'L1',
    detail: 'L1 counts backwards: -20 kW',
  },
  { name: 'noise around zero', steps: [[0, { ...powers, powerL2: -0.5 }]], until: 200, raised: null },
  {
    name: 'generation: all three negative',
    steps: [[0, { powerL1: -20, powerL2: -21, powerL3: -19 }]],
    until: 200,
    raised: null,
  },
  { name: 'nothing connected', steps: [[0, { powerL1: -0.01, powerL2: 0.01, powerL3: 0 }]], until: 200, raised: null },
  {
    name: 'gap',
    steps: [
      [0, { ...powers, powerL3: -19 }],
      [60, { powerL3: 'bad' }],
      [100, { powerL3: -19 }],
    ],
    until: 200,
    raised: 160,
    subject: 'L3',
  },
  { name: 'missing phase points', steps: [[0, { power: -20 }]], until: 200, raised: null },
]);

const volts = { voltageL1: 231, voltageL2: 229, voltageL3: 230 };
faultTable('energy-meter', 'energy-meter.phase-voltage-lost', [
  { name: 'normal', steps: [[0, volts]], until: 20, raised: null },
  {
    name: 'L3 gone',
    steps: [[0, { ...volts, voltageL3: 2 }]],
    until: 20,
    raised: 3,
    subject: 'L3',
    detail: 'L3 相失压：2 V',
  },
  { name: 'half of the others', steps: [[0, { ...volts, voltageL3: 115 }]], until: 20, raised: null },
  { name: 'power cut: all gone', steps: [[0, { voltageL1: 0, voltageL2: 0, voltageL3: 0 }]], until: 20, raised: null },
]);

faultTable('energy-meter', 'energy-meter.voltage-band', [
  { name: 'inside +7 %', steps: [[0, volts]], until: 900, period: 5, raised: null },
  {
    name: 'L1 high for nine minutes of ten',
    steps: [[0, { ...volts, voltageL1: 240 }]],
    until: 900,
    period: 5,
    raised: 480,
    subject: 'L1',
  },
  {
    name: 'rated 240 V',
    ratings: { ratedVoltage: 240 },
    steps: [[0, { voltageL1: 240, voltageL2: 240, voltageL3: 240 }]],
    until: 900,
    period: 5,
    raised: null,
  },
  {
    name: 'a dip does not move the mean far enough',
    steps: [
      [0, { voltageL1: 220, voltageL2: 220, voltageL3: 220 }],
      [300, { voltageL1: 150 }],
      [330, { voltageL1: 220 }],
    ],
    until: 900,
    period: 5,
    raised: null,
  },
]);

faultTable('energy-meter', 'energy-meter.voltage-unbalance', [
  { name: 'normal', steps: [[0, volts]], until: 700, period: 5, raised: null },
  {
    name: 'over 2 %',
    steps: [[0, { voltageL1: 230, voltageL2: 230, voltageL3: 220 }]],
    until: 700,
    period: 5,
    raised: 600,
  },
]);

const loaded = { power: 80, powerFactor: 0.95 };
faultTable('energy-meter', 'energy-meter.low-power-factor', [
  { name: 'normal', ratings: { ratedPower: 100 }, steps: [[0, loaded]], until: 1200, period: 5, raised: null },
  {
    name: 'low',
    ratings: { ratedPower: 100 },
    steps: [[0, { ...loaded, powerFactor: 0.8 }]],
    until: 1200,
    period: 5,
    raised: 900,
  },
  {
    name: 'from P and Q',
    ratings: { ratedPower: 100 },
    steps: [[0, { power: 80, reactivePower: 60 }]],
    until: 1200,
    period: 5,
    raised: 900,
  },
  {
    name: 'at light load it does not matter',
    ratings: { ratedPower: 100 },
    steps: [[0, { power: 20, powerFactor: 0.5 }]],
    until: 1200,
    period: 5,
    raised: null,
  },
  { name: 'no rating', steps: [[0, { power: 80, powerFactor: 0.5 }]], until: 1200, period: 5, raised: null },
]);

const amps = { currentL1: 40, currentL2: 41, currentL3: 39 };
faultTable('energy-meter', 'energy-meter.neutral-overload', [
  { name: 'normal', steps: [[0, { ...amps, currentNeutral: 8 }]], until: 400, period: 5, raised: null },
  { name: 'above the phases', steps: [[0, { ...amps, currentNeutral: 41 }]], until: 400, period: 5, raised: 300 },
]);

const counting = Array.from(
  { length: 90 },
  (_, minute) => [minute * 60, { energyImport: 1000 + minute, power: 60 }] as const,
);
faultTable('energy-meter', 'energy-meter.frozen-register', [
  { name: 'counts', steps: counting, until: 5400, period: 10, raised: null },
  { name: 'stands at load', steps: [[0, { energyImport: 1000, power: 60 }]], until: 5400, period: 10, raised: 2700 },
  {
    name: 'stands at almost no load',
    steps: [[0, { energyImport: 1000, power: 0.5 }]],
    until: 5400,
    period: 10,
    raised: null,
  },
  {
    name: 'a hole in the data is not load',
    steps: [
      [0, { energyImport: 1000, power: 2 }],
      [60, { power: 'gone' }],
      [5000, { power: 2 }],
    ],
    until: 5400,
    period: 10,
    raised: null,
  },
]);

const rising = (kW: number) =>
  Array.from(
    { length: 180 },
    (_, index) => [index * 10, { energyImport: 1000 + (kW * index) / 360, power: kW }] as const,
  );
faultTable('energy-meter', 'energy-meter.demand', [
  { name: 'below', ratings: { contractDemand: 100 }, steps: rising(90), until: 1790, period: 10, raised: null },
  {
    name: 'above, told a third into the first whole block',
    ratings: { contractDemand: 100 },
    steps: rising(97),
    until: 1790,
    period: 10,
    raised: 1200,
  },
  { name: 'no contract', steps: rising(500), until: 1790, period: 10, raised: null },
]);

faultTable('energy-meter', 'energy-meter.silent', [
  {
    name: 'a slow meter may be silent longer',
    steps: [
      [0, { power: 1 }],
      [60, { power: 'gone' }],
    ],
    period: 60,
    until: 600,
    raised: 180.001,
  },
]);
