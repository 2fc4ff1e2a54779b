import type { Clock, Logger, Timer } from '@plantroom/base';
import type { ClockReport, CloudTime, Correction, SavedTime, SystemTime, TimeSource } from './contract.ts';
import { savePeriod, Timekeeper } from './timekeeper.ts';

export interface GatewayClockOptions {
  readonly system: Clock;
  readonly bootId: string;
  /** Whether an NTP client of this machine says that it has set the clock. */
  readonly isSynchronised: () => boolean;
  readonly logger: Logger;
}

/** How often the clocks are compared, ms. */
const lookPeriod = 1000;

/**
 * The clock that everything in the gateway goes by: a jump of the system's clock does not move it, a correction does, and is
 * told. Timers are the system's.
 */
export class GatewayClock implements Clock {
  readonly #options: GatewayClockOptions;
  readonly #listeners = new Set<(correction: Correction) => void>();
  #keeper: Timekeeper;
  #timers: Timer[] = [];
  #jumps = 0;
  #started = false;
  #save: () => void = () => {};

  constructor(options: GatewayClockOptions) {
    this.#options = options;
    this.#keeper = new Timekeeper(options.bootId, this.#system());
  }

  /** Goes on from what was saved (undefined the first time), and saves from here on; nothing is told before this. */
  start(saved: unknown, save: (time: SavedTime) => void): void {
    const { system, bootId } = this.#options;
    if (!this.#started) this.#keeper = new Timekeeper(bootId, this.#system(), isSavedTime(saved) ? saved : undefined);
    this.#started = true;
    this.#save = () => save(this.#keeper.save(system.monotonic()));
    this.#look();
    this.#save();
    this.#timers = [system.every(lookPeriod, () => this.#look()), system.every(savePeriod, () => this.#save())];
  }

  stop(): void {
    for (const timer of this.#timers) timer.cancel();
    this.#timers = [];
    this.#save();
    this.#save = () => {};
  }

  now(): number {
    const { system } = this.#options;
    const monotonic = system.monotonic();
    if (this.#timers.length > 0 && this.#keeper.hasJumped(system.now(), monotonic)) this.#look();
    return this.#keeper.timeAt(monotonic);
  }

  monotonic(): number {
    return this.#options.system.monotonic();
  }

  after(delay: number, run: () => void): Timer {
    return this.#options.system.after(delay, run);
  }

  every(period: number, run: () => void): Timer {
    return this.#options.system.every(period, run);
  }

  sleep(delay: number, signal?: AbortSignal): Promise<void> {
    return this.#options.system.sleep(delay, signal);
  }

  /** The cloud has told its time. */
  hear(time: CloudTime): void {
    this.#tell(this.#keeper.hear(time));
  }

  /**
   * Told when gateway time has been corrected or confirmed: after it was, so `now` gives the right time already. Call what is
   * given to end it.
   */
  onCorrection(listener: (correction: Correction) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  get source(): TimeSource {
    return this.#keeper.source;
  }

  /** Gateway time minus the monotonic clock, ms. */
  get base(): number {
    return this.#keeper.base;
  }

  report(): ClockReport {
    return this.#keeper.report(this.monotonic());
  }

  #look(): void {
    const correction = this.#keeper.look(this.#system());
    const { jumps, lastJump } = this.report();
    if (jumps > this.#jumps)
      this.#options.logger.warn(
        { code: 'clock-jump', milliseconds: lastJump?.by },
        'The clock of the system has jumped; the gateway goes on by its own until that is confirmed.',
      );
    this.#jumps = jumps;
    this.#tell(correction);
  }

  #tell(correction: Correction | undefined): void {
    if (!correction) return;
    this.#save();
    this.#options.logger.info({ code: 'clock-correction', ...correction }, 'Gateway time was set.');
    for (const listener of this.#listeners) listener(correction);
  }

  #system(): SystemTime {
    const { system, isSynchronised } = this.#options;
    return { wall: system.now(), monotonic: system.monotonic(), synchronised: isSynchronised() };
  }
}

/** Only this class writes it, under a key of its own. */
function isSavedTime(saved: unknown): saved is SavedTime {
  return typeof saved === 'object' && saved !== null && 'bootId' in saved && 'base' in saved;
}
