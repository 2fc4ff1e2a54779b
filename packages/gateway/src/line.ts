import { isDeepStrictEqual } from 'node:util';
import type { Lifecycle, Logger, Random } from '@plantroom/base';
import type { KindName } from '@plantroom/model';
import { Acquisition, type PreparedConnection } from './acquisition/acquisition.ts';
import type { AcquisitionSink } from './acquisition/contract.ts';
import { certificateFacts } from './certificate-watch.ts';
import type { Correction } from './clock/contract.ts';
import type { GatewayClock } from './clock/gateway-clock.ts';
import type { GatewayOptions, SiteConfig, SiteModel } from './config/index.ts';
import { equipmentOf, SiteDetector } from './detector.ts';
import { detectionState, Evaluation } from './evaluation/evaluation.ts';
import type { FieldChange } from './field.ts';
import { noteProperty } from './gateway-report.ts';
import { LearningStage, learnedState } from './learning/learning.ts';
import { stateKeys } from './metering/contract.ts';
import { MeteringStage } from './metering/metering.ts';
import { MisfitFacts } from './misfit-facts.ts';
import type { Outbox } from './outbox/outbox.ts';
import { Reporter } from './reporting/reporter.ts';
import type { TimeInLog } from './time-in-log.ts';

/** What every part of the gateway works with. */
export interface Surroundings {
  readonly clock: GatewayClock;
  readonly random: Random;
  readonly logger: Logger;
  readonly lifecycle: Lifecycle;
  readonly onFailure: (thrown: unknown) => void;
}

/** What the log kept of the stages. */
interface Saved {
  readonly detection: unknown;
  readonly learned: unknown;
  readonly metering: Readonly<Record<string, unknown>>;
}

interface LineSurroundings extends Surroundings {
  readonly time: TimeInLog;
}

/** How often the certificates of secured connections are looked at, ms. */
const certificatePeriod = 60_000;
/** Less than this (ms) makes neither an interval nor an alarm wrong. */
const smallStep = 1000;
/** Milliseconds that devices may take to be left. */
const fieldPatience = 1200;

/** The stages of one site file, joined in the order of the line; another file changes them while they run. */
export class Line {
  readonly properties = new Map<string, Readonly<Record<string, string>>>();
  readonly acquisition: Acquisition;
  readonly detector: SiteDetector;
  readonly evaluation: Evaluation;
  readonly learning: LearningStage;
  readonly reporter: Reporter;
  readonly #misfits = new MisfitFacts();
  readonly #outbox: Outbox;
  readonly #around: LineSurroundings;
  #metering: MeteringStage;
  #meters: ReturnType<typeof metersOf>;
  #kinds: ReadonlyMap<string, KindName>;
  #importHistory: () => Promise<void> = () => Promise.resolve();
  #onConnections: () => void = () => {};

  private constructor(
    site: SiteConfig,
    { points }: SiteModel,
    connections: readonly PreparedConnection[],
    outbox: Outbox,
    around: LineSurroundings,
    saved: Saved,
  ) {
    const { clock, random, logger, onFailure, time } = around;
    const common = { log: outbox, clock, logger, onFailure };
    this.#outbox = outbox;
    this.#around = around;
    this.detector = new SiteDetector(site, points, saved.detection, { clock, logger });
    this.evaluation = new Evaluation({ ...common, detector: this.detector });
    this.learning = new LearningStage({
      ...common,
      equipment: equipmentOf(site, points),
      saved: saved.learned,
      onFinding: (finding) => this.evaluation.fact(finding),
    });
    this.reporter = new Reporter({ ...common, points, isTimeUnconfirmed: () => time.isUnconfirmed });
    this.#meters = metersOf(site);
    this.#kinds = kindsOf(site);
    this.#metering = this.#openMetering(saved.metering);
    this.acquisition = new Acquisition({ connections, points, sink: this.#sink(), clock, random, logger });
    time.beforeCorrection((correction) => this.#correct(correction));
  }

  /** Joins the stages with what the log kept of them; nothing runs yet. */
  static async join(
    site: SiteConfig,
    model: SiteModel,
    connections: readonly PreparedConnection[],
    outbox: Outbox,
    around: LineSurroundings,
  ): Promise<Line> {
    const [detection, learned] = await Promise.all([detectionState, learnedState].map((key) => outbox.readState(key)));
    const saved = { detection, learned, metering: await savedMetering(outbox) };
    return new Line(site, model, connections, outbox, around, saved);
  }

  onConnections(listener: () => void): void {
    this.#onConnections = listener;
  }

  /** Sets the line going; resolves when the history is in, at once without one. */
  run({ history, onHistory = () => {} }: Pick<GatewayOptions, 'history' | 'onHistory'>): Promise<void> {
    const { lifecycle } = this.#around;
    // Stopped in the reverse order: first nothing new comes in, then each stage hands on what it holds.
    lifecycle.onStop('reporting', () => this.reporter.stop());
    lifecycle.onStop('evaluation', () => this.evaluation.stop());
    lifecycle.onStop('learning', () => this.learning.stop());
    lifecycle.onStop('metering', () => this.#metering.stop());
    lifecycle.onStop('acquisition', () => this.#withPatience(this.acquisition.stop()));
    if (history) this.#importHistory = () => this.#metering.importHistory(history, onHistory);
    const imported = this.#importHistory();
    imported.catch(() => {});
    this.evaluation.start();
    this.learning.start();
    this.#metering.start();
    this.reporter.start();
    this.acquisition.start();
    const watch = this.#around.clock.every(certificatePeriod, () => this.#lookAtCertificates());
    lifecycle.onStop('the watch over certificates', () => watch.cancel());
    return imported;
  }

  /** Goes on as another site file says; what it leaves as it was is not touched. */
  async change(site: SiteConfig, { points, revision }: SiteModel, field: FieldChange): Promise<void> {
    const { clock } = this.#around;
    await this.#withPatience(this.acquisition.leave(field.connections));
    const meters = metersOf(site);
    const otherMeters = !isDeepStrictEqual(meters, this.#meters);
    if (otherMeters) await this.#metering.stop();
    const saved = otherMeters ? await savedMetering(this.#outbox) : {};
    // In one go, so that no sample comes between: what was read so far is logged under the revision of its time.
    this.reporter.use(points);
    const logged = this.#outbox.useModel(revision);
    this.#kinds = kindsOf(site);
    this.evaluation.decided(this.detector.use(site, points, clock.now()));
    this.learning.use(equipmentOf(site, points));
    if (otherMeters) {
      const before = this.#metering;
      this.#meters = meters;
      this.#metering = this.#openMetering(saved);
      this.#importHistory().catch(() => {});
      this.#metering.follow(before);
      this.#metering.start();
    }
    this.acquisition.use(field.connections, points, field.unchanged, field.rebound);
    await logged;
  }

  /** What each stage keeps by the time as it was moves along; for its delays, detection looks for steps of the time by itself. */
  #correct({ from, to, by }: Correction): void {
    this.reporter.correct(by);
    if (Math.abs(by) < smallStep) return;
    this.#metering.move(from, by);
    this.evaluation.decided(this.detector.rename({ from, to, by }));
  }

  #openMetering(saved: Readonly<Record<string, unknown>>): MeteringStage {
    const { clock, logger, onFailure, time } = this.#around;
    return new MeteringStage({
      ...this.#meters,
      saved,
      log: this.#outbox,
      clock,
      logger,
      onFailure,
      onFinding: (finding) => this.evaluation.fact(finding),
      isTimeAwaited: () => time.isAwaited,
    });
  }

  #sink(): AcquisitionSink {
    return {
      samples: (batch) => {
        this.evaluation.samples(batch);
        this.learning.samples(batch);
        this.#metering.samples(batch);
        this.reporter.samples(batch);
      },
      event: (event, misfit) => {
        this.evaluation.event(event);
        if (misfit) for (const fact of this.#misfits.of(event, misfit)) this.evaluation.fact(fact);
      },
      property: (property) => noteProperty(this.properties, property),
      connectionsChanged: () => this.#onConnections(),
    };
  }

  #lookAtCertificates(): void {
    const certified = this.acquisition.certified().flatMap(({ equipment, ...connection }) => {
      const kind = this.#kinds.get(equipment);
      return kind ? [{ ...connection, equipment: { id: equipment, kind } }] : [];
    });
    for (const fact of certificateFacts(certified, this.#around.clock.now())) this.evaluation.fact(fact);
  }

  /** A device that hangs must not hold up what is to be kept. */
  async #withPatience(leaving: Promise<void>): Promise<void> {
    const enough = new AbortController();
    await Promise.race([leaving, this.#around.clock.sleep(fieldPatience, enough.signal)]);
    enough.abort();
  }
}

async function savedMetering(outbox: Outbox): Promise<Record<string, unknown>> {
  const keys = Object.values(stateKeys);
  const values = await Promise.all(keys.map((key) => outbox.readState(key)));
  return Object.fromEntries(keys.map((key, i) => [key, values[i]]));
}

function kindsOf({ equipment }: SiteConfig): ReadonlyMap<string, KindName> {
  return new Map(equipment.map(({ id, kind }) => [id, kind]));
}

/** Every energy meter; a rating `registerMaximum` (kWh) or `maximumPower` (kW) helps to tell a rollover from a fault. */
function metersOf(site: SiteConfig) {
  const meters = site.equipment
    .filter((e) => e.kind === 'energy-meter')
    .map(({ id, ratings, parent }) => ({
      id,
      parent,
      registerMaximum: ratings.registerMaximum,
      maximumPower: ratings.maximumPower,
    }));
  return { timezone: site.site.timezone, meters };
}
