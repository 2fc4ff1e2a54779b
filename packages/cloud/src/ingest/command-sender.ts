import { type Clock, describeError, type Logger, type Timer } from '@plantroom/base';
import type { AlarmCommand, GatewayAddress } from '@plantroom/model/wire';
import type { IngestRecords } from '../records/contract.ts';

export interface CommandSenderOptions {
  readonly records: Pick<IngestRecords, 'pendingCommands'>;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly publish: (to: GatewayAddress, command: AlarmCommand) => void;
}

/** How often a command is sent again until an event echoes it, in ms. */
const period = 5000;

/** Sends the commands that wait for an answer, again and again, to the gateways that are online. */
export class CommandSender {
  readonly #options: CommandSenderOptions;
  readonly #online = new Map<string, GatewayAddress>();
  readonly #timer: Timer;

  constructor(options: CommandSenderOptions) {
    this.#options = options;
    this.#timer = options.clock.every(period, () => {
      for (const to of this.#online.values()) void this.#sendPending(to);
    });
  }

  /** A gateway that comes online gets at once what waits for it. */
  statusChanged(of: GatewayAddress, online: boolean): void {
    const key = `${of.site}/${of.gateway}`;
    const before = this.#online.has(key);
    if (!online) this.#online.delete(key);
    else this.#online.set(key, { site: of.site, gateway: of.gateway });
    if (online && !before) void this.#sendPending(of);
  }

  stop(): void {
    this.#timer.cancel();
  }

  async #sendPending(to: GatewayAddress): Promise<void> {
    const { records, logger, publish } = this.#options;
    try {
      for (const command of await records.pendingCommands(to.site, to.gateway)) publish(to, command);
    } catch (thrown) {
      logger.warn({ code: 'commands-pending', ...to, detail: describeError(thrown) }, 'Commands could not be read.');
    }
  }
}
