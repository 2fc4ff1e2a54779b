import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { backlog, backlogText, quarantineText, treatQuarantine } from './gateway-log.ts';

const hour = 3_600_000;
const books = { produced: 0, stored: 0, buffered: 0, quarantined: 0, thinned: 0, dropped: 0, corrupt: 0 };
const empty = { ...books, entries: 0, bytes: 0, age: 0 };
const telemetry = {
  ...books,
  ...{ produced: 5_000_000, stored: 4_000_000, buffered: 900_000, quarantined: 5000, thinned: 90_000, corrupt: 5000 },
  ...{ entries: 1204, bytes: 1_620_000, age: 3 * hour },
};

test('the backlog is told with what became of the rest and when the log is full', () => {
  const log = { used: 2_100_000, maximum: 4_294_967_296, free: 21e9, fullIn: 31 * hour, trouble: null };
  expect(backlogText({ lanes: { events: empty, telemetry }, log }).join('\n')).toMatchInlineSnapshot(`
    "waiting    frames   bytes  oldest
    events          0     0 B       -
    telemetry   1,204  1.6 MB     3 h

    in all    produced     stored  buffered  quarantined  thinned  dropped  corrupt
    events           0          0         0            0        0        0        0
    samples  5,000,000  4,000,000   900,000        5,000   90,000        0    5,000

    The log uses 2.1 MB of 4.3 GB, the disk has 21 GB free: full in 1.3 d if it goes on as in the last ten minutes."
  `);
});

test('a log that does not grow has no end, and one at rest has no limit of its own', () => {
  const log = { used: 800, maximum: 4e9, free: 21e9, fullIn: null, trouble: null };
  const lanes = { events: empty, telemetry };
  expect(backlogText({ lanes, log }).slice(-1)).toMatchInlineSnapshot(`
    [
      "The log uses 800 B of 4 GB, the disk has 21 GB free: it does not grow.",
    ]
  `);
  expect(backlogText({ lanes, log: { ...log, maximum: 0 } }).slice(-2)).toMatchInlineSnapshot(`
    [
      "The log uses 800 B, the disk has 21 GB free.",
      "The gateway does not run.",
    ]
  `);
});

test('a log of which the cloud takes all is said not to fill, whatever its file did in the last minutes', () => {
  const log = { used: 369_000, maximum: 4e9, free: 21e9, fullIn: 15 * 24 * hour, trouble: null };
  const lanes = { events: empty, telemetry: { ...telemetry, entries: 1, age: 226 } };
  expect(backlogText({ lanes, log }).at(-1)).toContain('the cloud takes what comes, and the log does not fill.');
  expect(backlogText({ lanes: { ...lanes, telemetry }, log }).at(-1)).toContain('full in 15 d if it goes on');
});

test('the quarantine is listed with the reasons of the cloud and what to do next', () => {
  const entry = {
    ...{ epoch: '0123456789abcdef', lane: 'telemetry' as const, sequence: 7, items: 5000, bytes: 7000, loggedAt: 0 },
    ...{ code: 'too-old', reason: 'a sample is of 2014-01-01T00:00:00.000Z, older than ten years' },
  };
  expect(quarantineText({ entries: [entry], count: 3 }, 26 * hour).join('\n')).toMatchInlineSnapshot(`
    "frame                         items    age  code     reason
    0123456789abcdef/telemetry/7  5,000  1.1 d  too-old  a sample is of 2014-01-01T00:00:00.000Z, older than ten years
    ... and 2 more

    Send again what the cloud can take by now: quarantine replay. Give up for good: quarantine drop."
  `);
  expect(quarantineText({ entries: [], count: 0 }, 0)).toEqual(['The quarantine is empty.']);
});

test('a frame must be named as the list names it', async () => {
  await expect(treatQuarantine('nowhere', 'drop', '7')).rejects.toMatchObject({ code: 'usage' });
});

test('a directory without a log is not made into one', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'plantroom-backlog-'));
  await expect(backlog(directory)).rejects.toMatchObject({ code: 'no-log' });
  rmSync(directory, { recursive: true });
});
