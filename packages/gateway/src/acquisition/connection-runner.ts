import { type Clock, coerceError, describeError, type Logger, type Random } from '@plantroom/base';
import type { FailureKind, FieldConnection, FieldDevice, FieldSink, Reading } from '@plantroom/drivers';
import type { DeviceTrouble, SilenceReason } from './contract.ts';
import { backOff, DeviceHealth } from './device-health.ts';
import { PollSchedule } from './poll-schedule.ts';

export type LinkState = 'connecting' | 'connected' | 'failed';

/** What a runner tells of its bus. */
export interface RunnerEvents {
  readings(batch: readonly Reading[]): void;
  /** The device's points on this connection are bad; others may give more of the same equipment. */
  silent(device: FieldDevice, reason: SilenceReason): void;
  changed(): void;
  wasHeard(equipment: string): boolean;
  /** The driver's other words: events, properties. */
  readonly sink: Pick<FieldSink, 'event' | 'property'>;
}

export interface RunnerOptions {
  readonly connection: FieldConnection;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly events: RunnerEvents;
  /** The runner that had this connection before its settings changed, stopped, and the devices that are as they were. */
  readonly after?: { readonly runner: ConnectionRunner; readonly unchanged: ReadonlySet<string> };
}

/**
 * Keeps one bus, socket or session going for ever: open, subscribe, poll whose turn it is, and come back after each
 * failure by its kind. Nothing that happens here reaches another connection.
 */
export class ConnectionRunner {
  state: LinkState = 'connecting';
  detail = '';
  readonly #options: RunnerOptions;
  #events: RunnerEvents;
  readonly #health: Map<string, DeviceHealth>;
  readonly #schedule: PollSchedule;
  /** Devices that answer, but with nothing but refusals, and how. */
  readonly #refusals = new Map<string, string>();
  readonly #stopping = new AbortController();
  /** Of failures of the whole link, one after the other. */
  #delays: Iterator<number, never, void> | undefined;
  /** It was opened, and has brought an answer since. */
  #isOpen = false;
  #hasAnswered = false;
  #wake: AbortController | undefined;
  #running: Promise<void> | undefined;

  constructor(options: RunnerOptions) {
    this.#options = options;
    this.#events = options.events;
    const { connection, random, after } = options;
    const { devices } = connection;
    const before = (equipment: string) => (after?.unchanged.has(equipment) ? after.runner.#turn(equipment) : undefined);
    this.#health = new Map(devices.map(({ equipment: e }) => [e, before(e)?.health ?? new DeviceHealth(random)]));
    this.#schedule = new PollSchedule(devices, options.clock.monotonic(), (e) => before(e)?.due);
    this.#schedule.skipped = after?.runner.skipped ?? 0;
  }

  get id(): string {
    return this.#options.connection.id;
  }

  get skipped(): number {
    return this.#schedule.skipped;
  }

  /** Devices that do not answer at the moment. */
  get silent(): string[] {
    return [...this.#health].filter(([, h]) => h.silent).map(([equipment]) => equipment);
  }

  /** Devices whose last read failed, and when each is tried again. */
  get trouble(): DeviceTrouble[] {
    const now = this.#options.clock.monotonic();
    return [...this.#health].flatMap(([equipment, { failures, silent, last }]) => {
      const retryIn = Math.max(0, Math.round((this.#schedule.dueOf(equipment) ?? now) - now));
      return last ? [{ equipment, failures, silent, ...last, retryIn }] : [];
    });
  }

  /** Why devices of a link that stands give nothing, one after the other; empty while all give something. */
  get complaints(): string {
    const failures = this.trouble.map(({ equipment, detail }) => [equipment, detail] as const);
    return [...failures, ...this.#refusals].map(([equipment, detail]) => `${equipment}: ${detail}`).join('; ');
  }

  /** A device that refuses all that it is asked answers, so it is not silent: its model or its profile is another. */
  #noteRefusal(equipment: string, readings: readonly Reading[]): void {
    const refused = readings.find(({ reason }) => reason === 'device-exception');
    if (refused && readings.every(({ reason }) => reason === 'device-exception')) {
      const code = refused.raw === undefined ? '' : ` (code ${refused.raw})`;
      this.#refusals.set(equipment, `refuses every point that it is asked for${code}; check its profile and unit`);
    } else if (readings.length > 0) this.#refusals.delete(equipment);
  }

  /** How a device stands: what another runner of the same connection takes over. */
  #turn(equipment: string): { health: DeviceHealth | undefined; due: number | undefined } {
    return { health: this.#health.get(equipment), due: this.#schedule.dueOf(equipment) };
  }

  start(): void {
    this.#running ??= this.#run();
  }

  /** Polls the device as soon as the bus is free; one in back-off may report on another way and still not answer here. */
  hurry(equipment: string): void {
    if (this.#health.get(equipment)?.failures !== 0) return;
    this.#schedule.hurry(equipment, this.#options.clock.monotonic());
    this.#wake?.abort();
  }

  /** From now on nothing counts that comes from here: another has its place, though this may still be leaving. */
  dismiss(): void {
    this.#events = nobody;
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#wake?.abort();
    // Closing first makes a read that hangs fail at once.
    await this.#options.connection.close().catch(() => {});
    await this.#running;
  }

  async #run(): Promise<void> {
    const { connection, clock, random } = this.#options;
    while (!this.#stopping.signal.aborted) {
      try {
        await this.#session();
      } catch (thrown) {
        // What one device's garbage ended, others were using: they must not wait for it.
        const isSound = this.#hasAnswered;
        if (!isSound) this.#lost(thrown);
        await connection.close().catch(() => {});
        if (isSound) continue;
        this.#delays ??= backOff(random);
        await clock.sleep(this.#delays.next().value, this.#stopping.signal);
      }
    }
  }

  /** From open to the end of the link; throws what ended it. */
  async #session(): Promise<void> {
    const { connection } = this.#options;
    this.#isOpen = false;
    this.#hasAnswered = false;
    await connection.open();
    this.#isOpen = true;
    if (this.#stopping.signal.aborted) return;
    this.#become('connected', '');
    await connection.subscribe?.(this.#sink());
    if (connection.poll) await this.#pollInTurn();
    else await this.#untilStopped();
  }

  async #pollInTurn(): Promise<void> {
    const { clock } = this.#options;
    while (!this.#stopping.signal.aborted) {
      const next = this.#schedule.next();
      const wait = next ? next.due - clock.monotonic() : Number.MAX_SAFE_INTEGER;
      if (!next) return this.#untilStopped();
      if (wait > 0) {
        this.#wake = new AbortController();
        await clock.sleep(wait, this.#wake.signal);
        this.#wake = undefined;
      } else await this.#pollOne(next.equipment);
    }
  }

  async #pollOne(equipment: string): Promise<void> {
    const { connection, clock } = this.#options;
    try {
      const readings = await connection.poll?.(equipment);
      this.#schedule.polled(equipment, clock.monotonic());
      this.#delays = undefined;
      this.#hasAnswered = true;
      this.#answered(equipment);
      this.#noteRefusal(equipment, readings ?? []);
      this.#events.readings(readings ?? []);
    } catch (thrown) {
      if (this.#stopping.signal.aborted) return;
      const kind = failureKind(thrown);
      const delay = this.#failed(equipment, kind, describeError(thrown));
      this.#schedule.postpone(equipment, clock.monotonic() + delay);
      if (kind === 'garbage') throw thrown;
    }
  }

  #answered(equipment: string): void {
    if (!this.#health.get(equipment)?.answered()) return;
    this.#options.logger.info({ equipment }, 'The device answers again.');
    this.#events.changed();
  }

  /** Books a device's failure; gives how long to leave it alone, in ms. */
  #failed(equipment: string, kind: FailureKind, detail: string): number {
    const { logger } = this.#options;
    const health = this.#health.get(equipment);
    if (!health) return 0;
    const { delay, fellSilent } = health.failed(this.#events.wasHeard(equipment), kind, detail);
    if (fellSilent) {
      logger.warn({ code: `driver-${kind}`, equipment, detail }, 'The device does not answer.');
      this.#tellSilent(equipment, kind === 'device-exception' ? 'device-exception' : 'no-answer');
    }
    return delay;
  }

  #lost(thrown: unknown): void {
    const detail = describeError(thrown);
    if (this.state !== 'failed')
      this.#options.logger.warn({ code: `driver-${failureKind(thrown)}`, detail }, 'The connection failed.');
    // A link that dropped a moment ago may be back at once; only one that cannot be opened silences its devices.
    if (!this.#isOpen)
      for (const { equipment } of this.#options.connection.devices) this.#failed(equipment, 'no-answer', detail);
    this.#become('failed', detail);
  }

  #become(state: LinkState, detail: string): void {
    const changed = this.state !== state || this.detail !== detail;
    if (state === 'connected' && this.state === 'failed') this.#options.logger.info({}, 'The connection is back.');
    this.state = state;
    this.detail = detail;
    if (changed) this.#events.changed();
  }

  #tellSilent(equipment: string, reason: SilenceReason): void {
    const { connection } = this.#options;
    const device = connection.devices.find((d) => d.equipment === equipment);
    if (device) this.#events.silent(device, reason);
    this.#events.changed();
  }

  #sink(): FieldSink {
    const { logger } = this.#options;
    return {
      event: (event, misfit) => this.#events.sink.event(event, misfit),
      property: (property) => this.#events.sink.property(property),
      readings: (batch) => {
        for (const equipment of new Set(batch.map((r) => r.equipment))) this.#answered(equipment);
        this.#events.readings(batch);
      },
      silence: (equipment, silent, detail) => {
        // How a device stands may be another runner's by now.
        if (this.#stopping.signal.aborted) return;
        if (!silent) return this.#answered(equipment);
        const health = this.#health.get(equipment);
        if (!health || health.silent) return;
        health.silent = true;
        logger.warn({ code: 'driver-silent', equipment, detail }, 'The device has fallen silent.');
        this.#tellSilent(equipment, 'no-answer');
      },
    };
  }

  #untilStopped(): Promise<void> {
    const { signal } = this.#stopping;
    if (signal.aborted) return Promise.resolve();
    return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
  }
}

const nobody: RunnerEvents = {
  readings() {},
  silent() {},
  changed() {},
  wasHeard: () => false,
  sink: { event() {}, property() {} },
};

/** What a driver throws says what to do; anything else is our own fault and treated like garbage. */
function failureKind(thrown: unknown): FailureKind {
  const error = coerceError(thrown);
  const kind = 'kind' in error ? error.kind : undefined;
  return kind === 'no-answer' || kind === 'device-exception' ? kind : 'garbage';
}
