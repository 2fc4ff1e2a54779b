import { type Clock, coerceError, type Logger, type Timer } from '@plantroom/base';
import type { Alarm, AlarmTransition, DeviceEvent, Sample, WorkOrderRequest } from '@plantroom/model';
import type { AlarmCommand, WireEvent } from '@plantroom/model/wire';
import type { Detector, EventLog, Fact, Verdict } from './contract.ts';

export interface EvaluationOptions {
  readonly detector: Detector;
  readonly log: EventLog;
  readonly clock: Clock;
  readonly logger: Logger;
  /** The log failed: alarms can no longer be kept. */
  readonly onFailure: (thrown: unknown) => void;
}

/** The key of the detector's state in the log. */
export const detectionState = 'detection';
/** Milliseconds between two ticks: delays that end without a new sample end this late at most. */
const tickPeriod = 1000;
/** How often the state is kept although nothing happened, ms: after a crash, delays count on from here. */
const savePeriod = 60_000;
/** A tick that comes this late (ms) tells of a process that stood still: a suspended machine, a stopped process. */
const standstill = 10_000;
/** Events in one frame at most. */
const frameSize = 200;

/**
 * Drives detection and makes durable what it decides. While a commit is on its way further events gather, so that a burst
 * of alarms costs few commits; nothing waits for a timer.
 */
export class Evaluation {
  readonly #options: EvaluationOptions;
  #pending: WireEvent[] = [];
  #dirty = false;
  #committing: Promise<void> | undefined;
  #failure: Error | undefined;
  #timers: Timer[] = [];
  #awakeAt: number;

  constructor(options: EvaluationOptions) {
    this.#options = options;
    this.#awakeAt = options.clock.monotonic();
  }

  start(): void {
    const { clock, detector } = this.#options;
    this.#timers = [
      clock.every(tickPeriod, () => {
        this.#wake();
        this.#take(detector.tick(clock.now()));
      }),
      clock.every(savePeriod, () => {
        this.#dirty = true;
        this.#commit();
      }),
    ];
  }

  samples(batch: readonly Sample[]): void {
    this.#wake();
    this.#take(this.#options.detector.ingest(batch));
  }

  fact(fact: Fact): void {
    this.#take(this.#options.detector.fact(fact));
  }

  /** Takes a click in the cloud; detection knows the ids of commands and does each once. */
  command(command: AlarmCommand): void {
    this.#take(this.#options.detector.command(command));
  }

  /** A panel's own report goes to the log as it is. */
  event(event: DeviceEvent): void {
    this.#pending.push({ type: 'device-event', event });
    this.#commit();
  }

  /** Resolves when all that was taken so far, and what it led to, is in the log; rejects when the log has failed. */
  async settled(): Promise<void> {
    // The commit on its way, and the one after it with all that is pending now.
    await this.#committing;
    await this.#committing;
    if (this.#failure) throw this.#failure;
  }

  /** Commits what is pending and the state. */
  async stop(): Promise<void> {
    for (const timer of this.#timers) timer.cancel();
    while (this.#committing) await this.#committing;
    this.#dirty = true;
    this.#commit();
    await this.#committing;
  }

  /** Samples can be there before the first tick after a standstill, so each of them asks too. */
  #wake(): void {
    const { clock, detector, logger } = this.#options;
    const now = clock.monotonic();
    const stood = now - this.#awakeAt;
    this.#awakeAt = now;
    if (stood < standstill) return;
    logger.warn(
      { code: 'standstill', milliseconds: Math.round(stood) },
      'The process stood still; silences count anew.',
    );
    detector.resume(clock.now());
  }

  /** Takes what detection decided of itself, such as the withdrawal of what another site file no longer has. */
  decided(verdict: Verdict): void {
    this.#dirty = true;
    this.#take(verdict);
    this.#commit();
  }

  #take(verdict: Verdict): void {
    const { alarms, orders, outcomes, journal } = verdict;
    for (const change of journal) this.#options.logger.info({ change }, 'An alarm changed.');
    if (alarms.length + orders.length + outcomes.length === 0) return;
    this.#pending.push(
      ...alarms.map((alarm, i): WireEvent => withTransition(alarm, journal[i])),
      ...orders.map((order): WireEvent => ({ type: 'work-order', order: this.#known(order) })),
      ...outcomes.map((outcome): WireEvent => ({ type: 'command-outcome', outcome })),
    );
    this.#commit();
  }

  /** Its clocks start when somebody can first know of it: a night that is found in a history was over long ago. */
  #known(order: WorkOrderRequest): WorkOrderRequest {
    return { ...order, raisedAt: Math.max(order.raisedAt, this.#options.clock.now()) };
  }

  #commit(): void {
    if (this.#committing || (this.#pending.length === 0 && !this.#dirty)) return;
    const events = this.#pending;
    this.#pending = [];
    this.#dirty = false;
    const entries = [];
    for (let i = 0; i < events.length; i += frameSize)
      entries.push({ lane: 'events' as const, events: events.slice(i, i + frameSize) });
    const { log, detector, onFailure } = this.#options;
    this.#committing = log
      .append(entries, { state: { [detectionState]: detector.state() }, urgent: true })
      .catch((thrown: unknown) => {
        this.#failure = coerceError(thrown);
        onFailure(thrown);
      })
      .finally(() => {
        this.#committing = undefined;
        this.#commit();
      });
  }
}

function withTransition(alarm: Alarm, entry: AlarmTransition | undefined): WireEvent {
  if (entry === undefined) return { type: 'alarm', alarm };
  const { time, input, from, to, reasons, actor, comment } = entry;
  return { type: 'alarm', alarm, transition: { time, input, from, to, reasons: [...reasons], actor, comment } };
}
