import { describeError, type Logger, type Timer } from '@plantroom/base';
import type { WireEvent } from '@plantroom/model/wire';
import type { Correction } from './clock/contract.ts';
import type { GatewayClock } from './clock/gateway-clock.ts';
import type { Outbox } from './outbox/outbox.ts';

export interface TimeInLogOptions {
  readonly clock: GatewayClock;
  readonly outbox: Outbox;
  readonly logger: Logger;
  /** Milliseconds that telemetry waits for the time after a start at which nobody has confirmed it. */
  readonly wait: number;
  readonly onFailure: (thrown: unknown) => void;
}

/** The key of gateway time in the log's state. */
const clockState = 'clock';
/** How often the log's thread is told of small steps of gateway time, ms. */
const tellPeriod = 10_000;
/** From here on (ms) what was already sent is wrong enough to be worth a record. */
const worthTelling = 1000;

/**
 * Keeps gateway time in the log, and carries its corrections there: what nobody was given is put right, of the rest a record
 * tells. Telemetry waits until then, so that little is sent at a wrong time.
 */
export class TimeInLog {
  readonly #options: TimeInLogOptions;
  readonly #startedAt: number;
  #correcting = 0;
  #timer: Timer | undefined;
  readonly #early: Correction[] = [];
  #before: ((correction: Correction) => void) | undefined;
  #stopListening: () => void = () => {};

  private constructor(options: TimeInLogOptions) {
    this.#options = options;
    this.#startedAt = options.clock.monotonic();
  }

  /** Goes on with the time that the log has kept. */
  static async start(options: TimeInLogOptions): Promise<TimeInLog> {
    const { clock, outbox, onFailure } = options;
    const time = new TimeInLog(options);
    time.#stopListening = clock.onCorrection((correction) => time.#correct(correction));
    clock.start(await outbox.readState(clockState), (saved) => {
      outbox.append([], { state: { [clockState]: saved } }).catch(onFailure);
    });
    time.#tellTime();
    time.#correctOn();
    time.#timer = clock.every(tellPeriod, () => time.#tellTime());
    return time;
  }

  stop(): void {
    this.#timer?.cancel();
    this.#options.clock.stop();
    this.#stopListening();
  }

  /**
   * Told before the log is corrected: what was read by then is to be handed to the log. Without a listener corrections wait:
   * what an earlier process has kept is named by the time as it was, and no frame can be logged before there is a model.
   */
  beforeCorrection(listener: (correction: Correction) => void): void {
    this.#before = listener;
    for (const correction of this.#early.splice(0)) this.#correct(correction);
  }

  get isUnconfirmed(): boolean {
    return this.#options.clock.source === 'none';
  }

  /** Whether the right time may soon be known, and what cannot be put right later has to wait. */
  get isAwaited(): boolean {
    return this.isUnconfirmed && this.#waited < this.#options.wait;
  }

  /** Whether telemetry must not be sent now: it may still be put right. */
  get holdsTelemetry(): boolean {
    return this.#correcting > 0 || this.isAwaited;
  }

  get #waited(): number {
    return this.#options.clock.monotonic() - this.#startedAt;
  }

  #correct(correction: Correction): void {
    if (!this.#before) {
      this.#early.push(correction);
      return;
    }
    const { outbox, onFailure, wait } = this.#options;
    const { from, to, by, source } = correction;
    const mayHaveBeenSent = Math.abs(by) >= worthTelling || this.#waited >= wait;
    // First of all: the cloud hears of it before it hears of what was named anew, and nothing is put right without it.
    const recorded = mayHaveBeenSent
      ? outbox.append([{ lane: 'events', events: [this.#record(correction)] }])
      : Promise.resolve();
    this.#before(correction);
    const noted = outbox.correct({ from, to, by, confirmed: source !== 'none' });
    Promise.all([recorded, noted]).catch(onFailure);
    this.#tellTime();
    this.#correctOn();
  }

  #record({ from, to, by, source }: Correction): WireEvent {
    const { bootId } = this.#options.clock.report();
    const monotonic = Math.round(this.#options.clock.monotonic());
    const id = `${bootId}-${monotonic}`;
    return { type: 'clock-correction', correction: { id, bootId, monotonic, from, to, by, source } };
  }

  #correctOn(): void {
    const { outbox, logger } = this.#options;
    this.#correcting++;
    outbox
      .correctOn()
      .catch((thrown: unknown) =>
        logger.error(
          { code: 'time-corrections', detail: describeError(thrown) },
          'Telemetry in the log could not be put to the right time; it goes out as it is, and the rest is put right at the next start.',
        ),
      )
      .finally(() => this.#correcting--);
  }

  #tellTime(): void {
    this.#options.outbox.useTime(this.#options.clock.base).catch(this.#options.onFailure);
  }
}
