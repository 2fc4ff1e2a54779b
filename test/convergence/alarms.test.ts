import { join } from 'node:path';
import { ManualClock } from '@plantroom/base';
import { createDetection, type Detection, type DetectionResult, type DetectionState } from '@plantroom/detection';
import { type Alarm, alarmIdentity, type Sample } from '@plantroom/model';
import type { AlarmCommand } from '@plantroom/model/wire';
import { temporaryDirectory } from '@plantroom/testing';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { EventsBatch, Records } from '../../packages/cloud/src/records/contract.ts';
import { openSqliteRecords } from '../../packages/cloud/src/records/sqlite-records.ts';

const start = Date.UTC(2026, 0, 5);
const from = { site: 'harbour', gateway: 'gw-1' };
const names = ['running', 'flow', 'power', 'tripped', 'vibration'] as const;
const cadence = { period: 1000, maximumSilence: 600_000 };
const equipment = [0, 1].map((n) => ({
  ...({ id: `pump-${n}`, kind: 'pump', ratings: { ratedPower: 75, ratedFlow: 144 }, connection: 'bus' } as const),
  points: names.map((point) => ({ point, cadence })),
}));
const actions = ['acknowledge', 'shelve', 'unshelve', 'remove-from-service', 'return-to-service'] as const;

/** Detection with a log, as the gateway has them: what it decided and its state are kept in one step, or not at all. */
class GatewaySide {
  #detection: Detection;
  #saved: DetectionState | undefined;
  #epoch = 0;
  #sequence = 0;
  /** What the cloud has not acknowledged. */
  readonly log: EventsBatch[] = [];
  readonly told: Alarm[] = [];
  readonly requests: string[] = [];

  constructor() {
    this.#detection = this.#start(start);
  }

  #start(startedAt: number): Detection {
    this.#epoch++;
    this.#sequence = 0;
    return createDetection({
      ...{ site: from.site, equipment, startedAt },
      newAlarmId: (identity, raisedAt) => `a-${identity}-${raisedAt - start}`,
      newOrderId: (alarm, again) => `o${again ?? ''}-${alarm}`.slice(0, 64),
      ...(this.#saved && { initial: this.#saved }),
    });
  }

  /** `isKept`: the process lives long enough to commit. */
  step(work: (detection: Detection) => DetectionResult, isKept = true): void {
    const { alarms, journal, orders, outcomes } = work(this.#detection);
    if (!isKept) return;
    this.#saved = JSON.parse(JSON.stringify(this.#detection.state()));
    if (alarms.length + orders.length + outcomes.length === 0) return;
    this.told.push(...alarms);
    this.requests.push(...orders.map(({ id }) => id));
    const transitions = alarms.flatMap(({ id, version }, n) => {
      const transition = journal[n];
      return transition ? [{ alarm: id, version, transition }] : [];
    });
    const entry = {
      ...from,
      epoch: `epoch-${1000 + this.#epoch}`,
      lane: 'events',
      sequence: ++this.#sequence,
    } as const;
    const nothing = { models: [], intervals: [], deviceEvents: [], gaps: [], corrections: [] };
    const batch: EventsBatch = { entry, receivedAt: start, ...nothing, alarms, transitions, orders, outcomes };
    // What crosses the wire has no undefined in it.
    this.log.push(JSON.parse(JSON.stringify(batch)) as EventsBatch);
  }

  crash(now: number): void {
    this.#detection = this.#start(now);
    this.step((d) => d.tick(now));
  }

  open(): readonly Alarm[] {
    return this.#detection.open();
  }
}

type Step =
  | { readonly type: 'sample'; readonly pump: number; readonly point: number; readonly value: number | null }
  | { readonly type: 'tick' | 'crash' | 'crash-before-commit' | 'reopen-cloud' }
  | { readonly type: 'click'; readonly target: number; readonly action: number }
  | { readonly type: 'frame'; readonly which: number; readonly isAcknowledged: boolean }
  | { readonly type: 'command'; readonly which: number };

const step: fc.Arbitrary<Step & { readonly wait: number }> = fc
  .tuple(
    fc.oneof(
      {
        weight: 8,
        arbitrary: fc.record({
          ...{ type: fc.constant('sample' as const), pump: fc.nat({ max: 1 }) },
          // Mostly the trip contact, so that alarms come, go and come again.
          point: fc.constantFrom(3, 3, 3, 4, 1, 2, 0),
          value: fc.constantFrom(0, 1, 0, 1, 90, null),
        }),
      },
      {
        weight: 4,
        arbitrary: fc.record({
          type: fc.constantFrom('tick', 'tick', 'crash', 'crash-before-commit', 'reopen-cloud'),
        }),
      },
      {
        weight: 4,
        arbitrary: fc.record({
          type: fc.constant('click' as const),
          target: fc.nat({ max: 5 }),
          action: fc.nat({ max: 4 }),
        }),
      },
      {
        weight: 6,
        arbitrary: fc.record({
          type: fc.constant('frame' as const),
          which: fc.nat({ max: 30 }),
          isAcknowledged: fc.boolean(),
        }),
      },
      { weight: 4, arbitrary: fc.record({ type: fc.constant('command' as const), which: fc.nat({ max: 5 }) }) },
    ),
    fc.oneof(fc.integer({ min: 0, max: 4000 }), fc.integer({ min: 4000, max: 60_000 })),
  )
  .map(([each, wait]) => ({ ...each, wait }));

/** Both pumps run and deliver water. */
const running = [0, 1].flatMap((pump) =>
  [1, 140, 70, 0, 1].map((value, point) => ({ type: 'sample', pump, point, value, wait: 0 }) as const),
);

/** Frames and commands get lost, come twice and in any order; both sides die at any moment. */
class World {
  readonly gateway = new GatewaySide();
  #now = start;
  #clicks = 0;
  readonly #open: () => Promise<Records>;
  records: Records;

  constructor(records: Records, open: () => Promise<Records>) {
    this.records = records;
    this.#open = open;
  }

  async take(each: Step & { readonly wait: number }): Promise<void> {
    this.#now += each.wait;
    const now = this.#now;
    if (each.type === 'sample') this.gateway.step((d) => d.ingest([sampleAt(each, now)]));
    else if (each.type === 'tick') this.gateway.step((d) => d.tick(now));
    else if (each.type === 'crash') this.gateway.crash(now);
    else if (each.type === 'crash-before-commit') {
      this.gateway.step((d) => d.tick(now), false);
      this.gateway.crash(now);
    } else if (each.type === 'reopen-cloud') {
      await this.records.close();
      this.records = await this.#open();
    } else if (each.type === 'click') await this.#click(each.target, actions[each.action] ?? 'acknowledge');
    else if (each.type === 'frame') await this.#frame(each.which, each.isAcknowledged);
    else if (each.type === 'command') await this.#command(each.which);
  }

  async #click(target: number, action: AlarmCommand['action']): Promise<void> {
    const { items } = await this.records.alarms({ limit: 100, open: true });
    const alarm = items[target % Math.max(1, items.length)];
    if (!alarm) return;
    const id = `c-${++this.#clicks}`;
    const command = { id, alarm: alarm.id, action, actor: 'ada', time: this.#now, comment: 'seen' };
    await this.records.saveCommand(from.site, from.gateway, command);
  }

  async #frame(which: number, isAcknowledged: boolean): Promise<void> {
    const { log } = this.gateway;
    const at = which % Math.max(1, log.length);
    const frame = log[at];
    if (!frame) return;
    // It arrives now: alarms of a clock that is ahead of the arrival stand back.
    await this.records.commitEvents({ ...frame, receivedAt: this.#now });
    if (isAcknowledged) log.splice(at, 1);
  }

  async #command(which: number): Promise<void> {
    const pending = await this.records.pendingCommands(from.site, from.gateway);
    const command = pending[which % Math.max(1, pending.length)];
    if (command) this.gateway.step((d) => d.command(command));
  }

  /** The line is up again: everything that waits comes through. */
  async settle(): Promise<void> {
    for (let round = 0; round < 5; round++) {
      for (const command of await this.records.pendingCommands(from.site, from.gateway))
        this.gateway.step((d) => d.command(command));
      while (this.gateway.log.length > 0) await this.#frame(0, true);
    }
  }
}

function sampleAt(step: { pump: number; point: number; value: number | null }, now: number): Sample {
  const quality =
    step.value === null ? ({ quality: 'bad', reason: 'no-answer' } as const) : ({ quality: 'good' } as const);
  const point = names[step.point] ?? 'running';
  return { equipment: `pump-${step.pump}`, point, time: now, gatewayTime: now, value: step.value, ...quality };
}

it('both sides agree after any losses, repetitions, disorder and crashes', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 60, maxLength: 120, size: 'max' }), async (steps) => {
      using folder = temporaryDirectory('plantroom-convergence');
      const open = () => openSqliteRecords(join(folder.path, 'records.sqlite'), new ManualClock(start));
      const world = new World(await open(), open);
      for (const each of running) await world.take(each);
      for (const each of steps) await world.take(each);
      await world.settle();
      const { records, gateway } = world;
      const open_ = (await records.alarms({ limit: 1000, open: true })).items;
      const facts = (alarms: readonly Alarm[]) =>
        alarms.map(({ id, version, facts }) => ({ id, version, facts })).sort((a, b) => a.id.localeCompare(b.id));
      expect(facts(open_)).toEqual(facts(gateway.open()));
      expect(new Set(open_.map(alarmIdentity)).size).toBe(open_.length);
      expect(open_.filter((alarm) => alarm.pending !== null)).toEqual([]);
      expect(await records.pendingCommands(from.site, from.gateway)).toEqual([]);
      // Every version that was ever committed is in the journal, once.
      for (const id of new Set(gateway.told.map((alarm) => alarm.id))) {
        const versions = gateway.told.filter((alarm) => alarm.id === id).map((alarm) => alarm.version);
        expect((await records.journal(id)).map((entry) => entry.version)).toEqual(versions);
      }
      // Every request is one occurrence of one order, and a fault has one open order.
      const orders = (await records.orders({ limit: 1000 })).items;
      expect(new Set(gateway.requests).size).toBe(gateway.requests.length);
      expect(orders.reduce((sum, { occurrences }) => sum + occurrences, 0)).toBe(gateway.requests.length);
      await records.close();
    }),
    { numRuns: 25 },
  );
}, 120_000);
