import { join } from 'node:path';
import { ManualClock, systemClock } from '@plantroom/base';
import { normalFacts } from '@plantroom/model';
import { type RunningPostgres, startPostgres, temporaryDirectory, withoutServices } from '@plantroom/testing';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { alarmOf, batchAt, commandOf, endOf, modelWith, requestOf } from './conformance-kit.ts';
import type { EventsBatch, Records } from './contract.ts';
import { openPostgresRecords } from './postgres-records.ts';
import { openSqliteRecords } from './sqlite-records.ts';

/** A few occurrences of a few faults, as a gateway would tell of them, an event a frame. */
function historyOf(occurrences: readonly { pump: number; acknowledged: boolean; ends: boolean }[]): EventsBatch[] {
  const frames: Partial<EventsBatch>[] = [{ models: [modelWith('revision-a', 2)] }];
  const last = new Map(occurrences.map((o, n) => [o.pump, n]));
  occurrences.forEach(({ pump, acknowledged, ends }, n) => {
    const identity = { equipment: `pump-${pump}` };
    const alarm = alarmOf(`a${n}`, 100 * n, identity);
    frames.push({ alarms: [alarm] }, { orders: [requestOf(`o${n}`, alarm.id, alarm.raisedAt, identity)] });
    if (acknowledged) {
      const facts = { ...normalFacts, active: true };
      frames.push({ alarms: [{ ...alarm, facts, version: 2, command: `c${n}` }] });
    }
    // A fault can only return when its last occurrence is over.
    if (ends || last.get(pump) !== n) frames.push({ alarms: [endOf(alarm, 100 * n + 50, 3)] });
    const interval = {
      equipment: 'meter-1',
      start: (n % 3) * 900,
      kWh: n,
      status: 'measured' as const,
      revision: n + 1,
    };
    frames.push({ intervals: [interval] });
  });
  return frames.map((frame, n) => batchAt(n + 1, frame));
}

/** All that must not depend on the order of arrival: not which request gave an order its number. */
async function stateOf(records: Records) {
  const { items: orders } = await records.orders({ limit: 1000 });
  const { items: alarms } = await records.alarms({ limit: 1000 });
  const { items: open } = await records.alarms({ limit: 1000, open: true });
  return {
    alarms: alarms.map(({ order, ...alarm }) => alarm),
    open: open.map((a) => a.id),
    orders: orders
      .map((o) => ({
        ...{ equipment: o.equipment, occurrences: o.occurrences, raisedAt: o.raisedAt, steps: o.steps.length },
        history: o.history.map((h) => (h.action === 'raise' ? 'merge' : h.action)).sort(),
      }))
      .sort((a, b) => a.equipment.localeCompare(b.equipment)),
    intervals: await records.intervals('harbour', ['meter-1'], 0, 1e9),
    models: await records.models(),
    pending: await records.pendingCommands('harbour', 'gw-1'),
  };
}

async function replay(frames: readonly EventsBatch[], commands: number) {
  using directory = temporaryDirectory();
  const records = await openSqliteRecords(join(directory.path, 'records.sqlite'), new ManualClock(1));
  for (let n = 0; n < commands; n++) await records.saveCommand('harbour', 'gw-1', commandOf(`c${n}`, n, `a${n}`));
  for (const frame of frames) await records.commitEvents(frame);
  const state = await stateOf(records);
  await records.close();
  return state;
}

let server: RunningPostgres;
beforeAll(async () => {
  if (!withoutServices) server = await startPostgres();
});
afterAll(() => server?.stop());

/** The same by workers that each take the next frame as soon as they have stored their last one. */
async function replayTogether(frames: readonly EventsBatch[], commands: number) {
  const options = { url: server.url(await server.createDatabase()), password: server.password, connections: 1 };
  const clock = { ...systemClock, now: () => 1 };
  const workers = await Promise.all([1, 2, 3, 4].map(() => openPostgresRecords(options, clock)));
  const [one] = workers;
  if (!one) throw new Error('there is no worker');
  for (let n = 0; n < commands; n++) await one.saveCommand('harbour', 'gw-1', commandOf(`c${n}`, n, `a${n}`));
  const waiting = [...frames];
  const work = async (records: Records) => {
    for (let next = waiting.shift(); next; next = waiting.shift()) await records.commitEvents(next);
  };
  await Promise.all(workers.map(work));
  const state = await stateOf(one);
  await Promise.all(workers.map((records) => records.close()));
  return state;
}

const occurrence = fc.record({ pump: fc.integer({ min: 1, max: 2 }), acknowledged: fc.boolean(), ends: fc.boolean() });

/** A history as it is told, and as it arrives: in any order, some of it more than once. */
const scenario = fc.array(occurrence, { minLength: 1, maxLength: 5 }).chain((occurrences) => {
  const frames = historyOf(occurrences);
  const more = fc.array(fc.nat(frames.length - 1), { maxLength: 8 });
  return more.chain((again) =>
    fc.record({
      frames: fc.constant(frames),
      arrived: fc
        .shuffledSubarray([...frames.keys(), ...again], { minLength: frames.length + again.length })
        .map((order) => order.flatMap((n) => frames[n] ?? [])),
      commands: fc.constant(occurrences.length),
    }),
  );
});

it('comes to the same state from any order and any repetition of a history', () =>
  fc.assert(
    fc.asyncProperty(scenario, async ({ frames, arrived, commands }) => {
      expect(await replay(arrived, commands)).toEqual(await replay(frames, commands));
    }),
    { numRuns: 40 },
  ));

it.skipIf(withoutServices)('comes to that state in PostgreSQL, with four workers at once', () =>
  fc.assert(
    fc.asyncProperty(scenario, async ({ frames, arrived, commands }) => {
      expect(await replayTogether(arrived, commands)).toEqual(await replay(frames, commands));
    }),
    { numRuns: 15 },
  ),
);
