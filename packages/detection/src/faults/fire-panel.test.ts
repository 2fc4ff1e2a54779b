import { expect, it } from 'vitest';
import { command, feed, make, points } from '../testing/engine-kit.ts';
import { faultTable } from '../testing/fault-table.ts';
import { alarmsOf } from '../testing/rig.ts';

const device = (loop: number, number: number) => `loop[${loop}].device[${number}].state`;
const loop = (number: number, devices: number, value: number) =>
  Object.fromEntries(Array.from({ length: devices }, (_, index) => [device(number, index + 1), value]));
const quiet = {
  fire: 0,
  fault: 0,
  disabled: 0,
  mainsFault: 0,
  batteryFault: 0,
  busFault: 0,
  manual: 0,
  batteryVoltage: 27.2,
};

faultTable('fire-panel', 'fire-panel.device-fire', [
  { name: 'quiet', steps: [[0, loop(2, 40, 0)]], until: 20, raised: null },
  {
    name: 'at once, for the device that reports it',
    steps: [
      [0, loop(2, 40, 0)],
      [7, { [device(2, 31)]: 1 }],
    ],
    until: 20,
    raised: 7,
    subject: '2-31',
    detail: '2-31 号探测器火警',
  },
  { name: 'test is no fire', steps: [[0, { [device(1, 1)]: 5 }]], until: 20, raised: null },
  { name: 'no device points', steps: [[0, { fire: 1 }]], until: 20, raised: null },
]);

faultTable('fire-panel', 'fire-panel.fire', [
  { name: 'quiet', steps: [[0, quiet]], until: 20, raised: null },
  { name: 'at once where no devices are read', steps: [[3, { ...quiet, fire: 1 }]], until: 20, raised: 3 },
  {
    name: 'a device stands for it',
    steps: [[0, { fire: 1, [device(1, 1)]: 1, [device(1, 2)]: 0 }]],
    until: 20,
    raised: null,
  },
  { name: 'a device that is not read', steps: [[0, { fire: 1, [device(1, 1)]: 0 }]], until: 20, raised: 1.5 },
  {
    name: 'a device that is read with the next look',
    steps: [
      [0, { fire: 1, [device(1, 1)]: 0 }],
      [1, { [device(1, 1)]: 1 }],
    ],
    until: 20,
    raised: null,
  },
  {
    name: 'a new fire, while a device is lost that was in fire before',
    steps: [
      [0, { fire: 1, [device(1, 1)]: 1, [device(1, 2)]: 0 }],
      [10, { [device(1, 1)]: 'bad' }],
      [20, { fire: 0 }],
      [60, { fire: 1 }],
    ],
    until: 90,
    raised: 61.5,
  },
  {
    name: 'the same fire, whose device is lost',
    steps: [
      [0, { fire: 0, [device(1, 1)]: 0 }],
      [5, { fire: 1, [device(1, 1)]: 1 }],
      [10, { [device(1, 1)]: 'bad' }],
    ],
    until: 90,
    raised: null,
  },
  {
    name: 'a device that is read seconds before the panel says so',
    steps: [
      [0, { fire: 0, [device(1, 1)]: 1 }],
      [9, { fire: 1 }],
    ],
    until: 90,
    raised: null,
  },
]);

faultTable('fire-panel', 'fire-panel.confirmed-fire', [
  { name: 'one device', steps: [[0, { [device(1, 1)]: 1, [device(2, 1)]: 1 }]], until: 20, raised: null },
  {
    name: 'two of one loop',
    steps: [
      [0, loop(1, 3, 0)],
      [4, { [device(1, 1)]: 1 }],
      [9, { [device(1, 3)]: 1 }],
    ],
    until: 20,
    raised: 9,
    subject: 'loop-1',
    detail: '2 devices of loop 1 in fire alarm',
  },
]);

it('asks for one job a fire, also at the third confirmed fire of a loop in a week', () => {
  const panel = { id: 'panel', kind: 'fire-panel', ratings: {}, points: points(device(1, 1)) } as const;
  const detection = make([panel]);
  const orders = [0, 1, 2].map((day) => {
    const second = day * 86_400;
    const told = feed(detection, 'panel', second, { [device(1, 1)]: 6 });
    feed(detection, 'panel', second + 60, { [device(1, 1)]: 0 });
    for (const alarm of detection.open()) detection.command(command(alarm, 'acknowledge', second + 90));
    for (const alarm of detection.open()) detection.command(command(alarm, 'reset', second + 91));
    return told.orders.map(({ fault }) => fault).filter((fault) => fault !== 'fire-panel.silent');
  });
  expect(orders).toEqual(Array.from({ length: 3 }, () => ['fire-panel.device-fire']));
});

faultTable('fire-panel', 'fire-panel.loop-fault', [
  { name: 'ten devices', steps: [[0, { ...loop(3, 20, 0), ...loop(3, 10, 2) }]], until: 20, raised: null },
  {
    name: 'eleven devices',
    steps: [[0, { ...loop(3, 20, 0), ...loop(3, 11, 2) }]],
    until: 20,
    raised: 2,
    subject: 'loop-3',
  },
  {
    name: 'does not clear when the panel falls silent',
    steps: [
      [0, loop(3, 12, 2)],
      [10, Object.fromEntries(Object.keys(loop(3, 12, 0)).map((name) => [name, 'bad']))],
    ],
    until: 30,
    raised: 2,
    cleared: null,
  },
]);

it('makes one alarm of a loop that fails, not fifty', () => {
  const steps = [
    [0, { ...quiet, ...loop(3, 50, 0) }],
    [10, { fault: 1, busFault: 1, ...loop(3, 50, 2) }],
  ] as const;
  const seen = alarmsOf({ kind: 'fire-panel', steps, until: 60 });
  expect(seen.filter((alarm) => !alarm.suppressed).map((alarm) => [alarm.fault, alarm.subject, alarm.raised])).toEqual([
    ['fire-panel.loop-fault', 'loop-3', 12],
  ]);
});

faultTable('fire-panel', 'fire-panel.device-fault', [
  { name: 'one device', steps: [[0, { ...loop(3, 20, 0), [device(3, 8)]: 2 }]], until: 20, raised: 10, subject: '3-8' },
  { name: 'quiet', steps: [[0, loop(3, 20, 0)]], until: 20, raised: null },
]);

faultTable('fire-panel', 'fire-panel.trouble', [
  { name: 'quiet', steps: [[0, quiet]], until: 30, raised: null },
  {
    name: 'nothing names the cause',
    steps: [[0, { ...quiet, fault: 1, faultCount: 2 }]],
    until: 30,
    raised: 10,
    detail: '控制器故障，故障点数 2',
  },
  { name: 'the mains is the cause', steps: [[0, { ...quiet, fault: 1, mainsFault: 1 }]], until: 30, raised: null },
  { name: 'a device is the cause', steps: [[0, { ...quiet, fault: 1, [device(1, 1)]: 2 }]], until: 30, raised: null },
]);

faultTable('fire-panel', 'fire-panel.mains-lost', [
  {
    name: 'a dip',
    steps: [
      [0, { ...quiet, mainsFault: 1 }],
      [59, quiet],
    ],
    until: 90,
    raised: null,
  },
  {
    name: 'lost',
    steps: [[0, { ...quiet, mainsFault: 1 }]],
    until: 90,
    raised: 60,
    detail: '主电故障，备电供电，电压 27.2 V',
  },
]);
faultTable('fire-panel', 'fire-panel.battery-fault', [
  { name: 'quiet', steps: [[0, quiet]], until: 30, raised: null },
  { name: 'at 2.0 V a cell', steps: [[0, { ...quiet, batteryVoltage: 24 }]], until: 30, raised: null },
  { name: 'below', steps: [[0, { ...quiet, batteryVoltage: 23.9 }]], until: 30, raised: 10 },
  { name: 'by the bit', steps: [[0, { ...quiet, batteryFault: 1 }]], until: 30, raised: 10 },
]);
faultTable('fire-panel', 'fire-panel.bus-fault', [
  { name: 'quiet', steps: [[0, quiet]], until: 30, raised: null },
  { name: 'by the bit', steps: [[0, { ...quiet, busFault: 1 }]], until: 30, raised: 10 },
]);
faultTable('fire-panel', 'fire-panel.supervisory', [
  { name: 'quiet', steps: [[0, { supervisory: 0 }]], until: 30, raised: null },
  { name: 'valve closed', steps: [[0, { supervisory: 1 }]], until: 30, raised: 5 },
]);
faultTable('fire-panel', 'fire-panel.left-in-manual', [
  {
    name: 'a test',
    steps: [
      [0, { manual: 1 }],
      [1700, { manual: 0 }],
    ],
    period: 10,
    until: 2500,
    raised: null,
  },
  { name: 'forgotten', steps: [[0, { manual: 1 }]], period: 10, until: 2500, raised: 1800 },
]);
faultTable('fire-panel', 'fire-panel.disabled-too-long', [
  {
    name: 'a shift',
    steps: [
      [0, { disabled: 1, disabledCount: 3 }],
      [28_000, { disabled: 0 }],
    ],
    period: 100,
    until: 40_000,
    raised: null,
  },
  { name: 'longer', steps: [[0, { disabled: 1, disabledCount: 3 }]], period: 100, until: 40_000, raised: 28_800 },
  {
    name: 'a device stands for it',
    steps: [[0, { disabled: 1, [device(1, 5)]: 3 }]],
    period: 100,
    until: 40_000,
    raised: null,
  },
]);
faultTable('fire-panel', 'fire-panel.device-disabled-too-long', [
  { name: 'longer', steps: [[0, { [device(1, 5)]: 3 }]], period: 100, until: 40_000, raised: 28_800, subject: '1-5' },
  { name: 'not disabled', steps: [[0, { [device(1, 5)]: 0 }]], period: 100, until: 40_000, raised: null },
]);
faultTable('fire-panel', 'fire-panel.silent', [
  {
    name: 'says nothing',
    steps: [
      [0, quiet],
      [
        10,
        {
          fire: 'gone',
          fault: 'gone',
          disabled: 'gone',
          mainsFault: 'gone',
          batteryFault: 'gone',
          busFault: 'gone',
          manual: 'gone',
          batteryVoltage: 'gone',
        },
      ],
    ],
    until: 120,
    raised: 69.001,
  },
]);
