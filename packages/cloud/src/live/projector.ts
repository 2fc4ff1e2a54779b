import type { Clock } from '@plantroom/base';
import type { AlarmView, GatewayView, LatestPoint, LiveEvent, WorkOrderView } from '@plantroom/model/api';
import type { LiveMessage } from '../ingest/live-message.ts';
import type { StoredSample } from '../time-series/contract.ts';

/** What the projector drives; each is told only what was committed. */
export interface ProjectorOptions {
  readonly clock: Clock;
  readonly mergeSamples: (samples: readonly StoredSample[]) => LatestPoint[];
  readonly refreshModels: () => Promise<void>;
  /** New or revised intervals of these meters. */
  readonly intervalsChanged: (site: string, meters: readonly string[]) => void;
  readonly alarm: (id: string) => Promise<AlarmView | undefined>;
  readonly order: (id: string) => Promise<WorkOrderView | undefined>;
  readonly gateway: (site: string, id: string) => Promise<GatewayView | undefined>;
  /** Nobody looks: views need not be made. */
  readonly hasReaders: (site: string) => boolean;
  readonly publish: (site: string, event: LiveEvent) => void;
}

/** Turns messages of the `.../live` topics into the present (last values, models) and into events for browsers. */
export class Projector {
  readonly #options: ProjectorOptions;
  readonly #lags = new Map<string, number>();

  constructor(options: ProjectorOptions) {
    this.#options = options;
  }

  /** ms between gateway time and commit of the gateway's newest frame; null before the first one. */
  lagOf(site: string, gateway: string): number | null {
    return this.#lags.get(`${site}/${gateway}`) ?? null;
  }

  async handle(message: LiveMessage): Promise<void> {
    if (message.type === 'samples') this.#samples(message);
    else if (message.type === 'committed') await this.#committed(message);
    else await this.#status(message);
  }

  #samples({ site, gateway, committedAt, items }: Extract<LiveMessage, { type: 'samples' }>): void {
    const newest = items.reduce((t, s) => Math.max(t, s.gatewayTime), 0);
    if (items.length > 0) this.#lags.set(`${site}/${gateway}`, Math.max(0, committedAt - newest));
    const latest = this.#options.mergeSamples(
      items.map(({ reason, ...s }) => ({ site, ...s, ...(reason === null ? {} : { reason }) })),
    );
    if (latest.length > 0) this.#publish(site, { type: 'latest', now: this.#options.clock.now(), items: latest });
  }

  async #committed(message: Extract<LiveMessage, { type: 'committed' }>): Promise<void> {
    const { site, models, alarms, orders, intervals } = message;
    const now = this.#options.clock.now();
    if (models.length > 0) await this.#options.refreshModels();
    if (intervals.length > 0) this.#options.intervalsChanged(site, intervals);
    if (!this.#options.hasReaders(site)) return;
    for (const revision of models) this.#publish(site, { type: 'model', now, revision });
    for (const id of alarms) {
      const alarm = await this.#options.alarm(id);
      if (alarm) this.#publish(site, { type: 'alarm', now, alarm });
    }
    for (const id of orders) {
      const order = await this.#options.order(id);
      if (order) this.#publish(site, { type: 'work-order', now, order });
    }
    if (intervals.length > 0) this.#publish(site, { type: 'intervals', now, equipment: intervals });
  }

  async #status({ site, gateway }: Extract<LiveMessage, { type: 'status' }>): Promise<void> {
    if (!this.#options.hasReaders(site)) return;
    const view = await this.#options.gateway(site, gateway);
    if (view) this.#publish(site, { type: 'gateway', now: this.#options.clock.now(), gateway: view });
  }

  #publish(site: string, event: LiveEvent): void {
    this.#options.publish(site, event);
  }
}
