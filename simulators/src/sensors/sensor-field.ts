import type { Building } from '../building/building.ts';
import { type Air, sensorIds } from './environment.ts';
import type { Publisher } from './publisher.ts';

const period = 10;
/** Faults whose parameters are what the sensor shows. */
const shownOtherwise = ['room-too-hot', 'room-air-stale', 'sensor-battery-low'] as const;

/** The ten sensors: each publishes every ten seconds, one after the other. */
export class SensorField {
  readonly #building: Building;
  readonly #publisher: Pick<Publisher, 'publish'>;
  readonly #frozen = new Map<string, Air>();
  #second = 0;

  constructor(building: Building, publisher: Pick<Publisher, 'publish'>) {
    this.#building = building;
    this.#publisher = publisher;
  }

  /** Call once a second; `at` is the instant of the measurement. */
  tick(at: number): void {
    const turn = this.#second % period;
    this.#second += 1;
    const id = sensorIds[turn];
    if (id === undefined || this.#building.silent(id)) return;
    const time = new Date(at).toISOString();
    this.#publisher.publish(id, `sensors/${id}/state`, time, { ...this.shown(id, at), time });
  }

  /** What the sensor shows, with a fault or without. */
  shown(id: string, at: number): Air {
    const { environment, lifts, faults } = this.#building;
    const known = id === 'lift-machine-room' ? lifts.machineRoom : environment.temperature(id, at);
    const measured = environment.measure(id, at, known);
    const air: Air = Object.assign(measured, ...shownOtherwise.map((fault) => faults.parameters(fault, id)));
    if (!faults.has('sensor-frozen', id)) {
      this.#frozen.delete(id);
      return air;
    }
    const frozen = this.#frozen.get(id) ?? air;
    this.#frozen.set(id, frozen);
    return frozen;
  }
}
