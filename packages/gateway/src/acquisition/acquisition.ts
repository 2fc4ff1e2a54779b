import type { Clock, Logger, Random, Timer } from '@plantroom/base';
import type { CertificateNotice, FieldConnection, UnitHistory } from '@plantroom/drivers';
import type { DeviceEvent, LocalText, Sample } from '@plantroom/model';
import { ConnectionRunner, type LinkState, type RunnerEvents, type RunnerOptions } from './connection-runner.ts';
import type { AcquiredPoint, AcquisitionSink, DeviceTrouble, RawReading } from './contract.ts';
import { type ImageView, type Moment, ProcessImage } from './process-image.ts';

export interface PreparedConnection {
  readonly type: string;
  readonly connection: FieldConnection;
}

export interface AcquisitionOptions {
  readonly connections: readonly PreparedConnection[];
  readonly points: readonly AcquiredPoint[];
  readonly sink: AcquisitionSink;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
}

export interface ConnectionReport {
  readonly id: string;
  readonly type: string;
  readonly state: LinkState;
  readonly silent: readonly string[];
  readonly detail: string;
}

export interface FieldReport {
  readonly connection: string;
  readonly trouble: readonly DeviceTrouble[];
  /** Only of buses whose units have numbers. */
  readonly units: readonly UnitHistory[];
  /** What the driver counts, by its own names. */
  readonly tally: Readonly<Record<string, number>>;
}

interface Running {
  readonly type: string;
  readonly connection: FieldConnection;
  readonly runner: ConnectionRunner;
}

/** Milliseconds after which readings that found no free millisecond are tried again. */
const settlePeriod = 1000;
/** Milliseconds between two lines of the log about merged values at least. */
const tellPeriod = 60_000;

/** All connections of the site, each kept going by itself, and the image of what they read. */
export class Acquisition {
  readonly image: ProcessImage;
  readonly #options: AcquisitionOptions;
  readonly #events: RunnerEvents;
  #runners: readonly Running[];
  #settling: Timer | undefined;
  #toldAt = Number.NEGATIVE_INFINITY;

  constructor(options: AcquisitionOptions) {
    this.#options = options;
    this.image = new ProcessImage(options.points);
    this.#events = this.#eventsOfRunners();
    this.#runners = options.connections.map((prepared) => this.#run(prepared));
  }

  start(): void {
    for (const { runner } of this.#runners) runner.start();
  }

  /** Closes every connection; one that hangs does not keep the others. */
  async stop(): Promise<void> {
    this.#settling?.cancel();
    await Promise.all(this.#runners.map(({ runner }) => runner.stop()));
  }

  /**
   * Closes the connections that are not among these; the others go on, and so does, until `use`, one whose session is taken
   * over by what comes in its place.
   */
  async leave(next: readonly PreparedConnection[]): Promise<void> {
    const byId = new Map(next.map(({ connection }) => [connection.id, connection]));
    const leaving = this.#runners.filter(({ connection }) => {
      const other = byId.get(connection.id);
      return other !== connection && !other?.follow?.(connection);
    });
    await Promise.all(leaving.map(({ runner }) => runner.stop()));
  }

  /**
   * Goes on with these connections and points. A connection that is there already is not touched; one in the place of
   * another (which `leave` has closed, or it takes over) takes over the turns and back-offs of the devices that are as they were; a point that
   * stays keeps its value, unless its equipment is `rebound`: read from another source than before.
   */
  use(
    connections: readonly PreparedConnection[],
    points: readonly AcquiredPoint[],
    unchanged: ReadonlyMap<string, ReadonlySet<string>>,
    rebound: readonly string[] = [],
  ): void {
    this.image.use(points);
    const silenced = rebound.flatMap((equipment) => this.image.rebind(equipment, this.#moment()));
    if (silenced.length > 0) this.#options.sink.samples(silenced);
    const before = new Map(this.#runners.map((running) => [running.connection.id, running]));
    this.#runners = connections.map((prepared) => {
      const { connection } = prepared;
      const known = before.get(connection.id);
      if (known?.connection === connection) return known;
      const same = unchanged.get(connection.id);
      return this.#run(prepared, known && same && { runner: known.runner, unchanged: same });
    });
    this.start();
    for (const running of before.values()) {
      if (this.#runners.includes(running)) continue;
      // One that hangs was not waited for.
      running.runner.dismiss();
      void running.runner.stop();
    }
    this.#options.sink.connectionsChanged();
  }

  report(): ConnectionReport[] {
    return this.#runners.map(({ type, runner: { id, state, silent, detail, complaints } }) => ({
      id,
      type,
      state,
      silent,
      detail: detail || complaints,
    }));
  }

  /** For the person on this machine: what is in back-off on each bus, and what each unit has answered so far. */
  fieldReport(): FieldReport[] {
    return this.#runners.map(({ connection, runner }) => ({
      connection: connection.id,
      trouble: runner.trouble,
      units: connection.history?.() ?? [],
      tally: connection.tally?.() ?? {},
    }));
  }

  /** Connections that stand on certificates, each with the first equipment on it. */
  certified(): { id: string; equipment: string; certificates: readonly CertificateNotice[] }[] {
    return this.#runners.flatMap(({ connection }) => {
      const [first] = connection.devices;
      const certificates = connection.certificates?.() ?? [];
      return first && certificates.length > 0 ? [{ id: connection.id, equipment: first.equipment, certificates }] : [];
    });
  }

  /** Cycles of polled devices that their bus was too slow for. */
  get skipped(): number {
    return this.#runners.reduce((sum, { runner }) => sum + runner.skipped, 0);
  }

  view(): ImageView[] {
    return this.image.view(this.#moment());
  }

  #run({ type, connection }: PreparedConnection, after?: RunnerOptions['after']): Running {
    const { clock, random, logger } = this.#options;
    const options = { connection, clock, random, logger: logger.child({ connection: connection.id }) };
    const runner = new ConnectionRunner({ ...options, events: this.#events, ...(after ? { after } : {}) });
    return { type, connection, runner };
  }

  #eventsOfRunners(): RunnerEvents {
    const { sink } = this.#options;
    return {
      readings: (batch) => this.#readings(batch),
      silent: ({ equipment, points }, reason) => {
        const samples = this.image.silence(equipment, points, reason, this.#moment());
        if (samples.length > 0) sink.samples(samples);
      },
      changed: () => sink.connectionsChanged(),
      wasHeard: (equipment) => this.image.wasHeard(equipment),
      sink: { event: (event, misfit) => this.#event(event, misfit), property: (property) => sink.property(property) },
    };
  }

  #readings(batch: readonly RawReading[]): void {
    const moment = this.#moment();
    const samples: Sample[] = [];
    for (const reading of batch) {
      const sample = this.image.accept(reading, moment);
      if (sample) samples.push(sample);
    }
    if (samples.length > 0) this.#options.sink.samples(samples);
    if (this.image.isCrowded) this.#settling ??= this.#options.clock.after(settlePeriod, () => this.#settle());
  }

  #settle(): void {
    const { clock, logger, sink } = this.#options;
    this.#settling = undefined;
    const moment = this.#moment();
    const samples = this.image.settle(moment);
    if (samples.length > 0) sink.samples(samples);
    if (moment.monotonic - this.#toldAt >= tellPeriod)
      for (const merged of this.image.tellMerged()) {
        this.#toldAt = moment.monotonic;
        logger.warn(
          { code: 'values-merged', ...merged },
          'A point gives more values for a moment than there are milliseconds: only some were logged, and the newest.',
        );
      }
    if (this.image.isCrowded) this.#settling = clock.after(settlePeriod, () => this.#settle());
  }

  #moment(): Moment {
    const { clock } = this.#options;
    return { now: clock.now(), monotonic: clock.monotonic() };
  }

  /** A panel that reports something has new states too: they are read without waiting for their turn's time. */
  #event(event: DeviceEvent, misfit: LocalText | undefined): void {
    this.#options.sink.event(event, misfit);
    for (const { runner } of this.#runners) runner.hurry(event.equipment);
  }
}
