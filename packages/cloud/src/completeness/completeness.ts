import type { Clock } from '@plantroom/base';
import { timeZone } from '@plantroom/energy';
import { pointKey, staleAfter } from '@plantroom/model';
import type { CompletenessDays, GatewayCompleteness, Hole, Statement } from '@plantroom/model/api';
import { longestHold, quarterLength, quarterOf } from '../quarters.ts';
import type { ApiRecords, RollupRecords } from '../records/contract.ts';
import type { Rollup, SiteRange, TimeSeriesStore } from '../time-series/contract.ts';
import { type CauseWindow, causeWindows, explain, type GatewayFacts, missingFrames, newestOf } from './causes.ts';
import { type PointDay, readPointDays } from './day-rollups.ts';
import { missingStretches, type PointRollups, type Span, type Stretch } from './stretches.ts';

export interface CompletenessOptions {
  readonly store: Pick<TimeSeriesStore, 'siteRollups' | 'rollups'>;
  readonly records: Pick<ApiRecords, 'models' | 'ledger' | 'gaps' | 'pointsSince'> & Pick<RollupRecords, 'marks'>;
  /** Gateways of a site as people see them. */
  readonly gateways: (site: string) => Promise<readonly GatewayState[]>;
  readonly clock: Clock;
}

export interface GatewayState {
  readonly id: string;
  readonly online: boolean;
  readonly heardAt: number | null;
  readonly backlog: { readonly entries: number; readonly oldest: number } | null;
  readonly quarantined: number;
}

/** A point that a gateway's newest model has. */
interface ExpectedPoint {
  readonly gateway: string;
  readonly equipment: string;
  readonly point: string;
  /** ms after which a healthy point says something at the latest. */
  readonly cadence: number;
  readonly staleAfter: number;
  /** From when on it is to have a value. */
  readonly since: number;
}

const nothing: PointRollups = { quarters: [], minutes: [], wasSilent: false };

/** Frames and gaps that one statement lists at most. */
const mostMissing = 500;
const minute = 60_000;
const day = 1440 * minute;
const fullMinute = (time: number) => Math.ceil(time / minute) * minute;

/** Says of a day of a site what was to be expected, what is stored, and why the rest is not. */
export class Completeness {
  readonly #options: CompletenessOptions;

  constructor(options: CompletenessOptions) {
    this.#options = options;
  }

  /** The first instant of a day of the wall clock; undefined for a name that is no day. */
  dayStart(name: string, timezone: string): number | undefined {
    const zone = timeZone(timezone);
    const local = Date.parse(`${name}T12:00:00Z`);
    if (Number.isNaN(local)) return undefined;
    const start = zone.startOf('day', zone.fromLocal(local));
    return dayName(start, timezone) === name ? start : undefined;
  }

  /** `start` is a day's first instant on the wall clock of the zone. */
  async statement(site: string, start: number, timezone: string): Promise<Statement> {
    const { records, clock } = this.#options;
    const now = clock.now();
    const range = { site, from: start, to: timeZone(timezone).nextStart('day', start) };
    const examined = { ...range, to: await this.#examinedTo(range, now) };
    const [points, ledger, gaps, gateways] = await Promise.all([
      this.#points(site),
      records.ledger(site),
      records.gaps(site),
      this.#options.gateways(site),
    ]);
    const isDayMade = examined.to === range.to && (await this.#isMade(range));
    const known = await readPointDays(this.#options.store, examined, points, isDayMade);
    const holes = new HoleBook();
    const views = gateways.map((state) => {
      const facts: GatewayFacts = {
        ...{ now, online: state.online, backlog: state.backlog, quarantined: state.quarantined },
        ledger: ledger.filter((r) => r.gateway === state.id && r.lane === 'telemetry'),
        gaps: gaps.filter((g) => g.gateway === state.id && g.lane === 'telemetry'),
      };
      const own = points.filter((p) => p.gateway === state.id);
      return viewGateway(state, facts, own, { known, examined, holes });
    });
    return {
      ...{ site, day: dayName(start, timezone), from: range.from, to: range.to, timezone },
      ...{ madeAt: now, examinedTo: examined.to, gateways: views, holes: holes.list() },
      verdict: verdictOf(views, holes.list(), examined.to >= range.to),
    };
  }

  /** Days that begin in the range, the last one perhaps not over; null for those of which nothing was to be known. */
  async days(site: string, from: number, to: number, timezone: string): Promise<CompletenessDays> {
    const zone = timeZone(timezone);
    const now = this.#options.clock.now();
    const [points, rollups] = await Promise.all([
      this.#points(site),
      this.#options.store.siteRollups('day', { site, from, to }),
    ]);
    const covered = new Map<number, number>();
    for (const { rollups: days } of rollups)
      for (const r of days) covered.set(r.time, (covered.get(r.time) ?? 0) + r.covered);
    const items: CompletenessDays['items'] = [];
    for (let start = zone.startOf('day', from); start < Math.min(to, now); start = zone.nextStart('day', start)) {
      const end = zone.nextStart('day', start);
      const expected = points.reduce((sum, p) => sum + Math.max(0, end - Math.max(start, p.since)), 0);
      const isOver = end + quarterLength <= now;
      const coverage = expected === 0 || !isOver ? null : Math.min(1, (covered.get(start) ?? 0) / expected);
      items.push({ day: dayName(start, timezone), start, coverage, over: isOver });
    }
    return { site, items };
  }

  /** Until when rollups are up to date: a quarter that is behind, or not over, is not judged. */
  async #examinedTo({ site, from, to }: SiteRange, now: number): Promise<number> {
    const [first] = await this.#options.records.marks({ width: 'quarter', site, from, to, limit: 1 });
    return Math.max(from, Math.min(to, quarterOf(now), first?.start ?? to));
  }

  async #isMade({ site, from }: SiteRange): Promise<boolean> {
    const marks = await this.#options.records.marks({ width: 'day', site, from, to: from + 1, limit: 1 });
    return marks.length === 0;
  }

  async #points(site: string): Promise<ExpectedPoint[]> {
    const { records } = this.#options;
    const [models, since, ledger] = await Promise.all([
      records.models(),
      records.pointsSince(site),
      records.ledger(site),
    ]);
    return models
      .filter((m) => m.site.id === site)
      .flatMap(({ gateway, points }) => {
        const times = ledger.filter((r) => r.gateway === gateway).flatMap((r) => r.firstTime ?? []);
        const own = since.filter((s) => s.gateway === gateway);
        const known = new Map(own.map((s) => [pointKey(s.equipment, s.point), s.since]));
        const eldest = Math.min(...known.values());
        return points.map(({ equipment, point, ...cadence }) => {
          const at = known.get(pointKey(equipment, point)) ?? 0;
          return {
            ...{ gateway, equipment, point, staleAfter: staleAfter(cadence) },
            cadence: cadence.maximumSilence + cadence.period,
            // A gateway may have logged for days before its first model came here; a point takes its time to say a first word.
            since: fullMinute((at === eldest ? Math.min(at, ...times) : at) + staleAfter(cadence)),
          };
        });
      });
  }
}

interface Judged {
  readonly known: ReadonlyMap<string, PointDay>;
  readonly examined: Span;
  readonly holes: HoleBook;
}

function viewGateway(
  state: GatewayState,
  facts: GatewayFacts,
  points: readonly ExpectedPoint[],
  { known, examined, holes }: Judged,
): GatewayCompleteness {
  const windows = causeWindows(facts);
  let [stored, expected, covered, length, complete] = [0, 0, 0, 0, 0];
  for (const point of points) {
    const own = known.get(pointKey(point.equipment, point.point));
    const parts = own?.day ? [own.day] : (own?.quarters ?? []);
    const owed = Math.max(0, examined.to - Math.max(examined.from, point.since));
    const sum = (of: (r: Rollup) => number) => parts.reduce((total, r) => total + of(r), 0);
    stored += sum((r) => r.count + r.bad);
    expected += Math.floor(owed / point.cadence);
    length += owed;
    const missing = own?.day ? [] : missingStretches(examined, own ?? nothing);
    const pieces = holesOf(point, missing, windows);
    for (const piece of pieces) holes.add(point, piece);
    const lost = pieces.filter((p) => p.cause !== 'not-enrolled');
    if (lost.length === 0) complete++;
    // Values from before it was owed any must not stand in for those that are missing later.
    const isLate = point.since > examined.from;
    const stood = isLate ? owed - lost.reduce((total, p) => total + p.to - p.from, 0) : sum((r) => r.covered);
    covered += Math.max(0, Math.min(owed, stood));
  }
  const around = (from: number | null, to: number | null) =>
    (from ?? Number.NEGATIVE_INFINITY) < examined.to && (to ?? Number.POSITIVE_INFINITY) > examined.from;
  const given = { thinned: 0, dropped: 0, corrupt: 0 };
  for (const gap of facts.gaps) if (around(gap.fromTime, gap.toTime + 1)) given[gap.reason] += gap.samples;
  return {
    ...{ id: state.id, online: state.online, heardAt: state.heardAt, newestAt: newestOf(facts) },
    backlog: state.backlog && { entries: state.backlog.entries, oldest: state.backlog.oldest },
    ...{ quarantined: state.quarantined, points: points.length, complete, stored, expected },
    coverage: length === 0 ? null : covered / length,
    missing: missingFrames(facts)
      .filter((m) => around(m.from, m.to))
      .slice(0, mostMissing),
    given,
  };
}

/** A point that may be silent for longer than values stand in rollups is missing only after that silence. */
function holesOf(point: ExpectedPoint, stretches: readonly Stretch[], windows: readonly CauseWindow[]): CauseWindow[] {
  const unseen = Math.max(0, point.staleAfter - longestHold);
  const notYet: CauseWindow = { from: Number.NEGATIVE_INFINITY, to: point.since, cause: 'not-enrolled' };
  return stretches.flatMap(({ from, to, kind }) => {
    if (kind === 'silent') return [{ from, to, cause: 'device-silent' as const }];
    if (to - from <= unseen) return [];
    const [before, after] = [Math.min(to, Math.max(from, point.since)), to];
    const early = explain({ from, to: before }, [notYet], { lead: 0, slack: 0 }).filter((p) => p.from < p.to);
    return [
      ...early,
      ...(before < after
        ? explain({ from: before, to: after }, windows, { lead: minute, slack: point.staleAfter })
        : []),
    ];
  });
}

/** Holes that points of a gateway have in common are one. */
class HoleBook {
  readonly #holes = new Map<string, Hole>();

  add({ gateway, equipment, point }: ExpectedPoint, { from, to, cause }: CauseWindow): void {
    const key = `${gateway}/${from}/${to}/${cause}`;
    const known = this.#holes.get(key);
    if (known) known.points.push({ equipment, point });
    else this.#holes.set(key, { gateway, from, to, cause, points: [{ equipment, point }] });
  }

  list(): Hole[] {
    // Time before a point was there makes no day incomplete, so it comes after what is missing.
    const isEarly = ({ cause }: Hole) => Number(cause === 'not-enrolled');
    return [...this.#holes.values()].sort(
      (a, b) => isEarly(a) - isEarly(b) || a.from - b.from || b.points.length - a.points.length,
    );
  }
}

function verdictOf(
  gateways: readonly GatewayCompleteness[],
  holes: readonly Hole[],
  isExamined: boolean,
): Statement['verdict'] {
  const isMissing =
    holes.some((h) => h.cause !== 'not-enrolled') ||
    gateways.some((g) => g.missing.length > 0 || g.given.thinned + g.given.dropped + g.given.corrupt > 0);
  if (isMissing) return 'incomplete';
  return isExamined ? 'complete' : 'open';
}

/** `2026-11-27` */
function dayName(start: number, timezone: string): string {
  return new Date(timeZone(timezone).toLocal(start + day / 2)).toISOString().slice(0, 10);
}
