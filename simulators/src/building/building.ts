import type { Random } from '@plantroom/base';
import { disturbanceOf, isSilent, liftFaults, meterFaults, panelConditions, waterFaults } from '../faults/effects.ts';
import { FaultBook } from '../faults/fault-book.ts';
import { LiftPlant } from '../lifts/plant.ts';
import { createLoadModel, type LoadModel, meterIds } from '../meters/load-model.ts';
import { MeterPlant } from '../meters/plant.ts';
import { addEnergy, firstReadings, floorToQuarter, nightOfTheChillers, type Readings } from '../meters/readings.ts';
import type { Disturbance } from '../modbus/unit.ts';
import { FirePanel, type PanelEvent } from '../panel/fire-panel.ts';
import { Environment } from '../sensors/environment.ts';
import { WaterPlant } from '../water/plant.ts';
import { day, quarter } from './local-time.ts';
import { stream } from './noise.ts';
import type { SavedState } from './state-file.ts';
import { createWeather, type Weather } from './weather.ts';

export interface BuildingOptions {
  seed: number;
  /** The first instant, milliseconds since 1970. */
  at: number;
  historyDays: number;
  saved: SavedState | undefined;
  /** Receives what the fire panel reports. */
  onPanelEvent(event: PanelEvent): void;
  /** Hears of the readings at each quarter of an hour that passed while nothing ran. */
  onMissedQuarter(time: number, readings: Readings): void;
}

/** Harbour Tower: all physical models, moved on by `stepLifts` (fast) and `step` (once a second). */
export class Building {
  readonly seed: number;
  readonly begun: number;
  readonly historyDays: number;
  readonly weather: Weather;
  readonly faults = new FaultBook();
  readonly meters: MeterPlant;
  readonly water: WaterPlant;
  readonly lifts: LiftPlant;
  readonly panel: FirePanel;
  readonly environment: Environment;
  readonly #random: Random;
  #liftEnergy = 0;
  #liftTime = 0;
  readonly #reset = new Set<string>();

  constructor(options: BuildingOptions) {
    const { seed, at, saved } = options;
    this.seed = seed;
    this.begun = saved?.begun ?? at;
    this.historyDays = saved?.historyDays ?? options.historyDays;
    this.weather = createWeather(seed);
    this.#random = stream('disturbances', seed);
    const model = createLoadModel(seed, this.weather);
    this.environment = new Environment(seed, this.weather, at);
    const readings = saved ? firstReadings(seed) : readingsAt(seed, at, this.historyDays, model);
    const counters = saved ? new Map(Object.entries(saved.meters)) : undefined;
    this.meters = new MeterPlant({ seed, model, at, readings, ...(counters ? { counters } : {}) });
    if (saved) this.#catchUp(model, saved.savedAt, at, options.onMissedQuarter);
    this.water = new WaterPlant(seed, this.environment.temperature('pump-room', at), saved?.water);
    this.lifts = new LiftPlant(seed, this.weather.temperature(at), saved?.lifts);
    this.panel = new FirePanel(saved?.panelEvents ?? 0, options.onPanelEvent);
    this.step(at, 0);
  }

  /** Moves the lifts on by `dt` seconds to the instant `at`. */
  stepLifts(at: number, dt: number): void {
    this.lifts.step(at, dt, this.weather.temperature(at), liftFaults(this.faults));
    this.#liftEnergy += this.lifts.power() * dt;
    this.#liftTime += dt;
  }

  /** Moves all the rest on by `dt` seconds to the instant `at`. */
  step(at: number, dt: number): void {
    this.environment.step(at, dt);
    if (dt > 0) this.water.step(at, dt, this.environment.temperature('pump-room', at), waterFaults(this.faults, at));
    const lift = this.#liftTime > 0 ? this.#liftEnergy / this.#liftTime : this.lifts.power();
    this.#liftEnergy = 0;
    this.#liftTime = 0;
    this.#applyResets();
    const measured = { 'lift-meter': lift, 'pump-meter': this.water.power() };
    this.meters.step(at, dt * 1000, measured, meterFaults(this.faults));
    if (!this.faults.has('device-silent', 'fire-panel')) this.panel.step(at, dt, panelConditions(this.faults));
  }

  /** True if the device has stopped answering. */
  silent(id: string): boolean {
    return isSilent(this.faults, id);
  }

  disturbance(id: string): Disturbance | null {
    return disturbanceOf(this.faults, id, this.#random);
  }

  state(at: number): SavedState {
    return {
      version: 1,
      seed: this.seed,
      begun: this.begun,
      historyDays: this.historyDays,
      savedAt: at,
      meters: Object.fromEntries([...this.meters.meters].map(([id, meter]) => [id, meter.counters])),
      water: this.water.state(),
      lifts: Object.fromEntries(this.lifts.cars.map((car) => [car.rating.id, car.counters])),
      panelEvents: this.panel.eventCount,
    };
  }

  /** A reset happens once, when it is injected; clearing it brings nothing back. */
  #applyResets(): void {
    for (const { id, fault, target, parameters } of this.faults.list()) {
      if (fault !== 'meter-register-reset' || this.#reset.has(id)) continue;
      this.#reset.add(id);
      for (const meter of this.meters.meters.values()) {
        if (meter.id === target) meter.counters.import = Number(parameters.to);
      }
    }
  }

  /** The meters counted on while nothing ran: adds what the load model says for that time. */
  #catchUp(model: LoadModel, from: number, to: number, onQuarter: BuildingOptions['onMissedQuarter']): void {
    for (let time = from; time < to; ) {
      const next = Math.min(to, floorToQuarter(time) + quarter);
      const energy = Object.fromEntries(meterIds.map((id) => [id, 0])) as Readings;
      addEnergy(energy, model, time, next);
      this.meters.advance(energy);
      if (next % quarter === 0) onQuarter(next, this.meters.readings());
      time = next;
    }
  }
}

/** Registers at an instant of the first start: history up to the quarter of an hour, then the minutes since. */
function readingsAt(seed: number, at: number, days: number, model: LoadModel): Readings {
  const end = floorToQuarter(at);
  const readings = firstReadings(seed);
  const leftOn = [nightOfTheChillers(end)];
  addEnergy(readings, model, end - days * day, end, leftOn);
  addEnergy(readings, model, end, at);
  return readings;
}
