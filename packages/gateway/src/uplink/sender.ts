import { type Clock, coerceError, type Logger, type Random, type Timer } from '@plantroom/base';
import type { Acknowledgement, RejectionCode } from '@plantroom/model/wire';
import type { EntryName, UplinkEntry, UplinkLog } from './contract.ts';
import { Cursors } from './cursors.ts';
import { HeldFrames } from './held-frames.ts';
import { Rate } from './rate.ts';
import { SendWindow, type Stream, streams } from './window.ts';

export interface SenderOptions {
  readonly log: UplinkLog;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  /** Puts a frame on the wire; what becomes of it is known by the acknowledgement alone. */
  readonly publish: (entry: UplinkEntry) => void;
  /** Milliseconds until an unanswered frame is sent again. */
  readonly resendAfter: number;
  /** Frames of imported history a second. */
  readonly historyRate: number;
  /** Frames of an outage's backlog a second. */
  readonly replayRate: number;
  /** Whether telemetry must stay in the log for now; asked each time. */
  readonly holdsTelemetry: () => boolean;
}

const windowSize = 16;
/** How often unanswered frames and the history's permits are looked at, in ms. */
const tickPeriod = 250;
/** A cloud that is back is not overrun by all its gateways at once: each begins its backlog within this time, ms. */
const replaySpread = 5000;
/** The backlog stands back while a current frame has waited longer than this for its answer, ms. */
const patience = 400;
/** Acknowledgements that come after a silence this long (ms) mean that the cloud is back: current values go first again. */
const longSilence = 30_000;

/**
 * Moves frames from the log to the wire: events before current values before what an outage left before history, at most
 * 16 in flight, each sent again until the application answers.
 */
export class Sender {
  readonly #options: SenderOptions;
  readonly #window: SendWindow;
  readonly #cursors: Cursors;
  readonly #held = new HeldFrames();
  readonly #rates: Partial<Record<Stream, Rate>>;
  /** Monotonic time before which the backlog waits. */
  #replayAfter = 0;
  readonly #modelSentAt = new Map<string, number>();
  #ticker: Timer | undefined;
  #connected = false;
  /** Counts the coming and going of the link, so that a late step of an earlier connection is seen as such. */
  #connections = 0;
  #pumping = false;
  #again = false;
  #answeredAt = 0;

  constructor(options: SenderOptions) {
    this.#options = options;
    this.#window = new SendWindow({ size: windowSize, resendAfter: options.resendAfter });
    this.#cursors = new Cursors(options.log);
    this.#rates = { replay: new Rate(options.replayRate), backfill: new Rate(options.historyRate) };
    options.log.onAppended(() => {
      this.#cursors.hasNews();
      this.#pump();
    });
  }

  get inFlight(): number {
    return this.#window.size;
  }

  async connected(): Promise<void> {
    const connection = ++this.#connections;
    this.#window.clear();
    this.#held.clear();
    await this.#cursors.begin(true);
    // The link may have gone while the log was read.
    if (connection !== this.#connections) return;
    this.#connected = true;
    const { clock, random } = this.#options;
    this.#answeredAt = clock.monotonic();
    this.#replayAfter = clock.monotonic() + random() * replaySpread;
    this.#ticker ??= this.#options.clock.every(tickPeriod, () => this.#tick());
    this.#pump();
  }

  disconnected(): void {
    this.#connections++;
    this.#connected = false;
    this.#ticker?.cancel();
    this.#ticker = undefined;
  }

  /** Takes the cloud's answer: stored frames leave the log, rejected ones are mended or go to quarantine. */
  async acknowledged(ack: Acknowledgement): Promise<void> {
    const { log, clock } = this.#options;
    const silence = clock.monotonic() - this.#answeredAt;
    this.#answeredAt = clock.monotonic();
    const { epoch, lane } = ack;
    for (const rate of Object.values(this.#rates)) rate.limit(ack.historyRate, clock.monotonic());
    const stored = ack.ranges.flatMap(([from, to]) => this.#window.removeRange(epoch, lane, from, to));
    const booked = ack.ranges.length > 0 ? log.acknowledge(epoch, lane, ack.ranges) : undefined;
    for (const entry of stored) this.#release(entry);
    // The next frames do not wait until this is on the disk: forgotten in a power cut, it is sent and answered again.
    this.#pump();
    await booked;
    for (const { sequence, code, reason } of ack.rejected)
      await this.#rejected({ epoch, lane, sequence }, code, reason);
    if (silence > longSilence) await this.#cursors.begin(false);
    if (ack.rejected.length > 0 || silence > longSilence) this.#pump();
  }

  async #rejected(name: EntryName, code: RejectionCode, reason: string): Promise<void> {
    const { log, logger } = this.#options;
    const entry = this.#window.remove(name);
    const revision = this.#held.revisionOf(name);
    if (code === 'unknown-model' && revision === undefined) {
      // One that is not in flight was sent twice, to two processes of the cloud: this answers a copy from before it knew the model.
      return entry && this.#askForModel(entry);
    }
    logger.warn({ code: `rejected-${code}`, ...name, reason }, 'The cloud rejected a frame; it is in quarantine.');
    await log.quarantine(name, code, reason);
    // Without its model none of the frames that wait for it can be read.
    if (revision === undefined) return;
    for (const frame of this.#held.release(revision)) await log.quarantine(frame, code, reason);
  }

  /** The cloud does not know the frame's model revision: it goes out once more, and the frame waits for its answer. */
  async #askForModel(entry: UplinkEntry): Promise<void> {
    const { clock, resendAfter } = this.#options;
    if (!this.#held.hold(entry)) return;
    // A cloud that stored the model and still does not know it must not make us send it in a circle.
    const wait = (this.#modelSentAt.get(entry.revision) ?? Number.NEGATIVE_INFINITY) + resendAfter - clock.monotonic();
    if (wait <= 0) await this.#sendModel(entry.revision);
    else clock.after(wait, () => this.#sendModel(entry.revision).catch((thrown) => this.#failed(thrown)));
  }

  async #sendModel(revision: string): Promise<void> {
    const { log, clock, publish } = this.#options;
    if (!this.#connected || !this.#held.isHeld(revision)) return;
    this.#modelSentAt.set(revision, clock.monotonic());
    const model = await log.resendModel(revision);
    if (!model) {
      for (const frame of this.#held.release(revision))
        await log.quarantine(frame, 'unknown-model', 'this gateway has no such model revision');
      return;
    }
    this.#held.sentModel(revision, model);
    this.#window.add(model, 'events', clock.monotonic());
    publish(model);
    // The log holds it as an event too: while it is in flight, its stream passes it by.
    this.#cursors.hasNews();
    this.#pump();
  }

  #release(entry: UplinkEntry): void {
    const revision = this.#held.revisionOf(entry);
    if (revision === undefined) return;
    for (const frame of this.#held.release(revision)) this.#cursors.rewind(frame);
  }

  #tick(): void {
    for (const entry of this.#window.takeOverdue(this.#options.clock.monotonic())) this.#options.publish(entry);
    this.#pump();
  }

  #pump(): void {
    if (this.#pumping) {
      this.#again = true;
      return;
    }
    this.#pumping = true;
    this.#fill()
      .catch((thrown: unknown) => this.#failed(thrown))
      .finally(() => {
        this.#pumping = false;
      });
  }

  #failed(thrown: unknown): void {
    const { message } = coerceError(thrown);
    this.#options.logger.error({ code: 'uplink-log', message }, 'The uplink could not read the outbox.');
  }

  async #fill(): Promise<void> {
    do {
      this.#again = false;
      for (const stream of streams) {
        if (!this.#connected) return;
        await this.#send(stream);
      }
    } while (this.#again);
  }

  /** What is current and waits shows that the cloud has enough to do. */
  #mayReplay(now: number): boolean {
    return now >= this.#replayAfter && this.#window.longestWait('live', now) < patience;
  }

  async #send(stream: Stream): Promise<void> {
    const { clock, publish, holdsTelemetry } = this.#options;
    if ((stream === 'live' || stream === 'replay') && holdsTelemetry()) return;
    const room = this.#window.room(stream);
    const rate = this.#rates[stream];
    if (stream === 'replay' && !this.#mayReplay(clock.monotonic())) return;
    const limit = rate ? Math.min(room, rate.available(clock.monotonic())) : room;
    const skip = (name: EntryName) => this.#window.has(name) || this.#held.isWaiting(name);
    const entries = await this.#cursors.take(stream, limit, this.#window.size, skip);
    if (!this.#connected) return;
    for (const entry of entries) {
      this.#window.add(entry, stream, clock.monotonic());
      publish(entry);
    }
    rate?.use(entries.length);
  }
}
