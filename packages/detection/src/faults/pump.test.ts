import { faultTable } from '../testing/fault-table.ts';

const ratings = { ratedPower: 75, ratedFlow: 144, ratedCurrent: 139 };
const sound = { running: 1, power: 70, flow: 140, currentL1: 130, currentL2: 131, currentL3: 129, vibration: 2 };

faultTable('pump', 'pump.dry-run', [
  { name: 'normal', ratings, steps: [[0, sound]], until: 120, raised: null },
  {
    name: 'water lost, clears when it is back',
    ratings,
    steps: [
      [0, sound],
      [20, { power: 30, flow: 0 }],
      [60, sound],
    ],
    until: 90,
    raised: 30,
    cleared: 70,
    detail: 'Runs dry: 30 kW of rated 75 kW, flow 0 m³/h',
  },
  {
    name: 'at the threshold of power',
    ratings,
    steps: [[0, { ...sound, power: 37.5, flow: 0 }]],
    until: 60,
    raised: null,
  },
  { name: 'low power but flow', ratings, steps: [[0, { ...sound, power: 30, flow: 60 }]], until: 60, raised: null },
  {
    name: 'gap: what is not known does not count for the delay',
    ratings,
    steps: [
      [0, sound],
      [20, { power: 30, flow: 0 }],
      [25, { power: 'bad' }],
      [45, { power: 30 }],
    ],
    until: 90,
    raised: 50,
  },
  {
    name: 'equipment off',
    ratings,
    steps: [[0, { ...sound, running: 0, power: 0, flow: 0 }]],
    until: 60,
    raised: null,
  },
  {
    name: 'start-up: power comes within the delay',
    ratings,
    steps: [
      [0, { ...sound, running: 0, power: 0, flow: 0 }],
      [10, { running: 1, power: 20, flow: 2 }],
      [19, sound],
    ],
    until: 60,
    raised: null,
  },
  {
    name: 'at reduced speed the limit follows the cube of speed',
    ratings,
    steps: [[0, { running: 1, power: 6, flow: 10, speed: 50 }]],
    until: 60,
    raised: null,
  },
  {
    name: 'by suction pressure, without a power point',
    ratings,
    steps: [[0, { running: 1, suctionPressure: -0.06, flow: 0 }]],
    until: 60,
    raised: 10,
    detail: '干转：吸入压力 -0.06 MPa，流量 0 m³/h',
  },
  {
    name: 'next to no flow, but head',
    ratings,
    steps: [[0, { running: 1, power: 3.7, flow: 0.5, speed: 88, head: 107 }]],
    until: 60,
    raised: null,
  },
  { name: 'missing points', ratings, steps: [[0, { running: 1, flow: 0 }]], until: 60, raised: null },
  { name: 'missing ratings', steps: [[0, { running: 1, power: 0, flow: 0 }]], until: 60, raised: null },
]);

faultTable('pump', 'pump.no-flow', [
  { name: 'normal', ratings, steps: [[0, sound]], until: 60, raised: null },
  { name: 'valve closed', ratings, steps: [[0, { ...sound, flow: 1 }]], until: 60, raised: 30 },
  { name: 'at the threshold', ratings, steps: [[0, { ...sound, flow: 14.4 }]], until: 60, raised: null },
  { name: 'off', ratings, steps: [[0, { ...sound, running: 0, flow: 0 }]], until: 60, raised: null },
  { name: 'no flow point', ratings, steps: [[0, { running: 1, power: 70 }]], until: 60, raised: null },
  {
    name: 'holds its pressure at night',
    ratings: { ...ratings, ratedHead: 110 },
    steps: [[0, { ...sound, flow: 2, speed: 88, head: 107 }]],
    until: 60,
    raised: null,
  },
  {
    name: 'valve closed at full speed',
    ratings: { ...ratings, ratedHead: 110 },
    steps: [[0, { ...sound, flow: 0, speed: 100, head: 138 }]],
    until: 60,
    raised: 30,
  },
]);

faultTable('pump', 'pump.vibration-high', [
  { name: 'zone B', steps: [[0, { running: 1, vibration: 4 }]], until: 90, raised: null },
  { name: 'zone C', steps: [[0, { running: 1, vibration: 4.01 }]], until: 90, raised: 60 },
  { name: 'off', steps: [[0, { running: 0, vibration: 9 }]], until: 90, raised: null },
  {
    name: 'site limit',
    parameters: { 'pump.vibration-high': { zoneC: 3 } },
    steps: [[0, { running: 1, vibration: 3.5 }]],
    until: 90,
    raised: 60,
  },
]);

faultTable('pump', 'pump.vibration-dangerous', [
  { name: 'zone C', steps: [[0, { running: 1, vibration: 6.6 }]], until: 90, raised: null },
  {
    name: 'bearing worn',
    steps: [
      [0, { running: 1, vibration: 2 }],
      [10, { vibration: 7.5 }],
      [100, { vibration: 2 }],
    ],
    until: 200,
    raised: 70,
    cleared: 160,
  },
  {
    name: 'a spike shorter than the delay',
    steps: [
      [0, { running: 1, vibration: 9 }],
      [59, { vibration: 2 }],
    ],
    until: 200,
    raised: null,
  },
]);

faultTable('pump', 'pump.bearing-temperature', [
  { name: 'at the limit', steps: [[0, { bearingTemperature: 82 }]], until: 90, raised: null },
  { name: 'above, even at rest', steps: [[0, { running: 0, bearingTemperature: 83 }]], until: 90, raised: 60 },
]);

faultTable('pump', 'pump.motor-overload', [
  { name: 'normal', ratings, steps: [[0, sound]], until: 700, raised: null },
  { name: 'slight', ratings, steps: [[0, { ...sound, currentL2: 150 }]], until: 700, raised: 600 },
  { name: 'clear', ratings, steps: [[0, { ...sound, currentL2: 165 }]], until: 700, raised: 60 },
  {
    name: 'slight, then clear',
    ratings,
    steps: [
      [0, { ...sound, currentL2: 150 }],
      [30, { currentL2: 165 }],
    ],
    until: 700,
    raised: 60,
  },
  { name: 'at 105 %', ratings, steps: [[0, { ...sound, currentL2: 145.95 }]], until: 700, raised: null },
]);

faultTable('pump', 'pump.current-unbalance', [
  { name: 'normal', steps: [[0, sound]], until: 90, raised: null },
  { name: 'one phase low', steps: [[0, { ...sound, currentL1: 100 }]], until: 90, raised: 60 },
  { name: 'off', steps: [[0, { ...sound, running: 0, currentL1: 0 }]], until: 90, raised: null },
]);

faultTable('pump', 'pump.phase-loss', [
  { name: 'unbalance only', steps: [[0, { ...sound, currentL1: 100 }]], until: 90, raised: null },
  { name: 'L2 gone', steps: [[0, { ...sound, currentL1: 208, currentL2: 0, currentL3: 206 }]], until: 90, raised: 5 },
]);

faultTable('pump', 'pump.command-mismatch', [
  { name: 'agree', steps: [[0, { running: 1, command: 1 }]], until: 30, raised: null },
  {
    name: 'does not start',
    steps: [[0, { running: 0, command: 1 }]],
    until: 30,
    raised: 10,
    detail: '已发出启动指令，但水泵未运行',
  },
  { name: 'runs by itself', steps: [[0, { running: 1, command: 0 }]], until: 30, raised: 10 },
  {
    name: 'starts within the delay',
    steps: [
      [0, { running: 0, command: 1 }],
      [9, { running: 1 }],
    ],
    until: 30,
    raised: null,
  },
]);

faultTable('pump', 'pump.tripped', [
  { name: 'sound', steps: [[0, { tripped: 0 }]], until: 10, raised: null },
  {
    name: 'tripped',
    steps: [[0, { tripped: 1, faultCode: 3 }]],
    until: 10,
    raised: 1,
    detail: 'Tripped, controller code 3',
  },
  {
    name: 'tripped with a code that the profile explains',
    codes: { faultCode: { 57: { en: 'dry running', zh: '干转' } } },
    steps: [[0, { tripped: 1, faultCode: 57 }]],
    until: 10,
    raised: 1,
    detail: 'Tripped, controller code 57: dry running',
  },
]);

faultTable('pump', 'pump.not-in-automatic', [
  { name: 'automatic', steps: [[0, { mode: 1 }]], until: 4000, period: 10, raised: null },
  { name: 'left in manual', steps: [[0, { mode: 2 }]], until: 4000, period: 10, raised: 1800 },
]);

const cycling = (period: number) =>
  Array.from({ length: 40 }, (_, index) => [index * period, { running: index % 2 }] as const);

faultTable('pump', 'pump.speed-hunting', [
  {
    name: 'a swing that rides on a slower one',
    steps: Array.from({ length: 60 }, (_, index) => [
      index * 20,
      { running: 1, speed: 65 + (index % 2) * 10 + 10 * Math.sin((index * Math.PI) / 6) },
    ]),
    until: 1200,
    raised: 440,
  },
]);

faultTable('pump', 'pump.vibration-step', [
  {
    name: 'a time in which it shook too much is not taken for usual',
    parameters: { 'pump.vibration-step': { learning: 0.5 } },
    steps: [
      [0, { running: 1, vibration: 1.3 }],
      [1200, { vibration: 6 }],
      [3600, { vibration: 1.3 }],
    ],
    until: 7200,
    period: 10,
    raised: null,
  },
  {
    name: 'a step when it had learned what is usual',
    parameters: { 'pump.vibration-step': { learning: 0.5 } },
    steps: [
      [0, { running: 1, vibration: 1.3 }],
      [3600, { vibration: 3 }],
    ],
    until: 7200,
    period: 10,
    raised: 4460,
  },
]);

faultTable('pump', 'pump.short-cycling', [
  { name: '15 starts an hour are allowed', steps: cycling(120), until: 3500, period: 10, raised: null },
  { name: 'every three minutes', steps: cycling(90), until: 3500, period: 10, raised: 2790, cleared: null },
  {
    name: 'by the counter, which sees runs shorter than a poll',
    steps: [
      [0, { running: 0, starts: 100 }],
      [10, { starts: 116 }],
    ],
    until: 20,
    raised: 10,
    detail: '16 starts in the last hour',
  },
  {
    name: 'a large motor bears fewer',
    ratings: { ratedPower: 75 },
    steps: [
      [0, { running: 0, starts: 0 }],
      [10, { starts: 7 }],
    ],
    until: 20,
    raised: 10,
  },
  {
    name: 'a counter that is lost for a while, and one that was changed, are no starts',
    steps: [
      [0, { running: 1, starts: 55_000 }],
      [10, { starts: 'bad' }],
      [60, { starts: 55_001 }],
      [120, { starts: 310 }],
      [180, { starts: 70_000 }],
    ],
    until: 240,
    raised: null,
  },
  {
    name: 'a counter that is heard for the first time',
    steps: [
      [0, { running: 1, starts: 'bad' }],
      [10, { starts: 40 }],
    ],
    until: 20,
    raised: null,
  },
  {
    name: 'what was started in the hour that the counter was lost counts',
    steps: [
      [0, { running: 0, starts: 100 }],
      [10, { starts: 'bad' }],
      [600, { starts: 116 }],
    ],
    until: 700,
    period: 10,
    raised: 600,
  },
  {
    name: 'starts of two hours in which nothing was read',
    steps: [
      [0, { running: 0, starts: 100 }],
      [10, { running: 'bad', starts: 'bad' }],
      [7200, { running: 0, starts: 130 }],
    ],
    until: 7300,
    period: 10,
    raised: null,
  },
]);
