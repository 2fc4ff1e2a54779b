import { hidingStages } from '../stages/index.ts';
import { maintain } from '../stages/maintain.ts';
import { runStages, type StageContext } from '../stages/stage.ts';
import { nextEdge, nextOf } from './agenda.ts';
import type { AlarmBook } from './alarm-book.ts';
import { noteShown } from './connection.ts';
import type { FloodWatch } from './flood-watch.ts';
import type { Instance } from './instance.ts';
import type { Plant } from './plant.ts';
import { explainerOf, hiddenUnder, leaderOf } from './relations.ts';

/** What hiding needs of the engine. */
interface Parts {
  readonly plant: Plant;
  readonly book: AlarmBook;
  readonly flood: FloodWatch;
  /** Something is due at this time. */
  wakeAt(at: number): void;
}

/** One change moves the same alarm at most so often: a bound for what should settle at once. */
const mostMoves = 4;

/** Keeps an alarm hidden for as long as something explains it, and no longer. */
export class Hiding {
  readonly #parts: Parts;
  /** What the stages know of the rest of the plant. */
  readonly context: StageContext;

  constructor(parts: Parts) {
    this.#parts = parts;
    const { book, flood } = parts;
    this.context = {
      explainedBy: (instance, now) => explainerOf(instance, { plant: parts.plant, open: book.open }, now),
      leaderOf,
      get flooded() {
        return flood.on;
      },
    };
  }

  /** What one alarm's change means for the others: some are explained by it now, some no longer, and others by these in turn. */
  follow(changed: Instance, at: number): void {
    const queue = new Set([changed]);
    const moves = new Map<Instance, number>();
    const turn = (instance: Instance, by: Instance) => {
      if (!instance.open) return;
      const isUnderIt = by.open !== undefined && hiddenUnder(instance) === by.open.alarm.id;
      const moved = this.#ask(instance, at);
      if (moved) moves.set(instance, (moves.get(instance) ?? 0) + 1);
      if (moved ? (moves.get(instance) ?? 0) <= mostMoves : isUnderIt && instance !== by) queue.add(instance);
    };
    // A set that grows goes on with what is new; what is taken out first can come in again.
    for (const by of queue) {
      queue.delete(by);
      const { connection } = by.machine;
      const isSilence = by.fault.trigger === 'silence';
      const beside = isSilence && noteShown(by) ? connection?.machines : undefined;
      for (const instance of this.#parts.plant.concerned(by)) turn(instance, by);
      for (const { silence } of beside ?? []) if (silence && silence !== by) turn(silence, by);
    }
    this.#wakeFor(changed, at);
  }

  /** Asks an alarm anew, and what that changes for others. */
  reconsider(instance: Instance, at: number): void {
    if (this.#ask(instance, at)) this.follow(instance, at);
  }

  /** Asks all of them. */
  reconsiderAll(at: number): void {
    for (const instance of [...this.#parts.book.open.values()]) this.reconsider(instance, at);
  }

  /**
   * Asks all of them after what may have taken away what hid one: a restart, another site file, another time. One that is seen
   * goes out of sight then only for planned work: the rest was decided when it was raised, and when something changed.
   */
  takeUp(at: number): void {
    for (const instance of [...this.#parts.book.open.values()]) {
      const stages = instance.open?.alarm.facts.suppressed ? hidingStages : [maintain];
      if (this.#ask(instance, at, stages)) this.follow(instance, at);
    }
  }

  /** Returns whether it is hidden, shown or hidden under another than before. */
  #ask(instance: Instance, at: number, stages = hidingStages): boolean {
    if (!instance.open) return false;
    const { book, flood, wakeAt } = this.#parts;
    const { hide, reasons } = runStages(stages, { instance, input: 'raise', due: at, now: at }, this.context);
    const { suppressed } = instance.open.alarm.facts;
    let moved = false;
    if (hide) moved = suppressed ? book.explain(instance, hide, { at, reasons }) : false;
    if (hide && !suppressed) moved = book.apply(instance, 'suppress', { at, reasons, suppression: hide });
    // What explained it ends first; what is itself about to end is not told, nor made a job, for its last seconds.
    if (!hide && suppressed && !isEnding(instance)) moved = book.apply(instance, 'unsuppress', { at, reasons });
    const held = flood.on && !instance.fault.safety && instance.fault.priority > 2;
    book.order(instance, held, at);
    wakeAt(nextOf(instance));
    return moved;
  }

  #wakeFor({ open, machine, fault }: Instance, at: number): void {
    const { wakeAt } = this.#parts;
    wakeAt(nextEdge(machine, at));
    if (fault.trigger === 'silence' && !open?.alarm.facts.active) wakeAt(machine.heard + machine.silentAfter);
  }
}

/** Its return is on its way: a delay runs, and does not stand still. */
function isEnding({ pending, unknownSince }: Instance): boolean {
  return pending === 'clear' && unknownSince === undefined;
}
