import { day, localTime } from '../building/local-time.ts';
import { hash, type Noise, noise } from '../building/noise.ts';
import { lighting, occupancy, ventilation } from '../building/occupancy.ts';
import type { Weather } from '../building/weather.ts';

/** A room with a sensor: what decides its climate. */
interface Room {
  id: string;
  /** People a m³ of air when fully occupied. */
  density: number;
  /** Temperature that the air conditioning holds while it runs, °C, summer and winter. */
  held: readonly [number, number];
  /** True if the air conditioning never stops. */
  always: boolean;
  /** Share of the outdoor temperature that comes through, 0 to 1. */
  leak: number;
  /** Heat of machines in it, K above its surroundings. */
  heat: number;
  /** Lamps at full light, lx, and the share of daylight that comes in. */
  lamps: number;
  daylight: number;
}

const office = {
  density: 0.03,
  held: [25, 21.5],
  always: false,
  leak: 0.25,
  heat: 1,
  lamps: 420,
  daylight: 0.012,
} as const;

export const rooms: readonly Room[] = [
  { id: 'lobby', ...office, density: 0.006, leak: 0.4, lamps: 260, daylight: 0.03 },
  { id: 'floor-05', ...office },
  { id: 'floor-10', ...office, density: 0.034 },
  { id: 'floor-15', ...office, density: 0.026, heat: 1.4 },
  { id: 'floor-20', ...office, density: 0.022 },
  { id: 'server-room', density: 0, held: [22.5, 22.5], always: true, leak: 0.02, heat: 9, lamps: 30, daylight: 0 },
  { id: 'carpark-b1', density: 0.002, held: [26, 14], always: false, leak: 0.55, heat: 1, lamps: 80, daylight: 0 },
  { id: 'pump-room', density: 0, held: [24, 18], always: false, leak: 0.3, heat: 3, lamps: 20, daylight: 0 },
  { id: 'lift-machine-room', density: 0, held: [25, 22], always: true, leak: 0.1, heat: 4, lamps: 15, daylight: 0.002 },
];

export const sensorIds: readonly string[] = ['outdoor', ...rooms.map((room) => room.id)];

export interface Air {
  temperature: number;
  humidity: number;
  co2: number;
  pm25: number;
  illuminance: number;
  battery: number;
}

interface RoomState {
  temperature: number;
  co2: number;
}

const freshAir = 420;
/** l/s of CO2 from a person at a desk. */
const breath = 0.0052;
/** Air changes an hour with and without the air handlers. */
const changesOn = 1.4;
const changesOff = 0.25;

/** The air in and around the tower: heat and CO2 balances of nine rooms, and the weather. */
export class Environment {
  readonly #weather: Weather;
  readonly #seed: number;
  readonly #states = new Map<string, RoomState>();
  readonly #noises = new Map<string, Noise>();

  constructor(seed: number, weather: Weather, at: number) {
    this.#weather = weather;
    this.#seed = seed;
    for (const room of rooms) this.#states.set(room.id, { temperature: 22, co2: 500 });
    for (const id of sensorIds) this.#noises.set(id, noise(`air-${id}`, seed, 40_000));
    const start = at - 1.5 * day;
    for (let time = start; time < at; time += 300_000) this.step(time, 300);
  }

  /** Moves the rooms on by `dt` seconds to the instant `at`. */
  step(at: number, dt: number): void {
    const time = localTime(at);
    const fans = ventilation(time);
    const outdoor = this.#weather.temperature(at);
    for (const room of rooms) {
      const state = this.#states.get(room.id);
      if (!state) continue;
      const running = room.always ? 1 : fans;
      const held = outdoor > 16 ? room.held[0] : room.held[1];
      const loose = outdoor * room.leak + 22 * (1 - room.leak) + room.heat * (room.always ? 1 : occupancy(time));
      const goal = running * held + (1 - running) * loose;
      state.temperature += (goal - state.temperature) * (1 - Math.exp(-dt / 5400));
      const changes = changesOff + (changesOn - changesOff) * running;
      // 1 l of CO2 in 1 m³ of air is 1000 ppm.
      const source = breath * 3600 * 1000 * room.density * occupancy(time);
      const balance = freshAir + source / changes;
      state.co2 += (balance - state.co2) * (1 - Math.exp((-dt * changes) / 3600));
    }
  }

  /** True temperature of a room, °C. */
  temperature(id: string, at: number): number {
    return this.#states.get(id)?.temperature ?? this.#weather.temperature(at);
  }

  /** What the sensor `id` shows at an instant. `temperature` replaces the room's when another model knows it better. */
  measure(id: string, at: number, temperature = this.temperature(id, at)): Air {
    const jitter = this.#noises.get(id)?.(at) ?? 0;
    const room = rooms.find((r) => r.id === id);
    const shown = temperature + 0.08 * jitter;
    const time = localTime(at);
    const daylight = this.#weather.illuminance(at);
    return {
      temperature: round(shown, 1),
      humidity: round(room ? this.#indoorHumidity(at, temperature) + jitter : this.#weather.humidity(at), 1),
      co2: Math.round((this.#states.get(id)?.co2 ?? freshAir) + 6 * jitter),
      pm25: Math.round(this.#weather.dust(at) * (room ? 0.35 : 1) + jitter),
      illuminance: Math.max(0, Math.round(room ? room.lamps * lighting(time) + room.daylight * daylight : daylight)),
      battery: round(100 - (((at / day + (hash(id, this.#seed) % 500)) % 700) / 700) * 80, 1),
    };
  }

  /** The outdoor air's water content at the room's temperature (Magnus formula), held between 30 and 75 %. */
  #indoorHumidity(at: number, temperature: number): number {
    const outside = saturation(this.#weather.temperature(at)) * this.#weather.humidity(at);
    return Math.min(75, Math.max(30, outside / saturation(temperature)));
  }
}

/** Saturation pressure of water vapour, hPa, at °C. */
function saturation(temperature: number): number {
  return 6.112 * Math.exp((17.62 * temperature) / (243.12 + temperature));
}

function round(value: number, digits: number): number {
  const scale = 10 ** digits;
  return Math.round(value * scale) / scale;
}
