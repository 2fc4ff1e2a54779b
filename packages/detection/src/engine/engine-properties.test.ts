import { type Alarm, alarmIdentity } from '@plantroom/model';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createDetection, type Detection, type DetectionEquipment, type DetectionResult } from '../index.ts';
import { ids, sample, start } from '../testing/rig.ts';

const cadence = { period: 1000, maximumSilence: 20_000 };
const points = (...names: string[]) => names.map((point) => ({ point, cadence }));
const equipment: readonly DetectionEquipment[] = [
  {
    id: 'pump-1',
    kind: 'pump',
    connection: 'bus',
    ratings: { ratedPower: 75, ratedFlow: 144 },
    points: points('running', 'command', 'flow', 'power', 'tripped', 'vibration', 'starts', 'bearingTemperature'),
  },
  {
    id: 'panel',
    kind: 'fire-panel',
    connection: 'bus',
    ratings: {},
    points: points(
      'fault',
      'mainsFault',
      ...Array.from({ length: 12 }, (_, index) => `loop[1].device[${index + 1}].state`),
    ),
  },
  {
    id: 'lift-1',
    kind: 'elevator',
    ratings: {},
    points: points('moving', 'door', 'doorZone', 'load', 'faultCode', 'safetyChain'),
  },
];

type Step =
  | {
      readonly type: 'sample';
      readonly machine: number;
      readonly point: number;
      readonly value: number | null;
      readonly wait: number;
    }
  | { readonly type: 'tick'; readonly wait: number }
  | { readonly type: 'command'; readonly target: number; readonly action: number; readonly wait: number };

const wait = fc.oneof(fc.integer({ min: 0, max: 3000 }), fc.integer({ min: 0, max: 90_000 }));
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      type: fc.constant('sample' as const),
      machine: fc.nat({ max: 2 }),
      point: fc.nat({ max: 13 }),
      value: fc.oneof(fc.integer({ min: 0, max: 3 }), fc.constantFrom(9, 90, null)),
      wait,
    }),
  },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('tick' as const), wait }) },
  {
    weight: 2,
    arbitrary: fc.record({
      type: fc.constant('command' as const),
      target: fc.nat({ max: 9 }),
      action: fc.nat({ max: 5 }),
      wait,
    }),
  },
);
const steps = fc.array(step, { minLength: 1, maxLength: 80 });
const actions = ['acknowledge', 'reset', 'shelve', 'unshelve', 'remove-from-service', 'return-to-service'] as const;

/** Takes one step at a moment; a command goes to one of the alarms that are open. */
function take(detection: Detection, each: Step, now: number, number: number): DetectionResult {
  if (each.type === 'tick') return detection.tick(now);
  if (each.type === 'sample') {
    const machine = equipment[each.machine];
    const point = machine?.points[each.point % machine.points.length];
    return detection.ingest(machine && point ? [sample(machine.id, point.point, now, each.value)] : []);
  }
  const open = detection.open();
  const alarm = open[each.target % Math.max(1, open.length)];
  const action = actions[each.action] ?? 'acknowledge';
  return detection.command({
    id: `c-${number}`,
    alarm: alarm?.id ?? 'none',
    action,
    actor: 'a',
    time: now,
    comment: '',
  });
}

/** Plays all steps; before the steps named in `jumps` the wall clock is set by so much. Gives the journal, as if it never was. */
function playJumping(list: readonly Step[], jumps: ReadonlyMap<number, number>): object[] {
  const detection = createDetection({ ...ids, equipment });
  let now = start;
  let jumped = 0;
  return list.flatMap((each, index) => {
    const jump = jumps.get(index) ?? 0;
    jumped += jump;
    if (jump !== 0) detection.clockStepped(jump);
    now += each.wait;
    const { journal } = take(detection, each, now + jumped, index);
    return journal.map(({ alarm: _, ...entry }) => ({ ...entry, time: entry.time - jumped }));
  });
}

/** The same plant with planned work on the pump, which the panel's bus shares, and a meter that feeds both. */
const maintained: readonly DetectionEquipment[] = [
  ...equipment.map((each) => ({
    ...each,
    parent: 'feeder',
    maintenance: [20, 90].map((second) => ({
      from: start + second * 1000,
      to: start + second * 1500,
      reason: 'service',
    })),
  })),
  { id: 'feeder', kind: 'energy-meter', ratings: {}, connection: 'bus', points: points('voltageL1', 'voltageL2') },
];

/** Plays all steps; before the steps named in `restarts` the state goes through JSON into a new engine. */
function playAll(
  list: readonly Step[],
  restarts: ReadonlySet<number> = new Set(),
  equipment: readonly DetectionEquipment[] = maintained,
): DetectionResult[] {
  let detection = createDetection({ ...ids, equipment });
  let now = start;
  return list.map((each, index) => {
    if (restarts.has(index)) {
      detection = createDetection({ ...ids, equipment, initial: JSON.parse(JSON.stringify(detection.state())) });
    }
    now += each.wait;
    return take(detection, each, now, index);
  });
}

it('restarting at any point changes nothing', () => {
  fc.assert(
    fc.property(steps, fc.array(fc.nat({ max: 79 }), { maxLength: 5 }), (list, restarts) => {
      expect(playAll(list, new Set(restarts))).toEqual(playAll(list));
    }),
    { numRuns: 200 },
  );
});

it('reading the same site file again at any point changes nothing', () => {
  const playReading = (
    list: readonly Step[],
    at: readonly number[],
    read: (d: Detection, now: number) => DetectionResult,
  ) => {
    const detection = createDetection({ ...ids, equipment: maintained });
    let now = start;
    return list.map((each, index) => {
      const first = at.includes(index) ? read(detection, now) : undefined;
      now += each.wait;
      return [first, take(detection, each, now, index)];
    });
  };
  fc.assert(
    fc.property(steps, fc.array(fc.nat({ max: 79 }), { maxLength: 5 }), (list, reloads) => {
      const reload = (detection: Detection, now: number) => detection.reconfigure(maintained, now);
      // A reload lets time pass, as a tick does.
      const tick = (detection: Detection, now: number) => detection.tick(now);
      expect(playReading(list, reloads, reload)).toEqual(playReading(list, reloads, tick));
    }),
    { numRuns: 200 },
  );
});

it('setting the wall clock at any point, by minutes or decades, changes nothing but the names of the times', () => {
  const jump = fc.oneof(fc.integer({ min: -600_000, max: 600_000 }), fc.integer({ min: -3e11, max: 3e11 }));
  fc.assert(
    fc.property(steps, fc.array(fc.tuple(fc.nat({ max: 79 }), jump), { minLength: 1, maxLength: 3 }), (list, jumps) => {
      expect(playJumping(list, new Map(jumps))).toEqual(playJumping(list, new Map()));
    }),
    { numRuns: 300 },
  );
});

it('ticking more often changes nothing', () => {
  fc.assert(
    fc.property(steps, (list) => {
      const plain = list.filter((each) => each.type !== 'command');
      // A tick half way to every step.
      const ticked = plain.flatMap((each): Step[] => [
        { type: 'tick', wait: Math.floor(each.wait / 2) },
        { ...each, wait: each.wait - Math.floor(each.wait / 2) },
      ]);
      const versions = (results: DetectionResult[]) => results.flatMap((result) => result.alarms);
      expect(versions(playAll(ticked))).toEqual(versions(playAll(plain)));
    }),
    { numRuns: 300 },
  );
});

it('keeps one open alarm for an identity, counts versions up and never hides a safety alarm', () => {
  fc.assert(
    fc.property(steps, (list) => {
      const last = new Map<string, Alarm>();
      const orders = new Set<string>();
      for (const result of playAll(list)) {
        for (const alarm of result.alarms) {
          const before = last.get(alarm.id);
          expect(alarm.version).toBe((before?.version ?? 0) + 1);
          expect(before?.endedAt ?? null).toBeNull();
          last.set(alarm.id, alarm);
          const open = [...last.values()].filter((each) => each.endedAt === null).map(alarmIdentity);
          expect(new Set(open).size).toBe(open.length);
          const safety = /device-fire|confirmed-fire|entrapment|outside-door-zone|safety-circuit|unintended/.test(
            alarm.fault,
          );
          if (safety)
            expect([alarm.facts.suppressed, alarm.facts.shelved, alarm.facts.outOfService]).toEqual([
              false,
              false,
              false,
            ]);
        }
        for (const order of result.orders) {
          expect(orders.has(order.id)).toBe(false);
          expect(last.has(order.alarm)).toBe(true);
          orders.add(order.id);
        }
      }
    }),
    { numRuns: 200 },
  );
});

it('answers every command by an echo or an outcome', () => {
  fc.assert(
    fc.property(steps, (list) => {
      playAll(list).forEach((result, index) => {
        if (list[index]?.type !== 'command') return;
        const echoed = result.alarms.some((alarm) => alarm.command === `c-${index}`);
        expect(echoed || result.outcomes.some((outcome) => outcome.command === `c-${index}`)).toBe(true);
      });
    }),
    { numRuns: 100 },
  );
});
