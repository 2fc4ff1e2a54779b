import { ManualClock, silentLogger } from '@plantroom/base';
import { expect, test } from 'vitest';
import type { UplinkEntry, UplinkLog } from './contract.ts';
import { Sender } from './sender.ts';

const epoch = 'epoch';
const backlog = 200;

/** A log of telemetry alone; one frame a row, and the row is its sequence. */
function aLog() {
  const rows = new Set(Array.from({ length: backlog }, (_, n) => n + 1));
  const listeners: (() => void)[] = [];
  const log: UplinkLog = {
    next: async ({ lane, history, after, before = Number.MAX_SAFE_INTEGER, limit }) =>
      [...rows]
        .filter((row) => lane === 'telemetry' && !history && row > after && row < before)
        .slice(0, limit)
        .map((row) => ({ row, epoch, lane, sequence: row, revision: 'r', bytes: new Uint8Array() })),
    acknowledge: async (_epoch, _lane, ranges) => {
      for (const [from, to] of ranges) for (let row = from; row <= to; row++) rows.delete(row);
    },
    quarantine: async () => {},
    resendModel: async () => undefined,
    modelFrame: async () => undefined,
    stats: async () => ({ nextRow: backlog + 1, lanes: { telemetry: { entries: backlog } } }),
    onAppended: (listener) => void listeners.push(listener),
  };
  const append = (row: number) => {
    rows.add(row);
    for (const listener of listeners) listener();
  };
  return { log, append };
}

const holdsTelemetry = () => false;

test('the backlog stands back while a current value waits for its answer, and goes on after it', async () => {
  const clock = new ManualClock();
  const { log, append } = aLog();
  const sent: UplinkEntry[] = [];
  const publish = (entry: UplinkEntry) => void sent.push(entry);
  const rates = { resendAfter: 60_000, historyRate: 10, replayRate: 1000 };
  const sender = new Sender({ log, clock, random: () => 0, logger: silentLogger, publish, holdsTelemetry, ...rates });
  const live = backlog + 1;
  /** Answers to all of the backlog that is in flight. */
  const answer = async () => {
    const ranges = sent.filter((e) => e.sequence < live).map((e): [number, number] => [e.sequence, e.sequence]);
    await sender.acknowledged({ epoch, lane: 'telemetry', ranges, rejected: [] });
    await clock.advance(250);
  };
  await sender.connected();
  await clock.advance(250);
  append(live);
  await clock.advance(250);
  expect(sent.map((e) => e.sequence)).toContain(live);
  await answer();
  const before = sent.length;
  await answer();
  await answer();
  expect(sent.length).toBe(before);
  await sender.acknowledged({ epoch, lane: 'telemetry', ranges: [[live, live]], rejected: [] });
  await clock.advance(250);
  expect(sent.length).toBeGreaterThan(before);
  sender.disconnected();
});

test('gateways that come back together begin their backlogs apart, with current values at once', async () => {
  const clock = new ManualClock();
  const { log, append } = aLog();
  const sent: UplinkEntry[] = [];
  const publish = (entry: UplinkEntry) => void sent.push(entry);
  const rates = { resendAfter: 60_000, historyRate: 10, replayRate: 1000 };
  const sender = new Sender({ log, clock, random: () => 0.5, logger: silentLogger, publish, holdsTelemetry, ...rates });
  await sender.connected();
  append(backlog + 1);
  await clock.advance(2000);
  expect(sent.map((e) => e.sequence)).toEqual([backlog + 1]);
  await sender.acknowledged({ epoch, lane: 'telemetry', ranges: [[backlog + 1, backlog + 1]], rejected: [] });
  await clock.advance(1000);
  expect(sent.length).toBeGreaterThan(1);
  sender.disconnected();
});
