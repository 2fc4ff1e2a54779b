import { expect, test } from 'vitest';
import { alarmOf } from '../records/conformance-kit.ts';
import { viewAlarm, viewFaults, viewGateway } from './views.ts';

const row = { site: 'harbour', gateway: 'gw-1', heardAt: 1000, samples: 10, lag: 5, conflict: null, corrections: [] };
const status = {
  ...{ online: true, time: 1000, epoch: 'epoch-0001', revision: 'revision-1', version: '0.1.0', quarantined: 0 },
  ...{ backlog: { entries: 0, bytes: 0, oldest: 0 }, connections: [] },
};
const books = { produced: 100, stored: 60, buffered: 10, quarantined: 0, thinned: 20, dropped: 7, corrupt: 3 };

test('what shortage of space has cost a gateway is told, and when its log is full', () => {
  const told = { ...status, books: { events: books, telemetry: books }, fullIn: 5000, logTrouble: 'disk full' };
  expect(viewGateway({ ...row, status: told }, 1000).log).toEqual({
    ...{ thinned: 20, lost: 10, fullIn: 5000, trouble: 'disk full' },
  });
  expect(viewGateway({ ...row, status }, 1000).log).toBeNull();
});

test('each fault of a kind says what it lacks on a machine, but not one of a catalogue that does not tell', () => {
  const text = { en: 'a', zh: '甲' };
  const texts = { title: text, cause: text, consequence: text, steps: [text] };
  const rest = { kind: 'pump', priority: 2 as const, trade: 'mechanical' as const, raisesOrder: true, ...texts };
  const equipment = {
    ...{ id: 'pump-1', kind: 'pump' as const, name: text, place: text, profile: 'p', connection: 'c' },
    ratings: { ratedFlow: 10 },
  };
  const entry = { gateway: 'gw-1', equipment, points: ['running', 'call[3].state'] };
  const needs = (points: string[], oneOf: string[] = [], ratings: string[] = []) => ({ points, oneOf, ratings });
  const seen = viewFaults(entry, [
    { fault: 'pump.a', ...rest, needs: needs(['running', 'call[].state'], [], ['ratedFlow']), respondWithin: 5 },
    { fault: 'pump.b', ...rest, needs: needs(['flow'], ['power', 'head'], ['ratedPower']) },
    { fault: 'pump.c', ...rest, needs: needs([]), reserved: true },
    { fault: 'pump.old', ...rest },
    { fault: 'elevator.a', ...rest, kind: 'elevator', needs: needs([]) },
  ]);
  expect(seen).toEqual([
    { fault: 'pump.a', title: text, priority: 2, respondWithin: 5, lack: null, reserved: false },
    {
      ...{ fault: 'pump.b', title: text, priority: 2, reserved: false },
      lack: { points: ['flow', 'power / head'], ratings: ['ratedPower'] },
    },
    { fault: 'pump.c', title: text, priority: 2, lack: null, reserved: true },
  ]);
});

test('an alarm of a fault that the model no longer has is called by its own words', () => {
  const detail = { en: 'Flow below 2 l/s', zh: '流量低于 2 l/s' };
  const alarm = { ...alarmOf('a1', 1000, { fault: 'rule.low-flow', detail }), site: 'harbour', gateway: 'gw-1' };
  const gone = viewAlarm({ ...alarm, order: null, pending: null }, undefined);
  expect(gone.title).toEqual(detail);
  expect(gone.cause.en).toMatch(/no longer watches/);
});
