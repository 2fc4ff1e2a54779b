import assert from 'node:assert/strict';
import { normalFacts } from '@plantroom/model';
import { alarmOf, batchAt, type RecordsCase, type RecordsUnderTest, requestOf } from './conformance-kit.ts';

async function keepsClockCorrections(under: RecordsUnderTest): Promise<void> {
  const correction = (id: string, from: number, by: number) => ({
    ...{ id, bootId: 'boot-1', monotonic: 5000, from, to: from + 10, by },
    source: 'cloud' as const,
  });
  const [first, second] = [correction('c1', 9e12, -8e12), correction('c2', 2e12, 500)];
  const records = under.records();
  for (const sequence of [1, 2]) await records.commitEvents(batchAt(sequence, { corrections: [first, second] }));
  assert.deepEqual((await records.gateways())[0]?.corrections, [second, first]);
}

async function movesWhatIsOver(under: RecordsUnderTest): Promise<void> {
  const records = under.records();
  const future = 9e12;
  const over = {
    facts: normalFacts,
    endedAt: future + 5,
    clearedAt: future + 5,
    version: 2,
    ending: 'returned',
  } as const;
  const alarms = [
    alarmOf('a1', future, { ...over, evidence: [{ point: 'flow', value: 0, time: future }] }),
    alarmOf('a2', 500, { ...over, endedAt: 600, clearedAt: 600, subject: 'other' }),
  ];
  await records.commitEvents(batchAt(1, { alarms, orders: [requestOf('o1', 'a1', future)] }));
  // An alarm of the future stands before none of the present.
  await records.commitEvents(batchAt(2, { alarms: [alarmOf('a3', 900)] }));
  assert.deepEqual(
    (await records.alarms({ limit: 9, open: true })).items.map((a) => a.id),
    ['a3'],
  );
  const correction = { id: 'c1', bootId: 'boot-1', monotonic: 5000, from: future, to: future + 10, by: 700 - future };
  for (const sequence of [3, 4]) {
    const corrections = [{ ...correction, source: 'cloud' as const }];
    const { alarms: changed, orders } = await records.commitEvents(batchAt(sequence, { corrections }));
    assert.deepEqual([changed, orders], sequence === 3 ? [['a1'], ['o1']] : [[], []]);
  }
  const { items } = await records.alarms({ limit: 9 });
  assert.deepEqual(
    items.map(({ id, raisedAt, clearedAt, endedAt }) => [id, raisedAt, clearedAt, endedAt]),
    [
      ['a3', 900, null, null],
      ['a1', 700, 705, 705],
      ['a2', 500, 600, 600],
    ],
  );
  assert.deepEqual(items[1]?.evidence, [{ point: 'flow', value: 0, time: 700 }]);
  assert.equal((await records.order('o1'))?.raisedAt, 700);
}

/** What every store must do with corrections of gateways' clocks. */
export const clockCases: readonly RecordsCase[] = [
  { name: 'keeps corrections of a clock once, by their right time', run: keepsClockCorrections },
  {
    name: 'gives what is over its right time, and lets no alarm of the future stand before others',
    run: movesWhatIsOver,
  },
];
