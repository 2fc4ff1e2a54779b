import { type Clock, coerceError, type Logger, type Random, type Timer } from '@plantroom/base';
import {
  type Acknowledgement,
  acknowledgement,
  alarmCommand,
  downTopic,
  type GatewayAddress,
  type GatewayStatus,
  upTopic,
} from '@plantroom/model/wire';
import type { z } from 'zod';
import type { CloudTime, CommandHandler, StatusSource, UplinkLog } from './contract.ts';
import { Link } from './link.ts';
import { Sender } from './sender.ts';

export interface UplinkOptions {
  readonly address: GatewayAddress;
  readonly url: string;
  readonly user: string;
  readonly password: string;
  readonly ca?: string;
  readonly log: UplinkLog;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly onCommand: CommandHandler;
  readonly status: StatusSource;
  /** Whether telemetry must stay in the log for now. */
  readonly holdsTelemetry?: () => boolean;
  /** Told the cloud's time, each time that it answers a status. */
  readonly onCloudTime?: (time: CloudTime) => void;
  /** Milliseconds until an unanswered frame is sent again; 10 s unless told. */
  readonly resendAfter?: number;
  /** Frames of imported history a second; 10 unless told. */
  readonly historyRate?: number;
  /** Frames of an outage's backlog a second; 200 unless told. */
  readonly replayRate?: number;
}

/** How often the status goes out unasked, and how soon after a change, in ms. */
const statusPeriod = 30_000;
const statusDelay = 1000;
/** Milliseconds that the goodbye may take. */
const goodbye = 1000;

/** The way to the cloud: frames of the log out, acknowledgements and commands in. */
export class Uplink {
  readonly #options: UplinkOptions;
  readonly #link: Link;
  readonly #sender: Sender;
  #status: GatewayStatus;
  #heartbeat: Timer | undefined;
  #soon: Timer | undefined;
  /** The newest status that asks for the cloud's time, and when it was sent (monotonic). */
  #question = { number: 0, sent: 0 };

  private constructor(options: UplinkOptions, status: GatewayStatus) {
    const { address, log, clock, logger } = options;
    this.#options = options;
    this.#status = status;
    this.#sender = new Sender({
      log,
      clock,
      logger,
      resendAfter: options.resendAfter ?? 10_000,
      random: options.random,
      historyRate: options.historyRate ?? 10,
      replayRate: options.replayRate ?? 200,
      holdsTelemetry: options.holdsTelemetry ?? (() => false),
      publish: (entry) => this.#link.publish(upTopic(address, entry.lane), entry.bytes),
    });
    this.#link = new Link({
      ...options,
      clientId: `${address.site}/${address.gateway}`,
      subscriptions: [downTopic(address, 'acks'), downTopic(address, 'commands')],
      will: () => this.#farewell(),
      onUp: () => void this.#onUp(),
      onDown: () => this.#onDown(),
      onMessage: (topic, payload) => this.#onMessage(topic, payload),
    });
  }

  /** Starts to connect; it does not wait for the cloud. */
  static async start(options: UplinkOptions): Promise<Uplink> {
    const uplink = new Uplink(options, { ...(await options.status()), online: false });
    uplink.#link.open();
    return uplink;
  }

  get connected(): boolean {
    return this.#link.up;
  }

  get inFlight(): number {
    return this.#sender.inFlight;
  }

  /** Something in the status has changed: the cloud hears of it within a second. */
  statusChanged(): void {
    if (!this.#link.up) return;
    this.#soon ??= this.#options.clock.after(statusDelay, () => {
      this.#soon = undefined;
      void this.#publishStatus();
    });
  }

  /** The model revision has changed: the retained copy follows. */
  async modelChanged(): Promise<void> {
    const frame = await this.#options.log.modelFrame();
    if (frame) this.#link.publish(upTopic(this.#options.address, 'model'), frame, true);
  }

  async stop(): Promise<void> {
    this.#onDown();
    await this.#link.close(this.#farewell(), goodbye);
  }

  async #onUp(): Promise<void> {
    try {
      await this.modelChanged();
      await this.#publishStatus();
      this.#heartbeat ??= this.#options.clock.every(statusPeriod, () => void this.#publishStatus());
      await this.#sender.connected();
    } catch (thrown) {
      this.#complain('uplink-start', thrown, 'The uplink could not begin to send.');
    }
  }

  #onDown(): void {
    this.#heartbeat?.cancel();
    this.#heartbeat = undefined;
    this.#soon?.cancel();
    this.#soon = undefined;
    this.#sender.disconnected();
  }

  async #publishStatus(): Promise<void> {
    try {
      const status = await this.#options.status();
      this.#question = { number: this.#question.number + 1, sent: this.#options.clock.monotonic() };
      this.#status = { ...status, online: true, question: this.#question.number };
      this.#link.publish(upTopic(this.#options.address, 'status'), JSON.stringify(this.#status), true);
    } catch (thrown) {
      this.#complain('uplink-status', thrown, 'The status could not be read.');
    }
  }

  #farewell(): { topic: string; payload: string } {
    const status: GatewayStatus = { ...this.#status, online: false };
    return { topic: upTopic(this.#options.address, 'status'), payload: JSON.stringify(status) };
  }

  #onMessage(topic: string, payload: Buffer): void {
    const { address, onCommand } = this.#options;
    if (topic === downTopic(address, 'acks')) {
      const ack = this.#parse(acknowledgement, topic, payload);
      if (!ack) return;
      if (ack.clock) this.#onClock(ack.clock);
      else
        this.#sender
          .acknowledged(ack)
          .catch((thrown: unknown) =>
            this.#complain(
              'uplink-acknowledge',
              thrown,
              'An acknowledgement could not be booked; its frames go out again.',
            ),
          );
    } else if (topic === downTopic(address, 'commands')) {
      const command = this.#parse(alarmCommand, topic, payload);
      if (command) onCommand(command);
    }
  }

  /** An answer to an earlier question would bound the time less well. */
  #onClock({ question, time }: NonNullable<Acknowledgement['clock']>): void {
    const { number, sent } = this.#question;
    if (question === number) this.#options.onCloudTime?.({ time, sent, received: this.#options.clock.monotonic() });
  }

  #parse<S extends z.ZodType>(schema: S, topic: string, payload: Buffer): z.output<S> | undefined {
    try {
      return schema.parse(JSON.parse(payload.toString('utf8')));
    } catch (thrown) {
      this.#complain('uplink-message', thrown, `A message on ${topic} has another form than this version reads.`);
      return undefined;
    }
  }

  #complain(code: string, thrown: unknown, message: string): void {
    this.#options.logger.error({ code, detail: coerceError(thrown).message }, message);
  }
}
