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
  /** ms for which frames are gathered before they are handled together. */
  readonly delay: number;
  /** Frames that are handled together at most. */
  readonly batch: number;
  /** Handles a batch; one at a time. Must not reject. */
  readonly handle: (frames: readonly Received[]) => Promise<void>;
}

/** What may wait: beyond this, frames are refused, and their gateways send them again. */
const mostFrames = 4096;
const mostBytes = 64 * 1024 * 1024;

/** Frames of one lane on their way to the stores: bounded, handled in batches in the order of arrival. */
export class FrameQueue {
  readonly #options: FrameQueueOptions;
  #waiting: Received[] = [];
  #bytes = 0;
  #handling = 0;
  #running: Promise<void> | undefined;
  #stopped = false;

  constructor(options: FrameQueueOptions) {
    this.#options = options;
  }

  /** Frames that wait or are being handled. */
  get size(): number {
    return this.#waiting.length + this.#handling;
  }

  /** Takes a frame; false when there is no room. */
  add(frame: Received): boolean {
    if (this.#stopped || this.size >= mostFrames || this.#bytes + frame.bytes.length > mostBytes) return false;
    this.#waiting.push(frame);
    this.#bytes += frame.bytes.length;
    this.#running ??= this.#run();
    return true;
  }

  /** Refuses further frames, forgets those that wait, and resolves when the batch in hand is done. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#waiting = [];
    await this.#running;
  }

  async #run(): Promise<void> {
    const { clock, delay, batch, handle } = this.#options;
    while (this.#waiting.length > 0) {
      if (this.#waiting.length < batch && delay > 0) await clock.sleep(delay);
      const frames = this.#waiting.splice(0, batch);
      this.#handling = frames.length;
      if (frames.length > 0) await handle(frames);
      this.#bytes -= frames.reduce((sum, f) => sum + f.bytes.length, 0);
      this.#handling = 0;
    }
    this.#running = undefined;
  }
}
