import type { Clock } from '@plantroom/base';
import type { GatewayAddress, UpChannel } from '@plantroom/model/wire';

/** A frame as it came in. */
export interface Received {
  readonly from: GatewayAddress;
  readonly channel: UpChannel;
  readonly bytes: Uint8Array;
  /** The broker has kept it from an earlier moment. */
  readonly retained: boolean;
}

export interface FrameQueueOptions {
  readonly clock: Clock;
  /** ms for which frames are gathered before they are handled together, counted from the first. */
  readonly delay: number;
  /** Frames that are handled together at most. */
  readonly batch: number;
  /** Batches that are handled at the same time: while one waits for its commit the next is read. */
  readonly hands: number;
  /** Handles a batch. Must not reject. */
  readonly handle: (frames: readonly Received[]) => Promise<void>;
}

/** What may wait: beyond this, frames are refused, and their gateways send them again. */
const mostFrames = 4096;
const mostBytes = 64 * 1024 * 1024;
/** A batch ends after as many bytes: one of large frames would keep the others waiting. */
const batchBytes = 32 * 1024;

/** Frames of one lane on their way to the stores: bounded, handled in batches in the order of arrival. */
export class FrameQueue {
  readonly #options: FrameQueueOptions;
  readonly #handling = new Set<Promise<void>>();
  #waiting: Received[] = [];
  #bytes = 0;
  #inHand = 0;
  #since = 0;
  #gathering: Promise<void> | undefined;
  #stopped = false;

  constructor(options: FrameQueueOptions) {
    this.#options = options;
  }

  /** Frames that wait or are being handled. */
  get size(): number {
    return this.#waiting.length + this.#inHand;
  }

  /** More waits than is done in a moment: what is not current had better come slower. */
  get isBusy(): boolean {
    return this.size > mostFrames / 4 || this.#bytes > mostBytes / 4;
  }

  /** Takes a frame; false when there is no room. */
  add(frame: Received): boolean {
    if (this.#stopped || this.size >= mostFrames || this.#bytes + frame.bytes.length > mostBytes) return false;
    if (this.#waiting.length === 0) this.#since = this.#options.clock.monotonic();
    this.#waiting.push(frame);
    this.#bytes += frame.bytes.length;
    this.#next();
    return true;
  }

  /** Resolves when nothing waits or is being handled. */
  async drained(): Promise<void> {
    while (this.size > 0) await (this.#gathering ?? Promise.race(this.#handling));
  }

  /** Refuses further frames, forgets those that wait, and resolves when the batches in hand are done. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#waiting = [];
    await this.#gathering;
    await Promise.all(this.#handling);
  }

  #next(): void {
    const { hands, delay, clock } = this.#options;
    if (this.#gathering || this.#handling.size >= hands || this.#waiting.length === 0) return;
    const left = delay - (clock.monotonic() - this.#since);
    const enough = left <= 0 || this.#waiting.length >= this.#options.batch;
    const gathered = enough ? Promise.resolve() : clock.sleep(left);
    this.#gathering = gathered.then(() => {
      this.#gathering = undefined;
      this.#start(this.#take());
      this.#next();
    });
  }

  #take(): Received[] {
    let count = 0;
    for (let bytes = 0; count < Math.min(this.#waiting.length, this.#options.batch) && bytes < batchBytes; count++)
      bytes += this.#waiting[count]?.bytes.length ?? 0;
    this.#since = this.#options.clock.monotonic();
    return this.#waiting.splice(0, count);
  }

  #start(frames: readonly Received[]): void {
    if (frames.length === 0) return;
    this.#inHand += frames.length;
    const handled = this.#options.handle(frames).then(() => {
      this.#handling.delete(handled);
      this.#inHand -= frames.length;
      this.#bytes -= frames.reduce((sum, f) => sum + f.bytes.length, 0);
      this.#next();
    });
    this.#handling.add(handled);
  }
}
