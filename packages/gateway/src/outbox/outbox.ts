import { on } from 'node:events';
import { Worker } from 'node:worker_threads';
import { type Logger, PlantroomError, systemClock } from '@plantroom/base';
import type { ModelRevision } from '@plantroom/model';
import type { Lane, RejectionCode } from '@plantroom/model/wire';
import type {
  EntryName,
  NewEntry,
  NextQuery,
  OutboxStats,
  RejectedChoice,
  RejectedEntry,
  SalvageReport,
  SequenceRange,
  SpaceOutlook,
  StateChange,
  StoredEntry,
  TimeCorrection,
} from './contract.ts';
import type { Failure, OutboxCall, Reply, WorkerSettings } from './protocol.ts';
import { TightLog } from './tight-log.ts';

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

const goneFile =
  'The file of the outbox was deleted or replaced while the gateway runs: what waits in it is lost when it stops.';
const goneHint = 'Put the file back, or let the backlog reach the cloud and restart the gateway then.';

/** The log in its own thread. A promise of a write resolves once it is committed and synced. */
export class Outbox {
  readonly #worker: Worker;
  readonly #options: OutboxOptions;
  readonly #waiting = new Map<number, Waiting>();
  readonly #listeners: (() => void)[] = [];
  readonly #tight: TightLog;
  #trouble: string | undefined;
  #isThere = true;
  #epoch: string;
  #next = 1;
  #closing = false;
  #dead: Error | undefined;

  private constructor(worker: Worker, epoch: string, options: OutboxOptions) {
    this.#worker = worker;
    this.#options = options;
    this.#epoch = epoch;
    this.#tight = new TightLog(options.logger, systemClock);
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
      resourceLimits: { maxYoungGenerationSizeMb: 2 },
    });
    const first = await firstReply(worker, logger);
    if (first.type !== 'opened') throw errorOf(first.type === 'failed' ? first.error : undefined);
    if (first.mended)
      logger.warn(
        { code: 'outbox-mended', damage: first.mended },
        'Something on the disk had changed since it was written; the outbox was mended and nothing after it is lost. Check the disk.',
      );
    return new Outbox(worker, first.epoch, options);
  }

  /** Names what is logged from here on; another one after each opening, and after the log was mended. */
  get epoch(): string {
    return this.#epoch;
  }

  /** Why what is logged is not safe at the moment: the disk takes no writes, or the log's file was taken away. */
  get trouble(): string | undefined {
    return this.#trouble ?? (this.#isThere ? undefined : goneFile);
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
    const call = { operation: 'append', args: [entries, options.state ?? {}] } as const;
    const handedOver = entries.flatMap((entry) => (entry.lane === 'telemetry' ? [entry.samples.buffer] : []));
    await this.#call(call, options.urgent ?? false, handedOver);
    if (entries.length > 0) this.#tell();
  }

  next(query: NextQuery): Promise<StoredEntry[]> {
    return this.#call({ operation: 'next', args: [query] }) as Promise<StoredEntry[]>;
  }

  async acknowledge(epoch: string, lane: Lane, ranges: readonly SequenceRange[]): Promise<void> {
    await this.#call({ operation: 'acknowledge', args: [epoch, lane, ranges] });
  }

  async quarantine({ epoch, lane, sequence }: EntryName, code: RejectionCode, reason: string): Promise<void> {
    await this.#call({ operation: 'quarantine', args: [{ epoch, lane, sequence }, code, reason] });
  }

  quarantined(limit: number): Promise<RejectedEntry[]> {
    return this.#call({ operation: 'quarantined', args: [limit] }, true) as Promise<RejectedEntry[]>;
  }

  async replayQuarantine(which: RejectedChoice): Promise<number> {
    const replayed = (await this.#call({ operation: 'replayQuarantine', args: [which] }, true)) as number;
    if (replayed > 0) this.#tell();
    return replayed;
  }

  async dropQuarantine(which: RejectedChoice): Promise<number> {
    const dropped = (await this.#call({ operation: 'dropQuarantine', args: [which] }, true)) as number;
    if (dropped > 0) this.#tell();
    return dropped;
  }

  resendModel(revision: string): Promise<StoredEntry | undefined> {
    return this.#call({ operation: 'resendModel', args: [revision] }) as Promise<StoredEntry | undefined>;
  }

  /** What is logged from here on is logged at the monotonic clock plus `base`, ms. */
  async useTime(base: number): Promise<void> {
    await this.#call({ operation: 'useTime', args: [base] });
  }

  /** Notes a correction of the telemetry that is in the log by now, durably; `correctOn` makes it. */
  async correct(correction: TimeCorrection): Promise<void> {
    await this.#call({ operation: 'correct', args: [correction] }, true);
  }

  /** Makes what was noted, also by an earlier process; resolves when all is done. */
  async correctOn(): Promise<void> {
    while (await this.#call({ operation: 'correctOn', args: [] }));
    this.#tell();
  }

  readState(key: string): Promise<unknown> {
    return this.#call({ operation: 'readState', args: [key] });
  }

  stats(): Promise<OutboxStats & SpaceOutlook> {
    return this.#call({ operation: 'stats', args: [] }) as Promise<OutboxStats & SpaceOutlook>;
  }

  /** Commits what waits and ends the thread; safe to call more than once. */
  async close(): Promise<void> {
    if (this.#closing) return;
    this.#closing = true;
    if (!this.#dead) await this.#call({ operation: 'close', args: [] }, true);
    await this.#worker.terminate();
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }

  #call(call: OutboxCall, urgent = false, transfer: ArrayBuffer[] = []): Promise<unknown> {
    if (this.#dead) return Promise.reject(this.#dead);
    const id = this.#next++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#worker.postMessage({ id, call, urgent }, transfer);
    });
  }

  #onReply(reply: Reply): void {
    if (reply.type === 'relieved') {
      this.#tight.add(reply);
      this.#tell();
    } else if (reply.type === 'salvaged') {
      this.#epoch = reply.epoch;
      logSalvage(this.#options.logger, reply.report);
    } else if (reply.type === 'trouble') this.#onTrouble(reply.reason);
    else if (reply.type === 'file') this.#onFile(reply.isThere);
    else if (reply.type === 'failed' && reply.id !== null) {
      this.#waiting.get(reply.id)?.reject(errorOf(reply.error));
      this.#waiting.delete(reply.id);
    } else if (reply.type === 'done') {
      this.#waiting.get(reply.id)?.resolve(reply.result);
      this.#waiting.delete(reply.id);
    }
  }

  #onTrouble(reason: string | null): void {
    this.#trouble = reason ?? undefined;
    const { logger, file } = this.#options;
    if (reason === null) logger.info({ code: 'outbox-writable', file }, 'The disk takes writes again.');
    else
      logger.error(
        { code: 'outbox-unwritable', file, reason },
        'The disk takes no writes: alarms, orders and what was read are kept in memory, telemetry of some minutes at most; what must go is counted. Make room or mend the disk.',
      );
  }

  #onFile(isThere: boolean): void {
    this.#isThere = isThere;
    const { logger, file } = this.#options;
    if (isThere) logger.info({ code: 'outbox-file-back', file }, 'The file of the outbox is at its path again.');
    else logger.error({ code: 'outbox-file-gone', file }, `${goneFile} ${goneHint}`);
  }

  #onDeath(error: Error): void {
    if (this.#dead) return;
    this.#dead = error;
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
    if (!this.#closing) this.#options.onFailure(error);
  }
}

/** The first word about the opening; rejects when the thread fails before it says anything. */
async function firstReply(worker: Worker, logger: Logger): Promise<Reply> {
  for await (const [reply] of on(worker, 'message') as AsyncIterable<[Reply]>) {
    if (reply.type !== 'salvaged') return reply;
    logSalvage(logger, reply.report);
  }
  throw errorOf(undefined);
}

function logSalvage(logger: Logger, { setAside, entries, lost }: SalvageReport): void {
  logger.error(
    { code: 'outbox-damaged', file: setAside, saved: entries, lost: lost ?? 'unknown' },
    'The outbox was damaged: what could be read was saved into a new one, a gap record says what is missing, and the damaged file was set aside. Check the disk.',
  );
}

function errorOf(failure: Failure | undefined): Error {
  if (!failure) return new Error('the outbox thread did not open the log');
  const { message, code, hint } = failure;
  return new PlantroomError(code ?? 'outbox', message, hint === undefined ? {} : { hint });
}
