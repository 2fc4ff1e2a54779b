import { type Alarm, alarmIdentity } from '@plantroom/model';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createDetection, type Detection, type DetectionEquipment, type DetectionResult } from '../index.ts';
import { ids, sample, start } from '../testing/rig.ts';

const second = 1000;
const grace = 360 * second;

/** Two buses; on each a meter, and machines that hang on a meter of this or of the other bus, as the numbers say. */
const machines = ['meter-a', 'pump-a', 'pump-b', 'meter-b', 'lift-a', 'sub-a'] as const;
const kinds = { meter: 'energy-meter', sub: 'energy-meter', pump: 'pump', lift: 'elevator' } as const;
const names = {
  'energy-meter': ['voltageL1', 'voltageL2', 'voltageL3'],
  pump: ['running', 'flow', 'power', 'tripped'],
  elevator: ['moving', 'faultCode'],
} as const;

interface Layout {
  readonly id: (typeof machines)[number];
  readonly bus: number;
  readonly parent: number;
  readonly silence: number;
  readonly work: number;
}

const layout: fc.Arbitrary<Layout[]> = fc
  .tuple(
    fc.shuffledSubarray([...machines], { minLength: 3 }),
    fc.array(
      fc.record({
        bus: fc.nat({ max: 2 }),
        parent: fc.nat({ max: 3 }),
        silence: fc.nat({ max: 2 }),
        work: fc.nat({ max: 5 }),
      }),
      {
        minLength: machines.length,
        maxLength: machines.length,
      },
    ),
  )
  .map(([order, parts]) => order.map((id, n) => ({ id, ...(parts[n] ?? { bus: 0, parent: 0, silence: 0, work: 0 }) })));

/** Planned work of a machine: none for most, else one that begins and ends while the steps are played. */
const works = [
  [60, 400],
  [200, 900],
].map(([from = 0, to = 0]) => [{ from: start + from * second, to: start + to * second, reason: 'service' }]);

function equipmentOf({ id, bus, parent, silence, work }: Layout): DetectionEquipment {
  const kind = kinds[id.split('-')[0] as keyof typeof kinds];
  const cadence = { period: second, maximumSilence: [10, 15, 40][silence] ?? 10 };
  const above = [undefined, 'meter-a', 'meter-b', 'sub-a'][parent];
  return {
    ...{ id, kind, connection: ['bus-a', 'bus-b', undefined][bus], ratings: { ratedPower: 75, ratedFlow: 144 } },
    points: names[kind].map((point) => ({
      point,
      cadence: { ...cadence, maximumSilence: cadence.maximumSilence * second },
    })),
    ...(above !== id && { parent: above }),
    ...(works[work] && { maintenance: works[work] }),
  };
}

type Step =
  | { readonly type: 'speak'; readonly machine: number; readonly values: readonly (number | null)[] }
  | { readonly type: 'command'; readonly target: number; readonly action: number }
  | { readonly type: 'tick' }
  /** The process is down for so many seconds. */
  | { readonly type: 'restart'; readonly down: number; readonly layouts: readonly Layout[] }
  | { readonly type: 'reload'; readonly layouts: readonly Layout[] }
  /** The clock is set by so many seconds. */
  | { readonly type: 'step'; readonly by: number };

const actions = ['acknowledge', 'remove-from-service', 'return-to-service', 'reset'] as const;
const step: fc.Arbitrary<Step & { readonly wait: number }> = fc
  .tuple(
    fc.oneof(
      {
        weight: 6,
        arbitrary: fc.record({
          type: fc.constant('speak' as const),
          machine: fc.nat({ max: 5 }),
          values: fc.array(fc.constantFrom(0, 0, 1, 30, 230, 230, null), { minLength: 4, maxLength: 4 }),
        }),
      },
      { weight: 3, arbitrary: fc.record({ type: fc.constant('tick' as const) }) },
      {
        weight: 1,
        arbitrary: fc.oneof(
          fc.record({ type: fc.constant('restart' as const), down: fc.nat({ max: 600 }), layouts: layout }),
          fc.record({ type: fc.constant('reload' as const), layouts: layout }),
          fc.record({ type: fc.constant('step' as const), by: fc.integer({ min: -3600, max: 3600 }) }),
        ),
      },
      {
        weight: 1,
        arbitrary: fc.record({
          type: fc.constant('command' as const),
          target: fc.nat({ max: 9 }),
          action: fc.nat({ max: 3 }),
        }),
      },
    ),
    fc.oneof(fc.integer({ min: 0, max: 5 }), fc.integer({ min: 0, max: 60 }), fc.integer({ min: 0, max: 300 })),
  )
  .map(([what, wait]) => ({ ...what, wait: wait * second }));

/** A gateway's detection with the equipment that it has now, by a clock of its own. */
class Site {
  equipment: readonly DetectionEquipment[];
  detection: Detection;
  now = start;
  #commands = 0;
  /** When an alarm last returned to normal, by its id. */
  readonly returned = new Map<string, number>();

  constructor(layouts: readonly Layout[]) {
    this.equipment = layouts.map(equipmentOf);
    this.detection = createDetection({ ...ids, equipment: this.equipment });
  }

  take(each: Step & { readonly wait: number }): void {
    this.now += each.wait;
    this.note(this.detection.tick(this.now));
    if (each.type === 'speak') this.note(this.speak(each.machine, each.values));
    if (each.type === 'command') this.note(this.#command(each.target, each.action));
    if (each.type === 'step') this.#step(each.by * second);
    if (each.type === 'restart' || each.type === 'reload') this.#change(each);
    if (each.type !== 'speak') this.note(this.detection.tick(this.now));
  }

  #step(by: number): void {
    this.detection.clockStepped(by);
    this.now += by;
    for (const [id, at] of this.returned) this.returned.set(id, at + by);
  }

  #change(each: Extract<Step, { layouts: unknown }>): void {
    this.equipment = each.layouts.map(equipmentOf);
    if (each.type === 'reload') {
      this.note(this.detection.reconfigure(this.equipment, this.now));
      return;
    }
    this.now += each.down * second;
    const initial = JSON.parse(JSON.stringify(this.detection.state()));
    this.detection = createDetection({ ...ids, equipment: this.equipment, startedAt: this.now, initial });
  }

  speak(machine: number, values: readonly (number | null)[]): DetectionResult {
    const each = this.equipment[machine % this.equipment.length];
    const samples = each?.points.map(({ point }, n) => sample(each.id, point, this.now, values[n] ?? null)) ?? [];
    return this.detection.ingest(samples);
  }

  #command(target: number, action: number): DetectionResult {
    const open = this.detection.open();
    const alarm = open[target % Math.max(1, open.length)]?.id ?? 'none';
    const command = { id: `c-${++this.#commands}`, alarm, action: actions[action] ?? 'reset', actor: 'a', comment: '' };
    return this.detection.command({ ...command, time: this.now });
  }

  note(result: DetectionResult): DetectionResult {
    for (const { alarm, input, time } of result.journal) if (input === 'clear') this.returned.set(alarm, time);
    return result;
  }

  /** Why an active alarm is hidden for no good reason; undefined when it is for a good one. */
  unexplained(alarm: Alarm): string | undefined {
    const open = new Map(this.detection.open().map((each) => [each.id, each]));
    const seen = new Set<string>();
    for (let under: Alarm = alarm; under.facts.suppressed; ) {
      if (seen.has(under.id)) return 'a circle';
      seen.add(under.id);
      if (this.#isEnding(under)) return undefined;
      const by = under.suppression?.alarm ?? null;
      if (by === null) {
        const work = this.equipment.find(({ id }) => id === under.equipment)?.maintenance ?? [];
        return work.some(({ from, to }) => from <= this.now && this.now < to) ? undefined : 'no work';
      }
      if (this.now < (this.returned.get(by) ?? 0) + grace) return undefined;
      const next = open.get(by);
      if (!next) return 'under an alarm that is over';
      const isOff = this.detection.state().instances[alarmIdentity(next)]?.off;
      if (next.facts.outOfService || !(next.facts.active || isOff))
        return `under ${next.fault}, which stands for nothing`;
      under = next;
    }
    return undefined;
  }

  /** A return that is on its way is waited for. */
  #isEnding(alarm: Alarm): boolean {
    const state = this.detection.state().instances[alarmIdentity(alarm)];
    return state?.pending === 'clear' && state.unknownSince === undefined;
  }

  expectExplained(): void {
    for (const alarm of this.detection.open()) {
      if (!alarm.facts.suppressed || !alarm.facts.active) continue;
      expect([alarm.equipment, alarm.fault, alarm.suppression?.reason, this.unexplained(alarm)].join(': ')).toMatch(
        /: $/,
      );
    }
  }
}

it('hides an alarm only under one that is seen, active and in service, or under planned work', () => {
  fc.assert(
    fc.property(layout, fc.array(step, { minLength: 1, maxLength: 80 }), (layouts, steps) => {
      const site = new Site(layouts);
      for (const each of steps) {
        site.take(each);
        site.expectExplained();
      }
    }),
    { numRuns: 300 },
  );
});

it('shows one silence of a connection that dies, and asks for one job, whatever hangs on what and whoever fell silent first', () => {
  fc.assert(
    fc.property(layout, fc.nat({ max: 60 }), fc.integer({ min: 1, max: 7 }), (layouts, cut, pause) => {
      const site = new Site(layouts.map((each) => ({ ...each, bus: 0, work: 9 })));
      const orders = [];
      const values = [230, 230, 230, 0];
      for (let tenth = 0; tenth < 9000; tenth++) {
        site.now = start + tenth * 100;
        if (tenth <= 600 + cut && tenth % 10 < site.equipment.length)
          orders.push(
            ...site.speak(tenth % 10, site.equipment[tenth % 10]?.kind === 'energy-meter' ? values : [0, 0]).orders,
          );
        if (tenth % (pause * 10) === 0) orders.push(...site.detection.tick(site.now).orders);
      }
      const silences = site.detection.open().filter(({ fault }) => fault.endsWith('.silent'));
      expect(silences.length).toBe(site.equipment.length);
      expect(silences.filter(({ facts }) => !facts.suppressed).length).toBe(1);
      expect(orders.length).toBe(1);
      site.expectExplained();
    }),
    { numRuns: 60 },
  );
});
