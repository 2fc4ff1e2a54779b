import { describe, expect, it } from 'vitest';
import { faultTable } from '../testing/fault-table.ts';
import { alarmsOf } from '../testing/rig.ts';

const parked = {
  moving: 0,
  door: 0,
  doorZone: 1,
  load: 0,
  mode: 1,
  floor: 6,
  faultCode: 0,
  safetyChain: 1,
  alarmButton: 0,
};

faultTable('elevator', 'elevator.entrapment', [
  { name: 'parked and empty', steps: [[0, parked]], until: 120, raised: null },
  {
    name: 'somebody in a car that does not open',
    steps: [
      [0, parked],
      [10, { load: 12 }],
      [100, { door: 2, load: 0 }],
    ],
    until: 150,
    raised: 70,
    cleared: 110,
  },
  { name: 'at the threshold of load', steps: [[0, { ...parked, load: 5.9 }]], until: 120, raised: null },
  {
    name: 'between floors with a fault: 15 s',
    steps: [[0, { ...parked, doorZone: 0, load: 12, safetyChain: 0, faultCode: 4 }]],
    until: 60,
    raised: 15,
    detail: '轿厢困人，位于6层附近',
  },
  {
    name: 'the button cuts the wait short',
    steps: [
      [0, { ...parked, doorZone: 0, load: 12 }],
      [20, { alarmButton: 1 }],
    ],
    until: 60,
    raised: 20,
    detail: 'People call for help from the car near 6F',
  },
  {
    name: 'the button alone, held for 3 s',
    steps: [
      [0, { ...parked, moving: 1 }],
      [10, { alarmButton: 1 }],
    ],
    until: 60,
    raised: 13,
  },
  {
    name: 'the button touched for 2 s',
    steps: [
      [0, { ...parked, moving: 1 }],
      [10, { alarmButton: 1 }],
      [12, { alarmButton: 0 }],
    ],
    until: 60,
    raised: null,
  },
  { name: 'inspection', steps: [[0, { ...parked, load: 12, doorZone: 0, mode: 8 }]], until: 120, raised: null },
  {
    name: 'data gap: a lost link does not clear it',
    steps: [
      [0, { ...parked, doorZone: 0, load: 12 }],
      [70, { moving: 'gone', door: 'gone', doorZone: 'gone', load: 'gone', mode: 'gone' }],
    ],
    until: 300,
    raised: 60,
    cleared: null,
  },
  { name: 'nothing tells whether people are in it', steps: [[0, { moving: 0, doorZone: 0 }]], until: 90, raised: null },
]);

faultTable('elevator', 'elevator.stopped-outside-door-zone', [
  { name: 'parked', steps: [[0, parked]], until: 60, raised: null },
  { name: 'empty between floors', steps: [[0, { ...parked, doorZone: 0 }]], until: 60, raised: 15 },
  {
    name: 'with people in it this is an entrapment',
    steps: [[0, { ...parked, doorZone: 0, load: 20 }]],
    until: 90,
    raised: null,
  },
  { name: 'passing', steps: [[0, { ...parked, doorZone: 0, moving: 1 }]], until: 60, raised: null },
  { name: 'out of service', steps: [[0, { ...parked, doorZone: 0, mode: 12 }]], until: 60, raised: null },
]);

faultTable('elevator', 'elevator.moving-with-door-open', [
  { name: 'normal run', steps: [[0, { speed: 2.5, door: 0, doorZone: 0 }]], until: 20, raised: null },
  { name: 'opening while levelling', steps: [[0, { speed: 0.14, door: 1, doorZone: 1 }]], until: 20, raised: null },
  { name: 'in the door zone', steps: [[0, { speed: 0.3, door: 1, doorZone: 1 }]], until: 20, raised: null },
  { name: 'door open in the shaft', steps: [[0, { speed: -0.5, door: 2, doorZone: 0 }]], until: 20, raised: 1 },
  { name: 'at the threshold of speed', steps: [[0, { speed: 0.15, door: 2, doorZone: 0 }]], until: 20, raised: null },
  {
    name: 'values of one stop that arrive apart',
    steps: [
      [0, { speed: 0.5, door: 0, doorZone: 0 }],
      [10, { door: 1 }],
      [10.5, { speed: 0, doorZone: 1 }],
    ],
    period: 0.5,
    until: 20,
    raised: null,
  },
]);

faultTable('elevator', 'elevator.safety-circuit-open', [
  {
    name: 'opens with the door at every stop',
    steps: [
      [0, { ...parked, moving: 1, doorZone: 0 }],
      [10, { moving: 0, doorZone: 1 }],
      [11, { door: 1, safetyChain: 0 }],
      [20, { door: 0, safetyChain: 1 }],
    ],
    until: 40,
    raised: null,
  },
  {
    name: 'in motion with the door shut',
    steps: [
      [0, { ...parked, moving: 1, doorZone: 0 }],
      [10, { safetyChain: 0 }],
      [11, { moving: 0 }],
      [30, { safetyChain: 1 }],
    ],
    until: 60,
    raised: 15,
    cleared: 35,
  },
  {
    name: 'with people stuck by it, the entrapment stands for both',
    steps: [
      [0, { ...parked, moving: 1, doorZone: 0, load: 20 }],
      [10, { safetyChain: 0 }],
      // A car at 2.5 m/s takes more than two seconds to stop.
      [13, { moving: 0 }],
    ],
    until: 60,
    raised: null,
  },
]);

faultTable('elevator', 'elevator.unintended-movement', [
  { name: 'other code', steps: [[0, { faultCode: 4 }]], until: 10, raised: null },
  { name: 'code 5', steps: [[3, { faultCode: 5 }]], until: 10, raised: 3 },
]);

faultTable('elevator', 'elevator.overspeed', [
  { name: 'rated', ratings: { ratedSpeed: 2.5 }, steps: [[0, { speed: 2.5 }]], until: 10, raised: null },
  { name: 'at 110 %', ratings: { ratedSpeed: 2.5 }, steps: [[0, { speed: -2.75 }]], until: 10, raised: 1 },
  { name: 'no rating', steps: [[0, { speed: 9 }]], until: 10, raised: null },
]);

const atDoor = { door: 2, doorCommand: 1, doorReopenCount: 100, moving: 0, floor: 6, mode: 1, faultCode: 0 };
faultTable('elevator', 'elevator.door-will-not-close', [
  { name: 'open at a stop', steps: [[0, atDoor]], until: 60, raised: null },
  {
    name: 'three reopenings by a counter that counts on',
    steps: [
      [0, atDoor],
      [8, { doorReopenCount: 101 }],
      [16, { doorReopenCount: 102 }],
      [24, { doorReopenCount: 103 }],
      [60, { door: 0 }],
    ],
    until: 90,
    raised: 24,
    cleared: 70,
    detail: '电梯门无法关闭，在6层尝试4次',
  },
  {
    name: 'two reopenings are daily life',
    steps: [
      [0, atDoor],
      [8, { doorReopenCount: 101 }],
      [16, { doorReopenCount: 102 }],
    ],
    until: 60,
    raised: null,
  },
  {
    name: 'by a counter that starts again at each stop',
    steps: [
      [0, { ...atDoor, moving: 1, door: 0, doorReopenCount: 2 }],
      [10, { moving: 0, door: 2, doorReopenCount: 0 }],
      [30, { doorReopenCount: 3 }],
    ],
    until: 60,
    raised: 30,
    detail: 'Door will not close, 4 attempts at 6F',
  },
  { name: 'by the code', steps: [[0, { ...atDoor, faultCode: 2 }]], until: 60, raised: 0 },
  { name: 'told to close for long', steps: [[0, { door: 3, doorCommand: 2 }]], until: 60, raised: 20 },
  {
    name: 'shuts again and again while its code is not to be had: short closings do not add up',
    steps: Array.from({ length: 20 }, (_, turn) => [
      turn * 5,
      turn % 2 === 0 ? { door: 3, doorCommand: 2, faultCode: 'bad' } : { door: 0, doorCommand: 0 },
    ]),
    until: 120,
    raised: null,
  },
  {
    name: 'its command is lost for 5 s: that time does not count, what was before does',
    steps: [
      [0, { door: 3, doorCommand: 2, faultCode: 0 }],
      [10, { doorCommand: 'bad' }],
      [15, { doorCommand: 2 }],
    ],
    until: 60,
    raised: 25,
  },
  { name: 'inspection', steps: [[0, { ...atDoor, faultCode: 2, mode: 8 }]], until: 60, raised: null },
  { name: 'nothing to tell it by', steps: [[0, { door: 3 }]], until: 60, raised: null },
]);

for (const [fault, code, raised] of [
  ['elevator.door-will-not-open', 3, 1],
  ['elevator.position-lost', 7, 1],
  ['elevator.prevented-restart', 8, 5],
] as const) {
  faultTable('elevator', fault, [
    { name: 'no code', steps: [[0, { faultCode: 0 }]], until: 20, raised: null },
    { name: 'its code', steps: [[0, { faultCode: code }]], until: 20, raised },
    { name: 'inspection', steps: [[0, { faultCode: code, mode: 8 }]], until: 20, raised: null },
  ]);
}

faultTable('elevator', 'elevator.run-time-exceeded', [
  {
    name: 'ends in time',
    steps: [
      [0, { moving: 1 }],
      [89, { moving: 0 }],
    ],
    until: 120,
    raised: null,
  },
  { name: 'runs on', steps: [[0, { moving: 1 }]], until: 120, raised: 90 },
  { name: 'limiter acted', steps: [[5, { moving: 0, faultCode: 6 }]], until: 120, raised: 5 },
]);

faultTable('elevator', 'elevator.drive-over-temperature', [
  { name: 'at the limit', steps: [[0, { driveTemperature: 70 }]], until: 90, raised: null },
  { name: 'above', steps: [[0, { driveTemperature: 70.1 }]], until: 90, raised: 60 },
]);
faultTable('elevator', 'elevator.machine-room-over-temperature', [
  { name: 'at the limit', steps: [[0, { machineRoomTemperature: 40 }]], until: 90, raised: null },
  {
    name: 'above',
    steps: [[0, { machineRoomTemperature: 48 }]],
    until: 90,
    raised: 60,
    detail: '机房温度 48 °C，限值 40 °C',
  },
]);

faultTable('elevator', 'elevator.silent', [
  { name: 'answers', steps: [[0, parked]], until: 120, raised: null },
  {
    name: 'answers without values',
    steps: [
      [0, { moving: 0 }],
      [10, { moving: 'bad' }],
      [100, { moving: 0 }],
    ],
    until: 120,
    raised: 69.001,
    cleared: 105,
  },
  {
    name: 'says nothing',
    steps: [
      [0, { moving: 0 }],
      [10, { moving: 'gone' }],
    ],
    until: 120,
    raised: 69.001,
  },
]);

describe('the fault signals of BACnet', () => {
  const told = (faultSignal: number) =>
    alarmsOf({
      kind: 'elevator',
      steps: [[0, { faultSignal, door: 2, moving: 0, mode: 1 }]],
      until: 10,
    }).map(({ fault, raised }) => [fault, raised]);
  it.each([
    [0, []],
    [1, [['elevator.prevented-restart', 5]]],
    [7, [['elevator.door-will-not-close', 0]]],
    [8, [['elevator.door-will-not-open', 1]]],
    [14, [['elevator.run-time-exceeded', 0]]],
    [15, [['elevator.position-lost', 1]]],
  ])('%s leads to %o', (signal, expected) => expect(told(signal)).toEqual(expected));
});
