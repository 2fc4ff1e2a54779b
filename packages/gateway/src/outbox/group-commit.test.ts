import { ManualClock } from '@plantroom/base';
import { beforeEach, expect, test } from 'vitest';
import { aSample, telemetry } from '../../test/model.ts';
import { GroupCommit } from './group-commit.ts';
import type { LostSamples } from './held-writes.ts';
import type { OutboxCall, Reply } from './protocol.ts';

const samples = 100;
let clock: ManualClock;
let replies: Reply[];
let performed: OutboxCall['operation'][];
let lost: LostSamples[];
/** SQLite's code of what each commit meets with. */
let trouble: number | undefined;
/** Writes that one transaction has room for. */
let room: number;
let begun: number;
/** ms that a commit takes. */
let takes: number;
let transactions: number;
let commits: GroupCommit;

beforeEach(() => {
  clock = new ManualClock();
  [replies, performed, lost, trouble, room, begun] = [[], [], [], undefined, 100, 0];
  [takes, transactions] = [0, 0];
  commits = new GroupCommit({
    clock,
    wait: 250,
    // Two frames and a half.
    mostHeld: 2.5 * samples * 48,
    reply: (reply) => void replies.push(reply),
    committed: () => {},
    target: {
      together: (run) => {
        if (trouble !== undefined)
          throw Object.assign(new Error('attempt to write a readonly database'), { errcode: trouble });
        begun = performed.length;
        transactions++;
        clock.stand(takes);
        return run();
      },
      perform: (call) => {
        if (performed.length - begun >= room)
          throw Object.assign(new Error('database or disk is full'), { errcode: 13 });
        performed.push(call.operation);
      },
      performAlone: () => {
        if (trouble !== undefined) throw Object.assign(new Error('disk I/O error'), { errcode: trouble });
      },
      lose: (what) => void lost.push(what),
    },
  });
});

const append = (id: number, state: Record<string, unknown> = {}) =>
  commits.accept({
    id,
    urgent: true,
    call: {
      operation: 'append',
      args: [[telemetry(...Array.from({ length: samples }, (_, i) => aSample(0, id * 1000 + i)))], state],
    },
  });
const done = () => replies.flatMap((r) => (r.type === 'done' ? [r.id] : []));
const readOnly = 8;

test('a read-only disk is said once, tried again every two seconds, and loses nothing that fits into memory', async () => {
  trouble = readOnly;
  append(1);
  append(2);
  await clock.advance(10_000);
  expect(replies).toEqual([{ type: 'trouble', reason: 'attempt to write a readonly database' }]);
  trouble = undefined;
  await clock.advance(2000);
  expect(done()).toEqual([1, 2]);
  expect(replies.at(-1)).toEqual({ type: 'trouble', reason: null });
  expect(lost).toEqual([]);
});

test('beyond its bound the oldest telemetry goes and is booked when the disk is back; what has a state stays', async () => {
  trouble = readOnly;
  append(1, { alarms: 1 });
  for (let id = 2; id <= 6; id++) append(id);
  expect(done()).toEqual([2, 3, 4, 5]);
  trouble = undefined;
  await clock.advance(2000);
  expect(done()).toEqual([2, 3, 4, 5, 1, 6]);
  expect(lost).toEqual([{ samples: 4 * samples, times: [2000, 5099] }]);
});

test('what cannot wait fails alone, and the thread lives', () => {
  trouble = readOnly;
  commits.accept({ id: 7, urgent: true, call: { operation: 'replayQuarantine', args: ['all'] } });
  expect(replies).toMatchObject([{ type: 'failed', id: 7 }]);
});

test('anything but a disk that takes no writes ends the thread', () => {
  trouble = 1;
  expect(() => append(1)).toThrow();
});

test('a little room takes answers first, then one write after the other', async () => {
  trouble = readOnly;
  append(1);
  append(2);
  commits.accept({ id: 3, urgent: false, call: { operation: 'acknowledge', args: ['epoch', 'telemetry', [[1, 1]]] } });
  [trouble, room, performed] = [undefined, 1, []];
  await clock.advance(2000);
  expect(done()).toEqual([3, 1, 2]);
  await clock.advance(2000);
  append(4);
  expect(done()).toEqual([3, 1, 2, 4]);
  expect(replies.at(-2)).toEqual({ type: 'trouble', reason: null });
});

test('behind a slow disk urgent writes go together, one sync for all', async () => {
  takes = 2000;
  append(1);
  for (let id = 2; id <= 9; id++) append(id);
  expect(transactions).toBe(1);
  await clock.advance(1);
  expect([transactions, done()]).toEqual([2, [1, 2, 3, 4, 5, 6, 7, 8, 9]]);
});
