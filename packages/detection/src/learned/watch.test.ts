import type { KindName, Sample } from '@plantroom/model';
import { describe, expect, test } from 'vitest';
import { createDetection, type DetectionEquipment, type ExternalFact, Watch, type WatchState } from '../index.ts';

const start = Date.UTC(2026, 2, 2);
const minute = 60_000;
const day = 1440;
const week = 7 * day;

/** Nearly normal noise that depends on the minute alone, so that a run can be cut anywhere. */
function noise(at: number, which: number): number {
  let state = Math.imul(at * 16 + which + 1, 2_654_435_761) >>> 0;
  let sum = -6;
  for (let n = 0; n < 12; n++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    sum += state / 2 ** 32;
  }
  return sum;
}

const demand = (at: number) => Math.sin((2 * Math.PI * at) / day) + 0.4 * Math.sin(at / 37);

type Values = Record<string, number>;
const pump = (at: number): Values => ({
  running: 1,
  flow: 30 + 6 * demand(at) + 0.5 * noise(at, 1),
  head: 22 - 2 * demand(at) + 0.3 * noise(at, 2),
  power: 5 + demand(at) + 0.1 * noise(at, 3),
  vibration: 2 + 0.1 * noise(at, 4),
});

function equipment(
  kind: KindName,
  points: readonly string[],
  more: Partial<DetectionEquipment> = {},
): DetectionEquipment {
  const cadence = { period: minute, maximumSilence: 10 * minute };
  // A week of training, so that the runs are short.
  const parameters = { [`${kind}.unusual`]: { training: 7 } };
  return { id: 'one', kind, ratings: {}, points: points.map((point) => ({ point, cadence })), parameters, ...more };
}

const pumpPoints = ['running', 'flow', 'head', 'power', 'vibration'];

/** A reading of all points each minute, and a tick after it. */
function run(watch: Watch, from: number, to: number, values: (at: number) => Values): ExternalFact[] {
  const facts: ExternalFact[] = [];
  for (let at = from; at < to; at++) {
    const time = start + at * minute;
    const samples = Object.entries(values(at)).map(
      ([point, value]): Sample => ({ equipment: 'one', point, time, gatewayTime: time, value, quality: 'good' }),
    );
    watch.samples(samples);
    facts.push(...watch.tick(time + 1000));
  }
  return facts;
}

const clogged = (from: number, to: number) => (at: number) => {
  const values = pump(at);
  return at >= from && at < to ? { ...values, flow: (values.flow ?? 0) - 5 } : values;
};
const minuteOf = ({ time }: ExternalFact) => (time - start) / minute;

describe('a machine that is watched', () => {
  const fault = week + 2 * day;
  const end = fault + 300;

  test('is told of once it has long ceased to be as it was, and no longer some hours after it is again', () => {
    const facts = run(new Watch([equipment('pump', pumpPoints)]), 0, end + day, clogged(fault, end));
    const active = facts.filter((fact) => fact.active);
    const [first, last] = [active[0], active.at(-1)];
    expect(first).toMatchObject({
      equipment: 'one',
      fault: 'pump.unusual',
      subject: '',
      detail: {
        en: expect.stringMatching(/^Do not fit the other readings: Flow/),
        zh: expect.stringContaining('流量'),
      },
    });
    expect(first?.evidence?.[0]).toMatchObject({ point: 'flow' });
    expect(first && minuteOf(first)).toBeGreaterThan(fault + 25);
    expect(first && minuteOf(first)).toBeLessThan(fault + 60);
    expect(last && minuteOf(last)).toBeGreaterThan(end);
    expect(last && minuteOf(last)).toBeLessThan(end + 240);
    expect(new Set(active.map(({ detail }) => detail.en)).size).toBe(1);
  });

  test('is not told of for a passing oddity, nor in the week that is learned', () => {
    const brief = run(new Watch([equipment('pump', pumpPoints)]), 0, end, clogged(fault, fault + 20));
    const early = run(new Watch([equipment('pump', pumpPoints)]), 0, week, clogged(3 * day, 3 * day + 300));
    expect([...brief, ...early].filter((fact) => fact.active)).toEqual([]);
  });

  test('is not judged while it stands, and its finding waits', () => {
    const stopped = (at: number) =>
      at >= fault + 100 && at < fault + 700 ? { running: 0, flow: 0, power: 0 } : clogged(fault, end + day)(at);
    const facts = run(new Watch([equipment('pump', pumpPoints)]), 0, fault + 1000, stopped);
    const during = facts.filter((fact) => minuteOf(fact) > fault + 110 && minuteOf(fact) < fault + 700);
    expect(during).toEqual([]);
    expect(facts.filter((fact) => minuteOf(fact) >= fault + 60).every((fact) => fact.active)).toBe(true);
  });

  test('is known again after a restart', () => {
    const whole = run(new Watch([equipment('pump', pumpPoints)]), 0, end, clogged(fault, end));
    // Between two steps, where nothing is under way.
    const split = fault + 60;
    const before = new Watch([equipment('pump', pumpPoints)]);
    const first = run(before, 0, split + 1, clogged(fault, end));
    const saved = JSON.parse(JSON.stringify(before.state())) as WatchState;
    const after = new Watch([equipment('pump', pumpPoints)], saved);
    const second = run(after, split + 1, end, clogged(fault, end));
    expect([...first, ...second].filter((fact) => fact.active).length).toBeGreaterThan(
      whole.filter((fact) => fact.active).length - 2,
    );
  });

  test('of which nothing more is to be learned has its finding ended', () => {
    const before = new Watch([equipment('pump', pumpPoints)]);
    const facts = run(before, 0, fault + 100, clogged(fault, end));
    const after = new Watch([equipment('pump', pumpPoints, { learn: false })], before.state());
    const last = run(after, fault + 100, fault + 200, clogged(fault, end));
    expect(last).toMatchObject([{ fault: 'pump.unusual', active: false, detail: facts.at(-1)?.detail }]);
  });

  test('is learned anew in silence when other points of it are judged', () => {
    const before = new Watch([equipment('pump', pumpPoints)]);
    run(before, 0, fault, pump);
    const after = new Watch([equipment('pump', pumpPoints, { learn: ['flow', 'head', 'power'] })], before.state());
    const facts = run(after, fault, fault + 4 * day, clogged(fault + 3 * day, fault + 4 * day));
    expect(facts.filter((fact) => fact.active)).toEqual([]);
  });

  test('becomes an alarm of the lowest priority, and no order', () => {
    const machine = equipment('pump', pumpPoints);
    const newAlarmId = (identity: string) => `a-${identity}`;
    const newOrderId = (alarm: string) => `o-${alarm}`;
    const detection = createDetection({ site: 's', equipment: [machine], startedAt: start, newAlarmId, newOrderId });
    const facts = run(new Watch([machine]), 0, end + 300, clogged(fault, end));
    // It answers all the time; that it falls silent is another alarm.
    const heard = (time: number): Sample[] => [
      { equipment: 'one', point: 'running', time, gatewayTime: time, value: 1, quality: 'good' },
    ];
    const results = facts.map((fact) => {
      detection.ingest(heard(fact.time));
      return detection.fact(fact);
    });
    const [raised, cleared, ...others] = results
      .flatMap(({ alarms }) => alarms)
      .filter((alarm) => alarm.fault === 'pump.unusual');
    expect(raised).toMatchObject({ fault: 'pump.unusual', priority: 4, facts: { active: true } });
    expect(cleared).toMatchObject({ id: raised?.id, detail: raised?.detail, facts: { active: false } });
    expect(others).toEqual([]);
    expect(results.flatMap(({ orders }) => orders).filter((order) => order.alarm === raised?.id)).toEqual([]);
  });
});

describe('a healthy machine that does each day what it did the day before', () => {
  /** A pump whose speed follows the demand: its curves are no straight lines, and fit worst at the peak of each day. */
  const variable = (at: number): Values => {
    const hour = (at % day) / 60;
    const flow = 20 + 40 * Math.exp(-(((hour - 8) / 2) ** 2)) + 28 * Math.exp(-(((hour - 19) / 2) ** 2));
    const speed = 28 + 0.3 * flow;
    return {
      running: 1,
      speed: speed + 0.1 * noise(at, 6),
      flow: flow + 0.3 * noise(at, 7),
      power: 3 * (speed / 50) ** 3 + 0.1 * flow + 0.1 * noise(at, 8),
    };
  };
  /** A room that is aired for an hour on every second day, and not always at the same time. */
  const aired = (at: number): Values => {
    const [today, minutes] = [Math.floor(at / day), at % day];
    const from = 480 + ((today * 7919) % 480);
    const isAired = today % 2 === 0 && minutes >= from && minutes < from + 60;
    return { temperature: 21 - (isAired ? 4 : 0) + 0.1 * noise(at, 9) };
  };

  test.each([
    ['pump', ['running', 'speed', 'flow', 'power'], variable],
    ['environment-sensor', ['temperature'], aired],
  ] as const)('is not told of: %s', (kind, points, values) => {
    // Readings of each fifth minute: as many as there are steps.
    const watch = new Watch([equipment(kind, points, { parameters: {} })]);
    const facts = Array.from({ length: (30 * day) / 5 }, (_, at) => run(watch, 5 * at, 5 * at + 1, values)).flat();
    expect(facts.length).toBeGreaterThan(8000);
    expect(facts.filter((fact) => fact.active)).toEqual([]);
  });
});

describe('what is watched', () => {
  const room = (at: number): Values => ({ temperature: 22 + 3 * demand(at) + 0.3 * noise(at, 5), battery: 80 });
  const hot = (at: number) => (at > week + day ? { ...room(at), temperature: 45 } : room(at));
  const told = (machine: DetectionEquipment, values: (at: number) => Values) =>
    run(new Watch([machine]), 0, week + day + 200, values).filter((fact) => fact.active);

  test('is a room by its own past', () => {
    const facts = told(equipment('environment-sensor', ['temperature', 'battery']), hot);
    expect(facts[0]?.detail.en).toBe('Unlike what is usual at this time: Temperature');
  });

  test('is nothing where the site says so, or only what it names', () => {
    const of = (learn: boolean | string[]) => equipment('environment-sensor', ['temperature', 'humidity'], { learn });
    expect(told(of(false), hot)).toEqual([]);
    expect(told(of(['humidity']), hot)).toEqual([]);
    expect(told(of(['temperature']), hot).length).toBeGreaterThan(0);
  });

  test('is of a room what the weather and people do only where the site names it', () => {
    const watched = (learn: boolean | string[]) =>
      Object.keys(
        new Watch([equipment('environment-sensor', ['temperature', 'co2'], { learn })]).state().machines.one?.alone ??
          {},
      );
    expect(watched(true)).toEqual(['temperature']);
    expect(watched(['co2'])).toEqual(['co2']);
  });

  test('is no fire panel, and no single point of a pump', () => {
    const watch = new Watch([
      equipment('fire-panel', ['loop[1].device[1].state', 'batteryVoltage']),
      equipment('pump', ['running', 'flow']),
    ]);
    expect(watch.state().machines).toEqual({});
  });
});
