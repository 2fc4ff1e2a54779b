import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { decodeEvents, type Lane } from '@plantroom/model/wire';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { aModel, aSample, telemetry } from '../../test/model.ts';
import type { EntryName } from './contract.ts';
import { OutboxLog } from './log-sqlite.ts';

const lanes: readonly Lane[] = ['events', 'telemetry'];
const outcome = { type: 'command-outcome' as const, outcome: { command: 'c', applied: false, reason: 'gone' } };

/** The log with its file, which can be torn from under it. */
class Subject {
  readonly names: EntryName[] = [];
  produced = 0;
  time = 1e9;
  #directory: string;
  #copies = 0;
  readonly #capacity = { maximumBytes: 1e9, freeFloor: 0 };
  log: OutboxLog;

  constructor(directory: string) {
    this.#directory = directory;
    this.log = this.open();
  }

  get file(): string {
    return join(this.#directory, 'outbox.sqlite');
  }

  open(): OutboxLog {
    const capacity = this.#capacity;
    const log = new OutboxLog({ file: this.file, site: 'tower', gateway: 'gw', capacity, now: () => this.time });
    log.mending(() => log.useModel(aModel()));
    return log;
  }

  /** Some steps towards a limit of no bytes at all. */
  relieve(): void {
    this.#capacity.maximumBytes = 0;
    this.log.relieve(1e9);
    this.#capacity.maximumBytes = 1e9;
  }

  append(sizes: readonly number[]): void {
    for (const size of sizes) {
      const samples = Array.from({ length: size }, (_, i) => aSample(i % 3, this.time + i, Math.sin(i)));
      this.time += 20_000;
      this.log.append([telemetry(...samples), { lane: 'events', events: [outcome] }], {});
      this.produced += size;
    }
  }

  /** Takes up the names that were given since. */
  name(): void {
    for (let sequence = 1; sequence < this.log.stats().lanes.telemetry.next; sequence++)
      if (!this.names.some((n) => n.epoch === this.log.epoch && n.sequence === sequence))
        this.names.push({ epoch: this.log.epoch, lane: 'telemetry', sequence });
  }

  /** Opens a copy of the files as they are: what a killed process leaves. */
  crash(): void {
    const next = join(this.#directory, String(++this.#copies));
    mkdirSync(next);
    for (const suffix of ['', '-wal'])
      cpSync(this.file + suffix, join(next, `outbox.sqlite${suffix}`), { force: true, recursive: true });
    this.log.close();
    this.#directory = next;
    this.log = this.open();
  }

  /** Changes one stored frame behind the log's back. */
  flip({ epoch, lane, sequence }: EntryName): void {
    this.log.close();
    const database = new DatabaseSync(this.file);
    database
      .prepare("UPDATE entries SET bytes = x'00' WHERE epoch = ? AND lane = ? AND sequence = ?")
      .run(epoch, lane, sequence);
    database.close();
    this.log = this.open();
  }
}

type Step = (subject: Subject) => void;
const withName = (use: (subject: Subject, name: EntryName) => void) =>
  fc.nat(200).map((n): Step => {
    return (subject) => {
      const name = subject.names[n % subject.names.length];
      if (name) use(subject, name);
    };
  });

const steps = fc.oneof(
  fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 6 }).map(
    (sizes): Step =>
      (s) =>
        s.append(sizes),
  ),
  withName(({ log }, { epoch, lane, sequence }) => log.acknowledge(epoch, lane, [[sequence, sequence + 2]])),
  withName(({ log }, name) => log.quarantine(name, 'invalid', 'a sample is out of bounds')),
  withName(({ log }, name) => void log.replayQuarantine(name)),
  withName(({ log }, name) => void log.dropQuarantine(name)),
  withName((subject, name) => subject.flip(name)),
  fc.constantFrom<Step>(
    ({ log }) => void log.replayQuarantine('all'),
    ({ log }) => void log.dropQuarantine('all'),
    (subject) => subject.relieve(),
    (subject) => {
      subject.time += 1_000_000;
      subject.relieve();
    },
    ({ log }) => void log.next({ lane: 'telemetry', history: false, after: 0, limit: 3 }),
    (subject) => subject.crash(),
  ),
);

/** What the entries and the quarantine really hold. */
function counted(file: string, lane: Lane): { buffered: number; quarantined: number } {
  const database = new DatabaseSync(file, { readOnly: true });
  const sum = (table: string) =>
    Number(
      database.prepare(`SELECT coalesce(sum(items), 0) AS sum FROM ${table} WHERE lane = ?`).get(lane)?.sum ??
        Number.NaN,
    );
  const sums = { buffered: sum('entries'), quarantined: sum('quarantine') };
  database.close();
  return sums;
}

test('balance after any operations, repeated answers, crashes and damage, and every hole has its gap record', () => {
  fc.assert(
    fc.property(fc.array(steps, { minLength: 1, maxLength: 25 }), (run) => {
      const directory = mkdtempSync(join(tmpdir(), 'plantroom-books-'));
      const subject = new Subject(directory);
      try {
        for (const step of run) {
          step(subject);
          subject.name();
          for (const lane of lanes) {
            const { produced, stored, buffered, quarantined, thinned, dropped, corrupt } =
              subject.log.stats().lanes[lane];
            expect(produced).toBe(stored + buffered + quarantined + thinned + dropped + corrupt);
          }
        }
        const { telemetry: books } = subject.log.stats().lanes;
        expect(books.produced).toBe(subject.produced);
        expect(gapSamples(subject.log)).toBe(books.dropped + books.corrupt);
        const { log, file } = subject;
        const said = Object.fromEntries(lanes.map((lane) => [lane, log.stats().lanes[lane]]));
        log.close();
        for (const lane of lanes) expect(said[lane]).toMatchObject(counted(file, lane));
        subject.log = subject.open();
      } finally {
        subject.log.close();
        rmSync(directory, { recursive: true, force: true });
      }
    }),
    { numRuns: 150 },
  );
}, 60_000);

/** Samples that gap records give for lost; none was acknowledged in these runs. */
function gapSamples(log: OutboxLog): number {
  return log
    .next({ lane: 'events', history: false, after: 0, limit: 10_000 })
    .flatMap((e) => decodeEvents(e.bytes).events)
    .reduce(
      (sum, e) =>
        sum + (e.type === 'gap' && e.gap.lane === 'telemetry' && e.gap.reason !== 'thinned' ? e.gap.samples : 0),
      0,
    );
}
