import assert from 'node:assert/strict';
import type { AlarmTransition } from '@plantroom/model';
import {
  alarmOf,
  batchAt,
  commandOf,
  endOf,
  entryAt,
  origin,
  type RecordsCase,
  type RecordsUnderTest,
  requestOf,
} from './conformance-kit.ts';

async function keepsTheNewestVersion(under: RecordsUnderTest): Promise<void> {
  const first = alarmOf('a1', 10);
  const records = under.records();
  const newer = { ...first, version: 3, detail: { en: 'newer', zh: '新' } };
  assert.deepEqual((await records.commitEvents(batchAt(2, { alarms: [newer] }))).alarms, ['a1']);
  assert.deepEqual((await records.commitEvents(batchAt(1, { alarms: [first] }))).alarms, []);
  assert.deepEqual((await records.commitEvents(batchAt(2, { alarms: [endOf(newer, 20)] }))).alarms, []);
  assert.deepEqual(await records.alarm('a1'), { ...newer, ...origin, order: null, pending: null });
}

async function keepsTheJournal(under: RecordsUnderTest): Promise<void> {
  const records = under.records();
  const alarm = alarmOf('a1', 10);
  const transition = {
    time: 10,
    input: 'raise',
    from: 'normal',
    to: 'unacknowledged',
    actor: null,
    comment: '',
  } as const;
  const reasons = [{ stage: 'delay', reason: 'on-delay-over' }];
  const of = (version: number, more: Partial<AlarmTransition> = {}) => ({
    ...{ alarm: 'a1', version },
    transition: { ...transition, reasons, ...more },
  });
  const later = of(2, { time: 20, input: 'acknowledge', actor: 'ada', comment: 'seen' });
  await records.commitEvents(batchAt(2, { alarms: [{ ...alarm, version: 2 }], transitions: [later] }));
  await records.commitEvents(batchAt(1, { alarms: [alarm], transitions: [of(1)] }));
  await records.commitEvents(batchAt(3, { alarms: [alarm], transitions: [of(1, { comment: 'told twice' })] }));
  await under.reopen();
  const expected = [of(1), later].map((t) => ({ ...t.transition, version: t.version }));
  assert.deepEqual(await under.records().journal('a1'), expected);
  assert.deepEqual(await under.records().journal('a2'), []);
  const turns = async (from: number, to: number, limit = 9) =>
    (await under.records().turns('harbour', { from, to }, limit)).map((t) => [t.time, t.input, t.fault, t.priority]);
  const raised = [10, 'raise', 'pump.dry-run', 2];
  assert.deepEqual(await turns(0, 21), [raised, [20, 'acknowledge', 'pump.dry-run', 2]]);
  assert.deepEqual(await turns(15, 20), [raised]);
  assert.deepEqual(await turns(0, 21, 1), [[20, 'acknowledge', 'pump.dry-run', 2]]);
  await under.records().commitEvents(batchAt(4, { alarms: [endOf(alarm, 30, 3)] }));
  assert.deepEqual(await turns(15, 20), [raised]);
  assert.deepEqual(await turns(31, 40), []);
  assert.deepEqual(await under.records().turns('other', { from: 0, to: 99 }, 9), []);
}

async function keepsOneAlarmOpen(under: RecordsUnderTest): Promise<void> {
  const records = under.records();
  const [early, late] = [alarmOf('a1', 10), alarmOf('a2', 30)];
  await records.commitEvents(batchAt(1, { alarms: [early] }));
  await records.commitEvents(batchAt(3, { alarms: [late, alarmOf('a3', 30, { subject: 'zone-2' })] }));
  const open = async () => (await records.alarms({ limit: 9, open: true })).items.map((a) => a.id).sort();
  assert.deepEqual(await open(), ['a2', 'a3']);
  await records.commitEvents(batchAt(2, { alarms: [endOf(early, 20)] }));
  assert.deepEqual(await open(), ['a2', 'a3']);
  await records.commitEvents(batchAt(4, { alarms: [endOf(late, 40)] }));
  assert.deepEqual(await open(), ['a3']);
}

async function waitsForEchoes(under: RecordsUnderTest): Promise<void> {
  const records = under.records();
  const alarm = alarmOf('a1', 10, { version: 4 });
  await records.commitEvents(batchAt(1, { alarms: [alarm] }));
  for (const [id, time] of [
    ['c2', 30],
    ['c1', 20],
    ['c3', 40],
  ] as const)
    await records.saveCommand('harbour', 'gw-1', commandOf(id, time));
  await records.saveCommand('harbour', 'gw-1', commandOf('c1', 20));
  const pending = async () => (await under.records().pendingCommands('harbour', 'gw-1')).map((c) => c.id);
  assert.deepEqual(await pending(), ['c1', 'c2', 'c3']);
  assert.deepEqual((await records.alarm('a1'))?.pending, { command: 'c3', action: 'acknowledge', since: 40 });
  // An old version is no news of the alarm, yet it answers its command.
  const old = await records.commitEvents(batchAt(2, { alarms: [{ ...alarm, version: 2, command: 'c1' }] }));
  assert.deepEqual(old.alarms, ['a1']);
  await records.commitEvents(batchAt(3, { alarms: [{ ...alarm, version: 5, command: 'c3' }] }));
  const outcomes = [{ command: 'c2', applied: false, reason: 'the alarm is over' }];
  const foreign = { ...batchAt(1, { outcomes }), entry: entryAt(1, { gateway: 'gw-2' }) };
  await records.commitEvents(foreign);
  assert.deepEqual(await pending(), ['c2']);
  assert.deepEqual((await records.commitEvents(batchAt(4, { outcomes }))).alarms, ['a1']);
  await under.reopen();
  assert.deepEqual(await pending(), []);
  assert.equal((await under.records().alarm('a1'))?.pending, null);
}

async function endsWhatItsGatewayForgot(under: RecordsUnderTest): Promise<void> {
  const alarm = alarmOf('a1', 10, { version: 3 });
  await under.records().commitEvents(batchAt(1, { alarms: [alarm], orders: [requestOf('o1', 'a1', 10)] }));
  await under.records().saveCommand('harbour', 'gw-1', commandOf('c1', 20));
  const outcomes = [{ command: 'c1', applied: false, reason: 'not known', isUnknown: true }];
  const { alarms, orders } = await under.records().commitEvents(batchAt(2, { outcomes }));
  assert.deepEqual([alarms, orders.length], [['a1'], 1]);
  await under.reopen();
  const over = await under.records().alarm('a1');
  assert.deepEqual([over?.facts.active, over?.endedAt, over?.ending, over?.version], [false, 1002, 'withdrawn', 3]);
  const open = async () => (await under.records().alarms({ limit: 9, open: true })).items.map((a) => a.version);
  assert.deepEqual(await open(), []);
  // A version that was on its way all the time has the last word.
  await under.records().commitEvents(batchAt(3, { alarms: [{ ...alarm, version: 4 }] }));
  assert.deepEqual(await open(), [4]);
}

/** What every store of records must do with alarms. */
export const alarmCases: readonly RecordsCase[] = [
  { name: 'keeps the newest version of an alarm', run: keepsTheNewestVersion },
  { name: 'keeps how an alarm came to be, once and in order', run: keepsTheJournal },
  { name: 'keeps one alarm of an identity open', run: keepsOneAlarmOpen },
  { name: 'waits for the echo of a command', run: waitsForEchoes },
  { name: 'ends an alarm that its gateway has forgotten', run: endsWhatItsGatewayForgot },
];
