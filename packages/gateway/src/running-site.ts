import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { Lifecycle, type Logger } from '@plantroom/base';
import { catalogue } from '@plantroom/detection';
import {
  type CloudAccess,
  cloudAccess,
  type GatewayOptions,
  loadSite,
  modelRevisionOf,
  packageVersion,
  readSecrets,
  type SecretLookup,
  type SiteConfig,
  type SiteModel,
} from './config/index.ts';
import { Field, type FieldChange } from './field.ts';
import { reportOf, wireStatus } from './gateway-report.ts';
import { Line, type Surroundings } from './line.ts';
import type { AskedLog } from './log-commands.ts';
import { Outbox } from './outbox/outbox.ts';
import type { GatewayReport } from './status/contract.ts';
import { StatusServer } from './status/status-server.ts';
import { TimeInLog } from './time-in-log.ts';
import { Uplink } from './uplink/uplink.ts';

/** Milliseconds that writes which can wait are collected into one commit. */
const groupCommit = 250;
const mebibyte = 1024 * 1024;

/** A site file that can be run: read, found right, and its secrets with it. */
export interface CheckedSite {
  readonly site: SiteConfig;
  readonly secret: SecretLookup;
  /** Undefined without a cloud. */
  readonly access: CloudAccess | undefined;
}

/** What a reload did. Connections by id. */
export interface SiteChange {
  readonly opened: readonly string[];
  /** Settings or equipment of them were changed. */
  readonly reopened: readonly string[];
  readonly closed: readonly string[];
  /** Not touched. */
  readonly kept: readonly string[];
  /** The model revision from here on. */
  readonly revision: string;
  readonly uplink: 'kept' | 'changed';
  /** Limits of the log or the device broker were changed, so that everything was opened anew. */
  readonly restarted: boolean;
}

/** All that can be wrong with a site without touching the plant; throws ConfigError or PlantroomError. */
export function checkSite(options: GatewayOptions): CheckedSite {
  const site = loadSite(options.siteFile);
  const secret = readSecrets(site, options.cloud?.password === undefined ? undefined : 'gateway');
  return { site, secret, access: cloudAccess(site, secret, options.cloud) };
}

/** A site as it runs: the log, the field, the line between them, and the way to the cloud. */
export class RunningSite {
  readonly #around: Surroundings;
  readonly #outbox: Outbox;
  readonly #time: TimeInLog;
  readonly #field: Field;
  readonly #line: Line;
  #checked: CheckedSite;
  #model: SiteModel;
  #uplink: Uplink | undefined;
  #status: StatusServer | undefined;
  #history: Promise<void> = Promise.resolve();

  private constructor(around: Surroundings, checked: CheckedSite, parts: Parts) {
    this.#around = around;
    this.#checked = checked;
    this.#outbox = parts.outbox;
    this.#time = parts.time;
    this.#field = parts.field;
    this.#line = parts.line;
    this.#model = parts.model;
  }

  /** Throws as `startGateway`; what was started by then is stopped again. */
  static async start(
    options: GatewayOptions,
    checked: CheckedSite,
    surroundings: Omit<Surroundings, 'lifecycle'>,
  ): Promise<RunningSite> {
    const around = { ...surroundings, lifecycle: new Lifecycle() };
    try {
      const running = new RunningSite(around, checked, await openParts(options, checked, around));
      await running.#begin(options);
      return running;
    } catch (thrown) {
      await stopAll(around.lifecycle, around.logger);
      throw thrown;
    }
  }

  /** What it was started with, or has taken since. */
  get checked(): CheckedSite {
    return this.#checked;
  }

  get site(): SiteConfig {
    return this.#checked.site;
  }

  get secret(): SecretLookup {
    return this.#checked.secret;
  }

  get statusPort(): number | undefined {
    return this.#status?.port;
  }

  /** Resolves when the history is in. */
  get history(): Promise<void> {
    return this.#history;
  }

  report(): Promise<GatewayReport> {
    return reportOf({
      site: this.site,
      model: this.#model,
      version: packageVersion(),
      acquisition: this.#line.acquisition,
      detector: this.#line.detector,
      reporter: this.#line.reporter,
      properties: this.#line.properties,
      outbox: this.#outbox,
      uplink: () => this.#uplink,
      clock: this.#around.clock,
    });
  }

  /** For what a person asks of the log. */
  get log(): AskedLog {
    return this.#outbox;
  }

  /** Makes ready what another site file has new; `apply` then takes it. Throws what the drivers find wrong with it. */
  async prepare(next: CheckedSite): Promise<{ readonly summary: SiteChange; apply(): Promise<void> }> {
    await this.#field.tryBroker(next.site);
    const field = await this.#field.change(next.site, next.secret);
    const model = modelOf(next.site, field.connections);
    const otherCloud = !isDeepStrictEqual(next.access, this.#checked.access);
    const { opened, reopened, closed, kept } = field;
    const { revision } = model.revision;
    const uplink = otherCloud ? 'changed' : 'kept';
    return {
      summary: { opened, reopened, closed, kept, revision, uplink, restarted: false },
      apply: () => this.#change(next, field, model, otherCloud),
    };
  }

  async stop(): Promise<void> {
    await stopAll(this.#around.lifecycle, this.#around.logger);
  }

  async #begin(options: GatewayOptions): Promise<void> {
    const { logger, lifecycle } = this.#around;
    lifecycle.onStop('the uplink', () => this.#uplink?.stop());
    await this.#startUplink();
    this.#line.onConnections(() => this.#uplink?.statusChanged());
    if (options.statusPort !== undefined) {
      this.#status = await StatusServer.start(options.statusPort, () => this.report(), logger);
      lifecycle.onStop('the status page', () => this.#status?.close());
    }
    this.#history = this.#line.run(options);
    lifecycle.onStop('the intake of the device broker', () => this.#field.refuseDevices());
    const { site, gateway } = this.site;
    logger.info({ site: site.id, gateway: gateway.id, points: this.#model.points.length }, 'The gateway runs.');
  }

  async #change(next: CheckedSite, field: FieldChange, model: SiteModel, otherCloud: boolean): Promise<void> {
    this.#field.refuseDevices(next.site);
    await this.#line.change(next.site, model, field);
    this.#field.use(field, next.site, next.secret);
    this.#checked = next;
    this.#model = model;
    if (otherCloud) {
      await this.#uplink?.stop();
      await this.#startUplink();
    } else await this.#uplink?.modelChanged();
    const { opened, reopened, closed, kept } = field;
    const untouched = kept.length;
    this.#around.logger.info(
      { opened, reopened, closed, untouched, revision: model.revision.revision },
      'The site file was read again.',
    );
  }

  async #startUplink(): Promise<void> {
    const { clock, random, logger } = this.#around;
    const { site, access } = this.#checked;
    this.#uplink =
      access &&
      (await Uplink.start({
        ...access,
        address: { site: site.site.id, gateway: site.gateway.id },
        log: this.#outbox,
        clock,
        random,
        logger,
        status: async () => wireStatus(await this.report(), clock.now()),
        holdsTelemetry: () => this.#time.holdsTelemetry,
        onCloudTime: (time) => clock.hear(time),
        onCommand: (command) => this.#line.evaluation.command(command),
      }));
  }
}

interface Parts {
  readonly outbox: Outbox;
  readonly time: TimeInLog;
  readonly field: Field;
  readonly model: SiteModel;
  readonly line: Line;
}

async function openParts(
  { dataDirectory }: GatewayOptions,
  { site, secret }: CheckedSite,
  around: Surroundings,
): Promise<Parts> {
  const { clock, logger, lifecycle } = around;
  const outbox = await openOutbox(site, dataDirectory, around);
  const wait = site.gateway.clock.wait * 1000;
  const time = await TimeInLog.start({ clock, outbox, logger, wait, onFailure: around.onFailure });
  lifecycle.onStop('the clock', () => time.stop());
  const field = await Field.open({ site, secret, dataDirectory, clock, logger, lifecycle });
  const model = modelOf(site, field.connections);
  await outbox.useModel(model.revision);
  const line = await Line.join(site, model, field.connections, outbox, { ...around, time });
  field.acknowledgeAfter(() => line.evaluation.settled());
  return { outbox, time, field, model, line };
}

function modelOf(site: SiteConfig, connections: FieldChange['connections']): SiteModel {
  const devices = connections.flatMap((c) => c.connection.devices);
  return modelRevisionOf(site, devices, catalogue(site.rules));
}

async function openOutbox(site: SiteConfig, dataDirectory: string, around: Surroundings): Promise<Outbox> {
  const { maximum, free } = site.gateway.log;
  const outbox = await Outbox.open({
    file: join(dataDirectory, 'outbox.sqlite'),
    site: site.site.id,
    gateway: site.gateway.id,
    capacity: { maximumBytes: maximum * mebibyte, freeFloor: free * mebibyte },
    groupCommit,
    logger: around.logger,
    onFailure: around.onFailure,
  });
  around.lifecycle.onStop('the outbox', () => outbox.close());
  return outbox;
}

async function stopAll(lifecycle: Lifecycle, logger: Logger): Promise<void> {
  for (const error of await lifecycle.stop()) logger.error({ code: 'stop', detail: error.message }, 'Not all stopped.');
}
