import type { Clock, Timer } from '@plantroom/base';
import type { OutboxCall, Reply, Request } from './protocol.ts';

/** The part of the log that the writer drives. */
export interface CommitTarget {
  together<T>(run: () => T): T;
  /** Part of a transaction. */
  perform(call: OutboxCall): unknown;
  /** Outside one. */
  performAlone(call: OutboxCall): unknown;
}

export interface GroupCommitOptions {
  readonly target: CommitTarget;
  readonly clock: Clock;
  /** Milliseconds. */
  readonly wait: number;
  readonly reply: (reply: Reply) => void;
  /** Called after each commit. */
  readonly committed: () => void;
}

const writes = new Set<OutboxCall['operation']>(['append', 'acknowledge', 'quarantine']);

/**
 * Collects writes that can wait into one transaction, because a sync to disk costs the same for one as for a hundred.
 * An urgent write commits at once and takes along all that waits before it, so order is kept.
 */
export class GroupCommit {
  readonly #options: GroupCommitOptions;
  #waiting: Request[] = [];
  #timer: Timer | undefined;

  constructor(options: GroupCommitOptions) {
    this.#options = options;
  }

  accept(request: Request): void {
    const { target, reply, clock, wait } = this.#options;
    if (!writes.has(request.call.operation)) {
      if (request.urgent) this.flush();
      reply({ type: 'done', id: request.id, result: target.performAlone(request.call) });
      return;
    }
    this.#waiting.push(request);
    if (request.urgent) this.flush();
    else this.#timer ??= clock.after(wait, () => this.flush());
  }

  flush(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    const batch = this.#waiting;
    if (batch.length === 0) return;
    this.#waiting = [];
    const { target, reply, committed } = this.#options;
    const results = target.together(() => batch.map((request) => target.perform(request.call)));
    committed();
    for (const [i, request] of batch.entries()) reply({ type: 'done', id: request.id, result: results[i] });
  }
}
