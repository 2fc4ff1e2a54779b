import { coerceError, type Random, seededRandom, systemClock } from '@plantroom/base';
import { balanced, type Fates, goneOf, since } from './books.ts';
import { CapturedFrames } from './captured.ts';
import { alarmsAstray, doubledTickets, missingTransitions, unexplainedHoles } from './events.ts';
import type { FaultContext, FaultKind, Part } from './faults/fault.ts';
import { drawFault, possibleFaults } from './faults/table.ts';
import { judge, type Span, type Verdict } from './oracle.ts';
import { type Books, Plant } from './plant.ts';
import { storedValues } from './stored.ts';
import type { StoreChoice } from './stores/stores.ts';

export interface Round extends Verdict {
  readonly round: number;
  readonly faults: readonly string[];
  readonly ticketsDoubled: number;
  /** Alarms that gateway and cloud do not both have open. */
  readonly alarmsAstray: number;
  /** Numbers of frames that are missing in the cloud's ledger without a reason that it was told. */
  readonly unexplained: number;
  /** What came to the books of the telemetry lane, in samples of the gateway's own count. */
  readonly books: Fates;
  readonly booksBalance: boolean;
  /** ms from the end of the faults until the log was empty. */
  readonly recovery: number;
  /** Samples a second that the cloud took meanwhile. */
  readonly drainRate: number;
}

export interface Outcome {
  readonly seed: number;
  readonly rounds: readonly Round[];
  /** Over all rounds, and once more over all that was ever stored. */
  readonly total: Record<string, number>;
  /** Why it ended before its time. */
  readonly failure?: string;
  readonly holds: boolean;
}

export interface RunOptions {
  readonly seed: number;
  readonly rounds: number;
  /** Names of the faults to draw from; all unless told. */
  readonly only?: readonly string[];
  /** Where the cloud keeps its data; what it brings along unless told. */
  readonly stores?: Partial<StoreChoice>;
  readonly say?: (line: string) => void;
}

const embedded: StoreChoice = { store: 'duckdb', records: 'sqlite', broker: 'embedded' };
const calm = 1500;
/** Milliseconds after which what was told has reached the log. */
const settled = 3 * calm;

/** Runs the whole line through rounds of random faults and compares what was told with what is stored after each. */
export async function runRounds(options: RunOptions): Promise<Outcome> {
  const { seed, rounds: count, only, say = () => {} } = options;
  const plant = await Plant.start(seed, { ...embedded, ...options.stores });
  const run = new Run(plant, seededRandom(seed), only);
  let failure: string | undefined;
  try {
    await run.begin();
    for (let round = 1; round <= count; round++) say(JSON.stringify(await run.round(round)));
    await run.end();
  } catch (thrown) {
    failure = coerceError(thrown).message;
    say(`It ended in round ${run.rounds.length + 1} (${run.drawn.join(', ')}): ${failure}`);
  }
  const outcome = run.outcome(seed, failure);
  // The files of a run that failed are what its cause is found in.
  await run.plant.stop({ keep: !outcome.holds });
  if (!outcome.holds) say(`The files are kept in ${run.plant.path()}.`);
  return outcome;
}

class Run {
  readonly plant: Plant;
  readonly rounds: Round[] = [];
  drawn: string[] = [];
  readonly #random: Random;
  readonly #only: readonly string[] | undefined;
  readonly #captured = new CapturedFrames();
  readonly #falls: number[] = [];
  readonly #clockErrors = new Set<number>();
  #began = 0;
  /** What was told until then has been judged. */
  #judgedTo = 0;
  readonly #spans: Span[] = [];
  #whole: Verdict | undefined;
  #missingTransitions = 0;
  /** As they were when the log was looked at last. */
  #books: Books = {};

  constructor(plant: Plant, random: Random, only: readonly string[] | undefined) {
    this.plant = plant;
    this.#random = random;
    this.#only = only;
    plant.link.onSent = (connection, bytes) => this.#captured.hear(connection, bytes);
  }

  async begin(): Promise<void> {
    this.#began = systemClock.now();
    this.#judgedTo = this.#began;
    this.plant.source.start();
    await systemClock.sleep(settled);
  }

  async round(round: number): Promise<Round> {
    const spans = this.#spans.length;
    const kinds = Array.from({ length: this.#howMany() }, () => drawFault(this.#possible(), this.#random));
    this.drawn = kinds.map((k) => k.name);
    await systemClock.sleep(calm);
    await this.#happen(kinds);
    const to = systemClock.now();
    const atEnd = (await this.plant.status()).lanes.telemetry;
    const recovery = await this.plant.drained();
    const { stored } = since(atEnd, (await this.plant.status()).lanes.telemetry);
    await systemClock.sleep(settled);
    await this.plant.drained();
    const { lanes } = await this.plant.status();
    const books = since(this.#books, lanes.telemetry);
    this.#books = lanes.telemetry;
    const verdict = await this.#judge([[this.#judgedTo, to], ...this.#spans.slice(spans)]);
    this.#judgedTo = to;
    const done: Round = {
      round,
      faults: this.drawn,
      ...verdict,
      // What was destroyed or given up is missing, counted and told; nothing else may be.
      lost: kinds.some((k) => k.destroys) ? Math.max(0, verdict.lost - goneOf(books)) : verdict.lost,
      ticketsDoubled: await doubledTickets(this.plant),
      alarmsAstray: await alarmsAstray(this.plant),
      unexplained: await unexplainedHoles(this.plant),
      books,
      booksBalance: balanced(lanes.telemetry) && balanced(lanes.events),
      recovery: Math.round(recovery),
      drainRate: Math.round(stored / Math.max(0.1, recovery / 1000)),
    };
    this.rounds.push(done);
    return done;
  }

  /** Looks once more at all that was ever stored: what came late, and where nobody looked. */
  async end(): Promise<void> {
    this.#whole = await this.#judge([[this.#began, this.#judgedTo], ...this.#spans]);
    this.#missingTransitions = await missingTransitions(this.plant);
  }

  #howMany(): number {
    const drawn = this.#random();
    return drawn < 0.5 ? 1 : drawn < 0.85 ? 2 : 4;
  }

  /**
   * At once or one after the other, as drawn; those that share a part never at once. Each draws its own numbers, so that a
   * seed says all.
   */
  async #happen(kinds: readonly FaultKind[]): Promise<void> {
    const atOnce = this.#random() < 0.7;
    const busy = new Map<Part, Promise<unknown>>();
    const running: Promise<unknown>[] = [];
    for (const kind of kinds) {
      const random = seededRandom(Math.floor(this.#random() * 2 ** 32));
      const before = kind.parts.map((part) => busy.get(part));
      const over = Promise.all(before).then(() => kind.run(this.#context(random)));
      for (const part of kind.parts) busy.set(part, over);
      running.push(over);
      if (!atOnce) await over;
    }
    await Promise.all(running);
  }

  #context(random: Random): FaultContext {
    return {
      ...{ plant: this.plant, captured: this.#captured, random },
      gatewayFalls: () => void this.#falls.push(systemClock.now()),
      clockIsOff: (milliseconds) => void this.#clockErrors.add(milliseconds),
      toldToo: (span) => void this.#spans.push(span),
    };
  }

  /** What can happen changes as a run goes on. */
  #possible(): readonly FaultKind[] {
    return possibleFaults(this.plant, this.#only);
  }

  async #judge(spans: readonly Span[]): Promise<Verdict> {
    const { told } = this.plant.source;
    // By a wrong clock that was put right afterwards a value may have come to stand near its time.
    const clockErrors = this.#clockErrors.size > 0 ? [0, ...this.#clockErrors] : [];
    const wrong = clockErrors.flatMap((error) => spans.map(([from, to]): Span => [from + error, to + error]));
    const stored = await storedValues(this.plant, [...spans, ...wrong]);
    return judge(stored, { told, spans, falls: this.#falls, clockErrors });
  }

  outcome(seed: number, failure: string | undefined): Outcome {
    const { rounds } = this;
    const of = (number: (round: Round) => number) => rounds.reduce((sum, round) => sum + number(round), 0);
    const most = (number: (round: Round) => number) => Math.max(0, ...rounds.map(number));
    const whole = this.#whole ?? { lost: 0, duplicated: 0, misattributed: 0 };
    const violations = {
      lost: Math.max(
        of((r) => r.lost),
        whole.lost - of((r) => goneOf(r.books)),
      ),
      duplicated: Math.max(
        of((r) => r.duplicated),
        whole.duplicated,
      ),
      misattributed: Math.max(
        of((r) => r.misattributed),
        whole.misattributed,
      ),
      ticketsDoubled: most((r) => r.ticketsDoubled),
      unexplained: most((r) => r.unexplained),
      alarmsAstray: most((r) => r.alarmsAstray),
      missingTransitions: this.#missingTransitions,
      // A round in which nothing was told proves nothing.
      idle: rounds.filter((r) => r.produced === 0).length,
      booksOff: rounds.filter((r) => !r.booksBalance).length,
    };
    const total = {
      produced: of((r) => r.produced),
      stored: of((r) => r.stored),
      summed: of((r) => r.summed),
      ...violations,
      buffered: this.#books.buffered ?? 0,
      quarantined: of((r) => r.books.quarantined),
      thinned: of((r) => r.books.thinned),
      dropped: of((r) => r.books.dropped),
      corrupt: of((r) => r.books.corrupt),
      longestRecovery: most((r) => r.recovery),
      highestDrainRate: most((r) => r.drainRate),
    };
    const holds = failure === undefined && Object.values(violations).every((n) => n === 0);
    return { seed, rounds, total, ...(failure === undefined ? {} : { failure }), holds };
  }
}
