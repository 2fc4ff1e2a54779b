import { gaussian, type Random } from '@plantroom/base';
import { localTime } from '../building/local-time.ts';
import { liftTraffic } from '../building/occupancy.ts';
import { floors } from './shaft.ts';

export interface Passenger {
  from: number;
  to: number;
  /** kg */
  mass: number;
}

/** Passengers a second at the top of the morning peak; about 80 % of what the group can carry. */
const peakRate = 0.33;

/** Shares of trips that begin and that end at the lobby, by hour: up-peak in the morning, both at noon, down in the evening. */
function lobbyShares(hour: number): readonly [incoming: number, outgoing: number] {
  if (hour >= 7 && hour < 10) return [0.85, 0.05];
  if (hour >= 11.3 && hour < 12.4) return [0.2, 0.65];
  if (hour >= 12.4 && hour < 13.8) return [0.65, 0.2];
  if (hour >= 16.8 && hour < 20) return [0.06, 0.84];
  return [0.36, 0.36];
}

function upperFloor(random: Random): number {
  return 2 + Math.floor(random() * (floors - 1));
}

/** The passengers who call during `dt` seconds: a Poisson stream whose rate follows the working day. */
export function arrivals(at: number, dt: number, random: Random): Passenger[] {
  const time = localTime(at);
  const expected = Math.max(0.004, peakRate * liftTraffic(time)) * dt;
  const out: Passenger[] = [];
  for (let p = Math.exp(-expected), rest = random(); rest > p; rest *= random()) out.push(passenger(time.hour, random));
  return out;
}

function passenger(hour: number, random: Random): Passenger {
  const [incoming, outgoing] = lobbyShares(hour);
  const draw = random();
  const mass = Math.min(120, Math.max(35, 68 + 13 * gaussian(random)));
  if (draw < incoming) return { from: 1, to: upperFloor(random), mass };
  const from = upperFloor(random);
  if (draw < incoming + outgoing) return { from, to: 1, mass };
  const to = upperFloor(random);
  return { from, to: to === from ? 1 : to, mass };
}
