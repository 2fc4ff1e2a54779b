import { type Clock, coerceError, errorCode, PlantroomError, type Timer } from '@plantroom/base';
import { isDiskTrouble } from './damage.ts';
import { type LostSamples, together, trim } from './held-writes.ts';
import type { Failure, OutboxCall, Reply, Request } from './protocol.ts';

/** The part of the log that the writer drives. */
export interface CommitTarget {
  together<T>(run: () => T): T;
  /** Part of a transaction. */
  perform(call: OutboxCall): unknown;
  /** Outside one. */
  performAlone(call: OutboxCall): unknown;
  /** Books samples that could not be kept; part of a transaction. */
  lose(lost: LostSamples): void;
}

export interface GroupCommitOptions {
  readonly target: CommitTarget;
  readonly clock: Clock;
  /** Milliseconds. */
  readonly wait: number;
  readonly reply: (reply: Reply) => void;
  /** Called after each commit. */
  readonly committed: () => void;
  /** Bytes of samples that wait in memory at most while the disk takes no writes. */
  readonly mostHeld?: number;
}

/** Calls that are performed in their order, several in one transaction. */
const writes = new Set<OutboxCall['operation']>(['append', 'acknowledge', 'quarantine', 'useTime', 'correct']);
/** Those of them that make room, and need not keep their place among the others. */
const answering = new Set<OutboxCall['operation']>(['acknowledge', 'quarantine']);
/** Milliseconds after which a disk that took no writes is tried again. */
const retryAfter = 2000;

/**
 * Collects writes that can wait into one transaction, because a sync to disk costs the same for one as for a hundred.
 * An urgent write commits at once and takes along all that waits before it, so order is kept. While the disk takes no
 * writes (full, read-only) they wait in memory, telemetry up to a bound; what goes over it is booked once the disk is back.
 */
export class GroupCommit {
  readonly #options: GroupCommitOptions;
  #waiting: Request[] = [];
  #timer: Timer | undefined;
  #hasTrouble = false;
  #lost: LostSamples | undefined;
  /** The last commit took longer than writes are collected for. */
  #isSlow = false;

  constructor(options: GroupCommitOptions) {
    this.#options = options;
  }

  accept(request: Request): void {
    if (!writes.has(request.call.operation)) {
      if (request.urgent) this.flush();
      this.#performAlone(request);
      return;
    }
    this.#waiting.push(request);
    if (this.#hasTrouble) {
      this.#trim();
      if (!this.#timer) this.#flushAfter(retryAfter);
    }
    // What has queued up behind a slow disk goes together.
    else if (request.urgent && this.#isSlow) this.#flushAfter(0);
    else if (request.urgent) this.flush();
    else if (!this.#timer) this.#flushAfter(this.#options.wait);
  }

  flush(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    if (this.#waiting.length === 0 && !this.#lost) return;
    const { clock, wait } = this.#options;
    const began = clock.monotonic();
    try {
      this.#commit(this.#waiting);
      this.#recovered();
    } catch (thrown) {
      if (!isDiskTrouble(thrown)) throw thrown;
      this.#hold(thrown);
    }
    this.#isSlow = clock.monotonic() - began > wait;
  }

  #commit(batch: readonly Request[]): void {
    const { target, reply, committed } = this.#options;
    const lost = this.#lost;
    const results = target.together(() => {
      if (lost) target.lose(lost);
      return batch.map((request) => target.perform(request.call));
    });
    this.#lost = undefined;
    this.#waiting = this.#waiting.filter((request) => !batch.includes(request));
    for (const [i, request] of batch.entries()) reply({ type: 'done', id: request.id, result: results[i] });
    committed();
  }

  /** A little room may be enough for the answers, which make more, and for a part of the rest. */
  #hold(thrown: unknown): void {
    if (!this.#hasTrouble) this.#options.reply({ type: 'trouble', reason: coerceError(thrown).message });
    this.#hasTrouble = true;
    const answers = this.#waiting.filter(({ call }) => answering.has(call.operation));
    const rest = this.#waiting.filter((request) => !answers.includes(request));
    const parts = [...(answers.length > 0 ? [answers] : []), ...rest.map((request) => [request])];
    try {
      if (parts.length > 1) {
        for (const part of parts) this.#commit(part);
        this.#recovered();
        return;
      }
    } catch (again) {
      if (!isDiskTrouble(again)) throw again;
    }
    this.#trim();
    this.#flushAfter(retryAfter);
  }

  #recovered(): void {
    if (this.#hasTrouble) this.#options.reply({ type: 'trouble', reason: null });
    this.#hasTrouble = false;
  }

  #trim(): void {
    const { given, lost } = trim(this.#waiting, this.#options.mostHeld);
    this.#lost = together(this.#lost, lost);
    for (const { id } of given) this.#options.reply({ type: 'done', id, result: undefined });
  }

  #performAlone(request: Request): void {
    const { target, reply } = this.#options;
    try {
      reply({ type: 'done', id: request.id, result: target.performAlone(request.call) });
    } catch (thrown) {
      if (!isDiskTrouble(thrown)) throw thrown;
      reply({ type: 'failed', id: request.id, error: failureOf(thrown) });
    }
  }

  #flushAfter(wait: number): void {
    this.#timer?.cancel();
    this.#timer = this.#options.clock.after(wait, () => this.flush());
  }
}

export function failureOf(thrown: unknown): Failure {
  const error = coerceError(thrown);
  return {
    message: error.message,
    code: errorCode(error),
    hint: error instanceof PlantroomError ? error.hint : undefined,
  };
}
