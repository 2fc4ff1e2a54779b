import type { CompletenessDays, Hole, Statement } from '@plantroom/model/api';
import { dayStart, zoneOffset } from '../src/util/time.ts';
import { equipment, site } from './building.ts';

const [minute, hour] = [60_000, 3_600_000];
const all = equipment.flatMap((machine) => machine.points.map((point) => ({ equipment: machine.id, point })));
const nameOf = (start: number) => new Date(start + zoneOffset(start, site.timezone)).toISOString().slice(0, 10);

/** A day with an outage that is still to come, a silent meter, a restart and what nobody can explain. */
function holesOf(from: number, end: number): Hole[] {
  const gateway = site.gateways[0] ?? 'gateway';
  const of = (id: string) => all.filter((each) => each.equipment === id);
  const holes: Hole[] = [
    { gateway, from: from + 3 * hour, to: from + 3 * hour + 4 * minute, cause: 'stopped', points: all },
    { gateway, from: from + 9.5 * hour, to: from + 11 * hour + 12 * minute, cause: 'buffered', points: all },
    { gateway, from: from + 7 * hour, to: end, cause: 'device-silent', points: of('chiller-meter') },
    { gateway, from: from + 15 * hour, to: from + 16 * hour, cause: 'unknown', points: of('booster-3').slice(0, 1) },
  ];
  return holes.filter((hole) => hole.to <= end).sort((a, b) => a.from - b.from);
}

/** The statement of a day by its name; one day in six has something missing. */
export function statementOf(day: string | undefined, now: number): Statement {
  const today = dayStart(now, site.timezone);
  const from =
    day === undefined ? dayStart(now, site.timezone, -1) : dayStart(Date.parse(`${day}T04:00:00Z`), site.timezone);
  const to = dayStart(from, site.timezone, 1);
  const examinedTo = Math.min(to, Math.floor(now / (15 * minute)) * 15 * minute);
  const isWhole = Number(nameOf(from).slice(-2)) % 6 !== 2;
  const holes = isWhole ? [] : holesOf(from, examinedTo);
  const length = examinedTo - from;
  const missing = holes.reduce((sum, hole) => sum + (hole.to - hole.from) * hole.points.length, 0);
  const epoch = 'k3v9q2m7';
  const range = { first: 34_201, last: 40_320, from: from + 9.5 * hour, to: from + 11 * hour + 12 * minute };
  return {
    ...{ site: site.id, day: nameOf(from), from, to, timezone: site.timezone, madeAt: now, examinedTo, holes },
    verdict: holes.length > 0 ? 'incomplete' : from === today ? 'open' : 'complete',
    gateways: [
      {
        ...{ id: site.gateways[0] ?? 'gateway', online: true, heardAt: now - 900, newestAt: now - 900 },
        backlog: { entries: isWhole ? 0 : 6120, oldest: 30 * hour },
        ...{ quarantined: 0, points: all.length, complete: isWhole ? all.length : 0 },
        stored: Math.round((length / 60_000) * all.length * 1.7),
        expected: Math.round(length / 61_000) * all.length,
        coverage: 1 - missing / (length * all.length),
        missing: isWhole ? [] : [{ epoch, ...range, cause: 'buffered' }],
        given: { thinned: 0, dropped: 0, corrupt: 0 },
      },
    ],
  };
}

export function completenessDaysOf(now: number): CompletenessDays {
  const items = Array.from({ length: 31 }, (_, n) => {
    const start = dayStart(now, site.timezone, n - 30);
    const made = statementOf(nameOf(start + hour), now).gateways[0]?.coverage ?? 1;
    return { day: nameOf(start + hour), start, coverage: n === 30 ? null : made, over: n < 30 };
  });
  return { site: site.id, items };
}
