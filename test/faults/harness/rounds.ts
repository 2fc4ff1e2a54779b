import { seededRandom, systemClock } from '@plantroom/base';
import { CapturedFrames } from './captured.ts';
import { drawFault } from './faults.ts';
import { judge, type Verdict } from './oracle.ts';
import { type Books, Plant } from './plant.ts';

export interface Round extends Verdict {
  readonly round: number;
  readonly faults: readonly string[];
  /** Samples that the gateway counted as gone in this round, each with a gap record. */
  readonly counted: number;
  /** ms from the end of the faults until the log was empty. */
  readonly recovery: number;
  readonly booksBalance: boolean;
}

export interface Outcome {
  readonly seed: number;
  readonly rounds: readonly Round[];
  readonly total: Omit<Verdict, never> & { readonly counted: number; readonly longestRecovery: number };
  readonly holds: boolean;
}

const fates = ['stored', 'buffered', 'quarantined', 'thinned', 'dropped', 'corrupt'] as const;
const calm = 1500;

function balanced(books: Books): boolean {
  return books.produced === fates.reduce((sum, fate) => sum + (books[fate] ?? 0), 0);
}

const goneOf = (books: Books) => (books.thinned ?? 0) + (books.dropped ?? 0) + (books.corrupt ?? 0);

/** Runs the whole line through rounds of random faults and compares what was told with what is stored after each. */
export async function runRounds(seed: number, count: number, say: (line: string) => void = () => {}): Promise<Outcome> {
  const random = seededRandom(seed);
  const plant = await Plant.start();
  const captured = new CapturedFrames();
  plant.link.onSent = (connection, bytes) => captured.hear(connection, bytes);
  const rounds: Round[] = [];
  try {
    plant.source.start();
    await systemClock.sleep(3 * calm);
    let gone = goneOf((await plant.status()).lanes.telemetry);
    for (let round = 1; round <= count; round++) {
      const from = systemClock.now();
      const falls: number[] = [];
      const kinds = Array.from({ length: random() < 0.4 ? 2 : 1 }, () => drawFault(random));
      await systemClock.sleep(calm);
      for (const kind of kinds)
        await kind.run({ plant, captured, random, gatewayFalls: () => falls.push(systemClock.now()) });
      const to = systemClock.now();
      // What was told until now has reached the log by then.
      await systemClock.sleep(3 * calm);
      const recovery = await plant.drained(() => systemClock.monotonic());
      const { lanes } = await plant.status();
      const counted = goneOf(lanes.telemetry) - gone;
      gone += counted;
      const verdict = await judge(plant, from, to, falls);
      const done: Round = {
        round,
        faults: kinds.map((k) => k.name),
        ...verdict,
        // What was destroyed on the disk is missing, counted and told; nothing else may be.
        lost: kinds.some((k) => k.destroys) ? Math.max(0, verdict.lost - counted) : verdict.lost,
        counted,
        recovery: Math.round(recovery),
        booksBalance: balanced(lanes.telemetry) && balanced(lanes.events),
      };
      rounds.push(done);
      say(JSON.stringify(done));
    }
  } finally {
    await plant.stop();
  }
  const outcome = sum(seed, rounds);
  // The files of a run that failed are what its cause is found in.
  if (outcome.holds) plant.remove();
  else say(`The files are kept in ${plant.path()}.`);
  return outcome;
}

function sum(seed: number, rounds: readonly Round[]): Outcome {
  const of = (key: 'produced' | 'stored' | 'lost' | 'duplicated' | 'misattributed' | 'counted') =>
    rounds.reduce((total, r) => total + r[key], 0);
  const total = {
    produced: of('produced'),
    stored: of('stored'),
    lost: of('lost'),
    duplicated: of('duplicated'),
    misattributed: of('misattributed'),
    counted: of('counted'),
    ticketsDoubled: Math.max(0, ...rounds.map((r) => r.ticketsDoubled)),
    longestRecovery: Math.max(0, ...rounds.map((r) => r.recovery)),
  };
  const { lost, duplicated, misattributed, ticketsDoubled } = total;
  const holds = lost + duplicated + misattributed + ticketsDoubled === 0 && rounds.every((r) => r.booksBalance);
  return { seed, rounds, total, holds };
}
