import { faultTable } from '../testing/fault-table.ts';

faultTable('water-tank', 'water-tank.high-level', [
  { name: 'normal', steps: [[0, { level: 60, highLevel: 0 }]], until: 90, raised: null },
  { name: 'at the limit', steps: [[0, { level: 95, highLevel: 0 }]], until: 90, raised: null },
  { name: 'float', steps: [[0, { level: 86, highLevel: 1 }]], until: 90, raised: 60, detail: '高液位：液位 86 %' },
  { name: 'transmitter only', steps: [[0, { level: 96 }]], until: 90, raised: 60 },
  {
    name: 'a lost transmitter does not clear it',
    steps: [
      [0, { level: 96, highLevel: 0 }],
      [70, { level: 'bad' }],
    ],
    until: 200,
    raised: 60,
    cleared: null,
  },
  { name: 'neither point', steps: [[0, { depth: 9 }]], until: 90, raised: null },
]);
faultTable('water-tank', 'water-tank.low-level', [
  { name: 'normal', steps: [[0, { level: 60 }]], until: 90, raised: null },
  { name: 'low', steps: [[0, { level: 14.9 }]], until: 90, raised: 60, detail: 'Low: level 14.9 %' },
  { name: 'float only', steps: [[0, { lowLevel: 1 }]], until: 90, raised: 60, detail: 'Low: float switch' },
]);
faultTable('water-tank', 'water-tank.silent', [
  {
    name: 'says nothing',
    steps: [
      [0, { level: 60 }],
      [10, { level: 'gone' }],
    ],
    until: 90,
    raised: 69.001,
  },
]);

const air = { temperature: 22, humidity: 50, co2: 600 };
faultTable('environment-sensor', 'environment-sensor.too-hot', [
  { name: 'normal', steps: [[0, air]], until: 90, raised: null },
  { name: 'hot', steps: [[0, { ...air, temperature: 41 }]], until: 90, raised: 60 },
  {
    name: 'site limit',
    parameters: { 'environment-sensor.too-hot': { limit: 27 } },
    steps: [[0, { ...air, temperature: 28 }]],
    until: 90,
    raised: 60,
  },
]);
faultTable('environment-sensor', 'environment-sensor.co2-high', [
  { name: 'normal', steps: [[0, air]], until: 700, period: 10, raised: null },
  { name: 'stale air', steps: [[0, { ...air, co2: 1600 }]], until: 700, period: 10, raised: 600 },
]);
faultTable('environment-sensor', 'environment-sensor.battery-low', [
  { name: 'full', steps: [[0, { battery: 90 }]], until: 700, period: 10, raised: null },
  { name: 'empty', steps: [[0, { battery: 14 }]], until: 700, period: 10, raised: 600 },
]);
faultTable('environment-sensor', 'environment-sensor.frozen', [
  { name: 'stands still', steps: [[0, air]], until: 8000, period: 10, raised: 7200 },
  {
    name: 'moves in one quantity',
    steps: [
      [0, air],
      [5000, { co2: 601 }],
    ],
    until: 8000,
    period: 10,
    raised: null,
  },
]);
faultTable('environment-sensor', 'environment-sensor.silent', [
  {
    name: 'says nothing',
    steps: [
      [0, air],
      [10, { temperature: 'gone', humidity: 'gone', co2: 'gone' }],
    ],
    period: 10,
    until: 120,
    raised: 60.001,
  },
]);
