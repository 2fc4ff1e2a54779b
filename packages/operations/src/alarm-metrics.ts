import type { AlarmState, AlarmTransition, Priority } from '@plantroom/model';

const second = 1000;
const hour = 3_600_000;
const tenMinutes = 600_000;
const day = 24 * hour;

/**
 * What an operator can take (ISA-18.2-2016 and IEC 62682, clause 16.5; EEMUA 191): `good` at most, and what is manageable at
 * most where the standard says so. Shares are 0 to 1.
 */
export const alarmLimits = {
  perDay: { good: 150, most: 300 },
  perHour: { good: 6, most: 12 },
  perTenMinutes: { good: 1, most: 2 },
  mostInTenMinutes: { good: 10, most: 10 },
  hoursAboveThirty: { good: 0.01, most: 0.01 },
  tenMinutesAboveTen: { good: 0.01, most: 0.01 },
  floodShare: { good: 0.01, most: 0.01 },
  topTenShare: { good: 0.01, most: 0.05 },
  chattering: { good: 0, most: 0 },
  fleeting: { good: 0, most: 0 },
  stale: { good: 5, most: 5 },
} as const;

/** Figures of the standard for the share of each priority, 1 first; four levels: less than 1 % emergency. */
export const priorityShares = [0.01, 0.05, 0.15, 0.8] as const;

/** A transition of an alarm, with what the alarm is about. */
export interface AlarmTurn extends Pick<AlarmTransition, 'time' | 'input' | 'to'> {
  readonly alarm: string;
  /** `equipment|fault|subject` */
  readonly identity: string;
  readonly priority: Priority;
}

/** How the alarms of a period bore upon those who answer them. Counts are of alarms that were shown, not of hidden ones. */
export interface AlarmMetrics {
  readonly alarms: number;
  readonly perDay: number;
  readonly perHour: number;
  readonly perTenMinutes: number;
  /** In any ten minutes, wherever they begin. */
  readonly mostInTenMinutes: number;
  readonly hoursAboveThirty: number;
  readonly tenMinutesAboveTen: number;
  /** A flood begins with a ten-minute period of more than 10 alarms and ends before one of fewer than 5. */
  readonly floods: readonly { readonly from: number; readonly to: number; readonly alarms: number }[];
  readonly floodShare: number;
  readonly topTen: readonly { readonly identity: string; readonly alarms: number; readonly share: number }[];
  /** Of the ten most frequent alarms: their share of all. */
  readonly topTenShare: number;
  /** Changed three times or more within a minute. */
  readonly chattering: readonly string[];
  /** Returned in the period, within ten seconds and before anybody had seen them. */
  readonly fleeting: number;
  /** Active for more than a day at the end of the period, and not hidden then; shown since when. */
  readonly stale: readonly { readonly identity: string; readonly since: number }[];
  /** Share of each priority, 1 first. */
  readonly priorities: readonly number[];
  /** ms from showing to acknowledging; null when none was acknowledged. */
  readonly toAcknowledge: { readonly median: number; readonly ninetieth: number } | null;
  /** Shown in the period and not acknowledged by its end. */
  readonly unacknowledged: number;
}

const hiddenStates: ReadonlySet<AlarmState> = new Set<AlarmState>(['shelved', 'suppressed', 'out-of-service']);

/**
 * What whoever answers alarms sees of one: it is `shown` when it is raised, or later when what hid it from the start ends;
 * `revealed` when it had been shown before it was hidden, or acknowledged meanwhile. What happens to a hidden one they do not see.
 */
interface Moment {
  readonly time: number;
  readonly what: 'shown' | 'hidden' | 'revealed' | 'returned' | 'acknowledged' | 'over';
  readonly alarm: string;
  readonly identity: string;
  readonly priority: Priority;
}

function momentsOf(turns: readonly AlarmTurn[]): Moment[] {
  const hidden = new Map<string, 'hidden' | 'never shown'>();
  return turns.flatMap(({ time, input, to, alarm, identity, priority }) => {
    const was = hidden.get(alarm);
    const tell = (...all: Moment['what'][]) => all.map((what) => ({ time, what, alarm, identity, priority }));
    if (hiddenStates.has(to)) {
      hidden.set(alarm, input === 'raise' || was === 'never shown' ? 'never shown' : 'hidden');
      if (input === 'acknowledge') return tell('acknowledged');
      return input === 'clear' ? tell('hidden', 'over') : tell('hidden');
    }
    hidden.delete(alarm);
    if (input === 'withdraw') return tell('over');
    if (input === 'acknowledge') return tell('acknowledged');
    if (input === 'raise') return tell('shown');
    if (input === 'clear') return tell('returned');
    if (was === undefined) return [];
    if (to === 'normal') return tell('over');
    return tell(was === 'never shown' && to.endsWith('unacknowledged') ? 'shown' : 'revealed');
  });
}

/**
 * Reckons them for `from` <= time < `to`. `turns` are in the order of time; those before `from` say what was active or hidden already.
 * A period that has no ten minutes counts as ten.
 */
export function alarmMetrics(turns: readonly AlarmTurn[], from: number, to: number): AlarmMetrics {
  const length = Math.max(tenMinutes, to - from);
  const moments = momentsOf(turns.filter(({ time }) => time < to));
  const inside = moments.filter(({ time }) => time >= from);
  const raised = inside.filter(({ what }) => what === 'shown');
  const times = raised.map(({ time }) => time);
  const slots = countsOf(times, from, length, tenMinutes);
  const hours = countsOf(times, from, length, hour);
  const floods = floodsOf(slots, from);
  const counted = [...Map.groupBy(raised, ({ identity }) => identity)]
    .map(([identity, all]) => ({ identity, alarms: all.length, share: all.length / raised.length }))
    .sort((a, b) => b.alarms - a.alarms || (a.identity < b.identity ? -1 : 1));
  const topTen = counted.slice(0, 10);
  const { spans, waiting } = acknowledged(inside);
  return {
    alarms: raised.length,
    perDay: (raised.length * day) / length,
    perHour: (raised.length * hour) / length,
    perTenMinutes: (raised.length * tenMinutes) / length,
    mostInTenMinutes: mostWithin(times, tenMinutes),
    hoursAboveThirty: shareOf(hours, (n) => n > 30),
    tenMinutesAboveTen: shareOf(slots, (n) => n > 10),
    floods,
    floodShare: floods.reduce((sum, flood) => sum + flood.to - flood.from, 0) / (slots.length * tenMinutes),
    topTen,
    topTenShare: topTen.reduce((sum, { share }) => sum + share, 0),
    chattering: chatteringOf(inside),
    fleeting: fleetingOf(moments, from),
    stale: staleOf(moments, to),
    priorities: [1, 2, 3, 4].map((p) =>
      raised.length === 0 ? 0 : raised.filter(({ priority }) => priority === p).length / raised.length,
    ),
    toAcknowledge: spans.length === 0 ? null : { median: quantile(spans, 0.5), ninetieth: quantile(spans, 0.9) },
    unacknowledged: waiting,
  };
}

/** How many times fall in each step of a period; the last step may reach beyond it. */
function countsOf(times: readonly number[], from: number, length: number, step: number): number[] {
  const counts = new Array<number>(Math.ceil(length / step)).fill(0);
  for (const time of times) {
    const slot = Math.floor((time - from) / step);
    counts[slot] = (counts[slot] ?? 0) + 1;
  }
  return counts;
}

const shareOf = (counts: readonly number[], is: (count: number) => boolean) =>
  counts.filter(is).length / Math.max(1, counts.length);

function floodsOf(slots: readonly number[], from: number): AlarmMetrics['floods'][number][] {
  const floods: { from: number; to: number; alarms: number }[] = [];
  let running: { from: number; to: number; alarms: number } | undefined;
  for (const [n, count] of slots.entries()) {
    if (running && count < 5) running = undefined;
    if (!running && count > 10) {
      running = { from: from + n * tenMinutes, to: 0, alarms: 0 };
      floods.push(running);
    }
    if (!running) continue;
    running.to = from + (n + 1) * tenMinutes;
    running.alarms += count;
  }
  return floods;
}

function mostWithin(times: readonly number[], span: number): number {
  let most = 0;
  let first = 0;
  for (const [last, time] of times.entries()) {
    while (time - (times[first] ?? time) >= span) first++;
    most = Math.max(most, last - first + 1);
  }
  return most;
}

function chatteringOf(moments: readonly Moment[]): string[] {
  const changes = moments.filter(({ what }) => what === 'shown' || what === 'returned');
  return [...Map.groupBy(changes, ({ identity }) => identity)]
    .filter(([, all]) => all.some(({ time }, n) => n >= 2 && time - (all[n - 2]?.time ?? 0) <= 60 * second))
    .map(([identity]) => identity)
    .sort();
}

/** Returned from `from` on, within ten seconds. */
function fleetingOf(moments: readonly Moment[], from: number): number {
  const shownAt = new Map<string, number>();
  let fleeting = 0;
  for (const { alarm, what, time } of moments) {
    const since = shownAt.get(alarm);
    if (what === 'shown') shownAt.set(alarm, time);
    else shownAt.delete(alarm);
    if (what === 'returned' && since !== undefined && time >= from && time - since <= 10 * second) fleeting++;
  }
  return fleeting;
}

function staleOf(moments: readonly Moment[], to: number): AlarmMetrics['stale'][number][] {
  const since = new Map<string, number>();
  const hidden = new Set<string>();
  for (const { identity, what, time } of moments) {
    if (what === 'shown' || (what === 'revealed' && !since.has(identity))) since.set(identity, time);
    else if (what === 'returned' || what === 'over') since.delete(identity);
    if (what === 'hidden') hidden.add(identity);
    else if (what === 'shown' || what === 'revealed') hidden.delete(identity);
  }
  return [...since]
    .filter(([identity, time]) => to - time > day && !hidden.has(identity))
    .map(([identity, time]) => ({ identity, since: time }))
    .sort((a, b) => a.since - b.since);
}

/** For each alarm that was shown, how long it took until somebody had seen it (ascending, ms), and how many wait. */
function acknowledged(moments: readonly Moment[]): { readonly spans: number[]; readonly waiting: number } {
  const waiting = new Map<string, number>();
  const spans: number[] = [];
  for (const { alarm, what, time } of moments) {
    if (what === 'shown') waiting.set(alarm, waiting.get(alarm) ?? time);
    if (what !== 'acknowledged' && what !== 'over') continue;
    const since = waiting.get(alarm);
    if (what === 'acknowledged' && since !== undefined) spans.push(time - since);
    waiting.delete(alarm);
  }
  return { spans: spans.sort((a, b) => a - b), waiting: waiting.size };
}

/** Nearest rank. */
function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
}
