import { type Clock, describeError, type Logger, type Timer } from '@plantroom/base';
import type { GatewayRow } from '../records/contract.ts';
import type { Retention, TimeSeriesStore } from '../time-series/contract.ts';

/** What is known of when a gateway was heard. */
export type HeardGateway = Pick<GatewayRow, 'site' | 'gateway' | 'heardAt' | 'status'>;

export interface RetentionKeeperOptions {
  readonly store: Pick<TimeSeriesStore, 'expire'>;
  readonly records: { gateways(): Promise<readonly HeardGateway[]> };
  readonly retention: Retention;
  readonly clock: Clock;
  readonly logger: Logger;
}

const period = 3_600_000;
const day = 86_400_000;
/** A gateway is sometimes off the network for as long as this; days. */
const longAbsence = 31;

/** Removes what is older than it is to be kept, and warns where samples that are still to come would be. */
export class RetentionKeeper {
  readonly #options: RetentionKeeperOptions;
  #timer: Timer | undefined;
  #running: Promise<void> = Promise.resolve();
  /** Gateways that were warned of. */
  readonly #warned = new Set<string>();

  constructor(options: RetentionKeeperOptions) {
    this.#options = options;
  }

  start(): void {
    const { retention, logger, clock } = this.#options;
    const { samples } = retention;
    if (samples < longAbsence)
      logger.warn(
        { code: 'retention-short', days: samples },
        `Samples are kept for ${samples} days. A gateway that is off the network for longer comes back with samples that no rollup is made of, or that the database refuses. Keep them for longer than any gateway may be away.`,
      );
    this.#timer = clock.every(period, () => void this.round());
    void this.round();
  }

  round(): Promise<void> {
    this.#running = this.#running.then(() => this.#work());
    return this.#running;
  }

  async stop(): Promise<void> {
    this.#timer?.cancel();
    await this.#running;
  }

  async #work(): Promise<void> {
    const { store, retention, clock, logger } = this.#options;
    try {
      await this.#warn();
      const gone = await store.expire(retention, clock.now());
      if (gone.length > 0)
        logger.info({ code: 'retention', gone }, 'Time series that are kept no longer were removed.');
    } catch (thrown) {
      const fields = { code: 'retention', detail: describeError(thrown) };
      logger.warn(fields, 'Time series that are kept no longer could not be removed; it is tried again in an hour.');
    }
  }

  /** A gateway that has been away for most of the time for which samples are kept, or that still holds such old ones. */
  async #warn(): Promise<void> {
    const { records, retention, clock, logger } = this.#options;
    const limit = retention.samples * day;
    for (const { site, gateway, heardAt, status } of await records.gateways()) {
      const away = heardAt === null ? 0 : clock.now() - heardAt;
      const held = (status?.backlog.entries ?? 0) > 0 ? (status?.backlog.oldest ?? 0) : 0;
      const key = `${site}/${gateway}`;
      if (Math.max(away, away + held) < 0.7 * limit) this.#warned.delete(key);
      else if (!this.#warned.has(key)) {
        this.#warned.add(key);
        const fields = { code: 'retention-behind', site, gateway, days: Math.round((away + held) / day) };
        logger.warn(
          fields,
          `A gateway may hold samples nearly as old as the ${retention.samples} days for which they are kept. Keep them longer until it has sent them.`,
        );
      }
    }
  }
}
