import type { Clock } from '@plantroom/base';
import type { AlarmView, GatewayView, LatestPoint, LiveEvent, WorkOrderView } from '@plantroom/model/api';
import type { LiveMessage } from '../ingest/contract.ts';
import type { StoredSample } from '../time-series/contract.ts';

/** What the projector drives; each is told only what was committed. */
export interface ProjectorOptions {
  readonly clock: Clock;
  readonly mergeSamples: (samples: readonly StoredSample[]) => LatestPoint[];
  readonly refreshModels: () => Promise<void>;
  /** New or revised intervals of these meters. */
  readonly intervalsChanged: (site: string, meters: readonly string[]) => void;
  readonly views: {
    alarmById(id: string): Promise<AlarmView | undefined>;
    orderById(id: string): Promise<WorkOrderView | undefined>;
    gatewayById(site: string, id: string): Promise<GatewayView | undefined>;
  };
  /** Nobody looks: views need not be made. */
  readonly hasReaders: (site: string) => boolean;
  readonly publish: (site: string, event: LiveEvent) => void;
}

/** Turns messages of the `.../live` topics into the present (last values, models) and into events for browsers. */
export class Projector {
  readonly #options: ProjectorOptions;

  constructor(options: ProjectorOptions) {
    this.#options = options;
  }

  async handle(message: LiveMessage): Promise<void> {
    if (message.type === 'samples') this.#samples(message);
    else if (message.type === 'committed') await this.#committed(message);
    else await this.#status(message);
  }

  #samples({ site, items }: Extract<LiveMessage, { type: 'samples' }>): void {
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
      const alarm = await this.#options.views.alarmById(id);
      if (alarm) this.#publish(site, { type: 'alarm', now, alarm });
    }
    for (const id of orders) {
      const order = await this.#options.views.orderById(id);
      if (order) this.#publish(site, { type: 'work-order', now, order });
    }
    if (intervals.length > 0) this.#publish(site, { type: 'intervals', now, equipment: intervals });
  }

  async #status({ site, gateway }: Extract<LiveMessage, { type: 'status' }>): Promise<void> {
    if (!this.#options.hasReaders(site)) return;
    const view = await this.#options.views.gatewayById(site, gateway);
    if (view) this.#publish(site, { type: 'gateway', now: this.#options.clock.now(), gateway: view });
  }

  #publish(site: string, event: LiveEvent): void {
    this.#options.publish(site, event);
  }
}
