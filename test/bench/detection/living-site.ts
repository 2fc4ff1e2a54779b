import { join } from 'node:path';
import { ManualClock, type Random, seededRandom, silentLogger } from '@plantroom/base';
import { availabilityOf, type DetectionResult } from '@plantroom/detection';
import { loadSite, modelRevisionOf, type SiteConfig } from '@plantroom/gateway/config';
import type { Alarm, Sample } from '@plantroom/model';
import { ProcessImage } from '../../../packages/gateway/src/acquisition/process-image.ts';
import { equipmentOf, SiteDetector } from '../../../packages/gateway/src/detector.ts';
import { MeterBench } from '../../../packages/gateway/src/metering/meter-bench.ts';
import { Building } from '../../../simulators/src/building/building.ts';
import { modbusUnits } from '../../../simulators/src/building/units.ts';
import { SensorField } from '../../../simulators/src/sensors/sensor-field.ts';
import type { Field } from './field.ts';
import { LiftField } from './lift-field.ts';
import { ModbusField } from './modbus-field.ts';
import { SensorMessages } from './sensor-field.ts';

const siteFile = join(import.meta.dirname, '..', '..', '..', 'deploy', 'demo', 'site.yaml');
/** Steps of the lifts in a second. */
const liftSteps = 5;
const registerPoint = 'energyImport';

/** What detection decided in a second. */
export interface Heard {
  readonly at: number;
  readonly results: readonly DetectionResult[];
}

/** Harbour Tower and the stages of its gateway from reading to alarm, on a clock that is moved second by second. */
export class LivingSite {
  readonly building: Building;
  readonly equipment: readonly string[];
  /** Faults of the library that can run on some equipment here. */
  readonly faults: ReadonlySet<string>;
  /** Samples so far. */
  samples = 0;
  readonly #clock: ManualClock;
  readonly #fields: readonly { readonly field: Field; readonly phase: number }[];
  readonly #lifts: readonly LiftField[];
  readonly #sensors: SensorField;
  readonly #image: ProcessImage;
  readonly #detector: SiteDetector;
  readonly #meters: MeterBench;
  #results: DetectionResult[] = [];

  constructor(seed: number, at: number) {
    const site = loadSite(siteFile);
    this.#clock = new ManualClock(at);
    this.building = new Building({
      seed,
      at,
      historyDays: 1,
      saved: undefined,
      onPanelEvent: () => {},
      onMissedQuarter: () => {},
    });
    const fields = fieldsOf(site, this.building, seededRandom(seed));
    const messages = fields.filter((field) => field instanceof SensorMessages);
    this.#lifts = fields.filter((field) => field instanceof LiftField);
    this.#sensors = new SensorField(this.building, {
      publish: (_source, topic, _time, payload) => {
        for (const each of messages) each.take(topic, payload);
      },
    });
    this.#fields = fields.map((field, index) => ({ field, phase: index % Math.max(1, field.period / 1000) }));
    const { points } = modelRevisionOf(site, fields, []);
    this.equipment = site.equipment.map(({ id }) => id);
    const runs = equipmentOf(site, points).flatMap(availabilityOf);
    this.faults = new Set(runs.flatMap((each) => (each.runs ? each.fault : [])));
    this.#image = new ProcessImage(points);
    this.#detector = new SiteDetector(site, points, undefined, { clock: this.#clock, logger: silentLogger });
    this.#meters = new MeterBench(
      site.site.timezone,
      site.equipment.filter(({ kind }) => kind === 'energy-meter').map(({ id, parent }) => ({ id, parent })),
    );
  }

  get now(): number {
    return this.#clock.now();
  }

  get open(): readonly Alarm[] {
    return this.#detector.open();
  }

  /** Lives through one second. */
  second(): Heard {
    this.#results = [];
    for (let step = 1; step <= liftSteps; step += 1) {
      this.#clock.stand(1000 / liftSteps);
      this.building.stepLifts(this.now, 1 / liftSteps);
      for (const lift of this.#lifts) lift.look(this.now);
    }
    const second = Math.round(this.now / 1000);
    this.building.step(this.now, 1);
    this.#sensors.tick(this.now);
    for (const { field, phase } of this.#fields)
      if (second % Math.max(1, field.period / 1000) === phase || field.period < 1000) this.#poll(field);
    this.#note(this.#detector.tick(this.now));
    for (const finding of this.#meters.tick(this.now).findings) this.#note(this.#detector.fact(finding));
    return { at: this.now, results: this.#results };
  }

  /** A person acknowledges or resets an alarm. */
  command(alarm: string, action: 'acknowledge' | 'reset'): void {
    const id = `${action}-${alarm}-${this.now}`;
    this.#detector.command({ id, alarm, action, actor: 'operator', time: this.now, comment: '' });
  }

  #poll(field: Field): void {
    const moment = { now: this.now, monotonic: this.#clock.monotonic() };
    const told = field.poll(this.now);
    if (!told) return;
    const batch = told.readings
      ? told.readings.flatMap((reading) => this.#image.accept(reading, moment) ?? [])
      : this.#image.silence(field.equipment, field.points, told.silence, moment);
    this.#take(batch);
  }

  #take(batch: readonly Sample[]): void {
    this.samples += batch.length;
    this.#note(this.#detector.ingest(batch));
    for (const sample of batch) {
      if (sample.point !== registerPoint) continue;
      for (const finding of this.#meters.reading(sample).findings) this.#note(this.#detector.fact(finding));
    }
  }

  #note(result: DetectionResult): void {
    if (result.journal.length > 0) this.#results.push(result);
  }
}

function fieldsOf(site: SiteConfig, building: Building, random: Random): Field[] {
  const units = Object.values(modbusUnits(building)).flat();
  return site.connections.flatMap(({ bindings }) =>
    bindings.flatMap((binding): Field[] => {
      const { profile } = binding;
      if (profile.protocol === 'opc-ua') return [new LiftField(binding, profile, building)];
      // The messages of the panel are events, which are logged and lead to no alarm: its registers do.
      if (profile.protocol === 'mqtt') return [new SensorMessages(binding, profile)];
      const unit = units.find(({ equipment }) => equipment === binding.id);
      return unit && profile.protocol === 'modbus' ? [new ModbusField(binding, profile, unit, random)] : [];
    }),
  );
}
