import type { Random } from '@plantroom/base';
import type { Scenario } from './scenario.ts';
import { scenarios } from './scenarios.ts';

/** One fault at one time on one equipment. Times in seconds from the start of the run. */
export interface Planned {
  readonly scenario: Scenario;
  readonly target: string;
  readonly start: number;
  readonly end: number;
  /** Until then the plant recovers. */
  readonly over: number;
}

const day = 86_400;
/** Nothing happens in the first minutes, in which the plant finds its balance and detection its memory. */
const settling = 1800;
/** An equipment is sound for as long between two of its faults. */
const apart = 900;
const attempts = 2000;

/** Each fault once on every second day, the first among them, at a random time on a random equipment; the other days are healthy. */
export function schedule(days: number, random: Random): Planned[] {
  const room = (scenario: Scenario) => (scenario.alone ? day : lengthOf(scenario));
  const longestFirst = [...scenarios].sort((a, b) => room(b) - room(a));
  const planned: Planned[] = [];
  for (let today = 0; today < days; today += 2) {
    for (const scenario of longestFirst) {
      if (scenario.once && today > 0) continue;
      const one = place(scenario, today * day, planned, random);
      if (one) planned.push(one);
    }
  }
  return planned.sort((a, b) => a.start - b.start);
}

function place(scenario: Scenario, from: number, planned: readonly Planned[], random: Random): Planned | undefined {
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    const target = scenario.on[Math.floor(random() * scenario.on.length)] ?? '';
    const [earliest, latest] = (scenario.hours ?? [0, 24]).map((hour) => hour * 3600) as [number, number];
    const first = Math.max(settling, earliest);
    const room = Math.min(latest, day - lengthOf(scenario)) - first;
    const start = from + first + Math.floor(random() * room);
    const one = { scenario, target, start, end: start + scenario.hold, over: start + lengthOf(scenario) };
    if (!planned.some((other) => meets(one, other))) return one;
  }
  return undefined;
}

function lengthOf({ hold, recovers = 0 }: Scenario): number {
  return hold + recovers;
}

/** Two faults that would hide each other: on one equipment, or one of them takes the whole building with it. */
function meets(one: Planned, other: Planned): boolean {
  if (one.start >= other.over + apart || other.start >= one.over + apart) return false;
  return one.target === other.target || (one.scenario.alone ?? other.scenario.alone ?? false);
}
