import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { type Logger, PlantroomError } from '@plantroom/base';
import type { ModelRevision } from '@plantroom/model';
import type { Lane, RejectionCode } from '@plantroom/model/wire';
import type { NewEntry, NextQuery, OutboxStats, SequenceRange, StateChange, StoredEntry } from './contract.ts';
import type { Failure, OutboxCall, Reply, WorkerSettings } from './protocol.ts';

export interface OutboxOptions extends WorkerSettings {
  readonly logger: Logger;
  /** The thread has died: nothing can be kept any more, so the process must end, aloud. */
  readonly onFailure: (error: Error) => void;
}

export interface AppendOptions {
  /** Becomes durable together with the entries. */
  readonly state?: StateChange;
  /** Commit now instead of with the next group. */
  readonly urgent?: boolean;
}

interface Waiting {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** The log in its own thread. A promise of a write resolves once it is committed and synced. */
export class Outbox {
  readonly epoch: string;
  readonly #worker: Worker;
  readonly #options: OutboxOptions;
  readonly #waiting = new Map<number, Waiting>();
  readonly #listeners: (() => void)[] = [];
  #next = 1;
  #closing = false;
  #dead: Error | undefined;

  private constructor(worker: Worker, epoch: string, options: OutboxOptions) {
    this.#worker = worker;
    this.#options = options;
    this.epoch = epoch;
    worker.on('message', (reply: Reply) => this.#onReply(reply));
    worker.on('error', (error) => this.#onDeath(error));
    worker.on('exit', (code) => this.#onDeath(new Error(`the outbox thread ended with code ${code}`)));
  }

  /** Throws PlantroomError `data-directory-in-use`, `foreign-data-directory`, or what the file system says. */
  static async open(options: OutboxOptions): Promise<Outbox> {
    const { logger, onFailure: _, ...settings } = options;
    const worker = new Worker(new URL('./worker.ts', import.meta.url), {
      workerData: settings,
      name: 'outbox',
      // Frames are short-lived; the default of a large machine would keep tens of megabytes of them for nothing.
      resourceLimits: { maxYoungGenerationSizeMb: 8 },
    });
    const first = await firstReply(worker);
    if (first.type !== 'opened') throw errorOf(first.type === 'failed' ? first.error : undefined);
    if (first.setAside)
      logger.error(
        { code: 'outbox-unreadable', file: first.setAside },
        'The outbox was not readable and was set aside; a new one begins. What had not been acknowledged is in that file.',
      );
    return new Outbox(worker, first.epoch, options);
  }

  /** Told after each append: there is something to send. */
  onAppended(listener: () => void): void {
    this.#listeners.push(listener);
  }

  useModel(model: ModelRevision): Promise<boolean> {
    return this.#call({ operation: 'useModel', args: [model] }, true) as Promise<boolean>;
  }

  modelFrame(): Promise<Uint8Array | undefined> {
    return this.#call({ operation: 'modelFrame', args: [] }) as Promise<Uint8Array | undefined>;
  }

  async append(entries: readonly NewEntry[], options: AppendOptions = {}): Promise<void> {
    await this.#call({ operation: 'append', args: [entries, options.state ?? {}] }, options.urgent ?? false);
    if (entries.length > 0) for (const listener of this.#listeners) listener();
  }

  next(query: NextQuery): Promise<StoredEntry[]> {
    return this.#call({ operation: 'next', args: [query] }) as Promise<StoredEntry[]>;
  }

  async acknowledge(lane: Lane, ranges: readonly SequenceRange[]): Promise<void> {
    await this.#call({ operation: 'acknowledge', args: [lane, ranges] });
  }

  async quarantine(lane: Lane, sequence: number, code: RejectionCode, reason: string): Promise<void> {
    await this.#call({ operation: 'quarantine', args: [lane, sequence, code, reason] });
  }

  replayQuarantine(): Promise<number> {
    return this.#call({ operation: 'replayQuarantine', args: [] }, true) as Promise<number>;
  }

  resendModel(revision: string): Promise<StoredEntry | undefined> {
    return this.#call({ operation: 'resendModel', args: [revision] }) as Promise<StoredEntry | undefined>;
  }

  readState(key: string): Promise<unknown> {
    return this.#call({ operation: 'readState', args: [key] });
  }

  stats(): Promise<OutboxStats> {
    return this.#call({ operation: 'stats', args: [] }) as Promise<OutboxStats>;
  }

  /** Commits what waits and ends the thread; safe to call more than once. */
  async close(): Promise<void> {
    if (this.#closing) return;
    this.#closing = true;
    if (!this.#dead) await this.#call({ operation: 'close', args: [] }, true);
    await this.#worker.terminate();
  }

  #call(call: OutboxCall, urgent = false): Promise<unknown> {
    if (this.#dead) return Promise.reject(this.#dead);
    const id = this.#next++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#worker.postMessage({ id, call, urgent });
    });
  }

  #onReply(reply: Reply): void {
    if (reply.type === 'dropped') {
      this.#options.logger.warn(
        { code: 'outbox-tight', samples: reply.samples },
        'The outbox is at its limit of disk space: the oldest telemetry was dropped and a gap record left.',
      );
    } else if (reply.type === 'done') {
      this.#waiting.get(reply.id)?.resolve(reply.result);
      this.#waiting.delete(reply.id);
    }
  }

  #onDeath(error: Error): void {
    if (this.#dead) return;
    this.#dead = error;
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
    if (!this.#closing) this.#options.onFailure(error);
  }
}

/** Rejects when the thread fails before it says anything. */
async function firstReply(worker: Worker): Promise<Reply> {
  const [reply] = await once(worker, 'message');
  return reply;
}

function errorOf(failure: Failure | undefined): Error {
  if (!failure) return new Error('the outbox thread did not open the log');
  const { message, code, hint } = failure;
  return new PlantroomError(code ?? 'outbox', message, hint === undefined ? {} : { hint });
}
