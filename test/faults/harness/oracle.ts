import { meters, originOf, points, type Told } from './source.ts';

/** Milliseconds that a sample may take from the gateway's broker into its log: a second's frame and a commit, and more. */
const wayToTheLog = 4000;
/** From this quality code on a value says itself that something about it is doubtful. */
export const doubtful = 100;

/** A stored sample, or what stands for several that were thinned. */
export interface StoredValue {
  readonly meter: string;
  readonly point: string;
  readonly time: number;
  readonly value: number;
  readonly quality: number;
  readonly count: number;
}

export interface Verdict {
  /** Values that the devices told and the gateway's broker took. */
  readonly produced: number;
  readonly stored: number;
  /** Taken well before the gateway went down, and not stored. */
  readonly lost: number;
  readonly duplicated: number;
  readonly misattributed: number;
}

/** From, inclusive, to, exclusive; ms since 1970 UTC. */
export type Span = readonly [number, number];

export interface Question {
  readonly told: ReadonlyMap<string, ReadonlyMap<number, Told>>;
  /** What was told in these is asked for. */
  readonly spans: readonly Span[];
  /** The moments at which the gateway went down. */
  readonly falls: readonly number[];
  /** Milliseconds by which the gateway's clock was wrong at times: it may not have believed its devices then. */
  readonly clockErrors?: readonly number[];
}

/** Compares what is stored with what was told: each value says itself whose it is, so that nothing can hide. */
export function judge(stored: readonly StoredValue[], question: Question): Verdict {
  const { told, spans, falls } = question;
  const seen = new Map<string, number>();
  let misattributed = 0;
  for (const row of stored) {
    if (row.count > 1) continue;
    const origin = originOf(row.value);
    const its = origin && told.get(origin.meter)?.get(origin.n);
    const isRight = its && origin.meter === row.meter && origin.point === row.point && timeHolds(row, its, question);
    if (!isRight) {
      misattributed++;
      continue;
    }
    const key = keyOf(row.meter, row.point, origin.n);
    seen.set(key, (seen.get(key) ?? 0) + 1);
  }
  const asked = meters.flatMap((meter) =>
    [...(told.get(meter) ?? [])]
      .filter(([, { time }]) => spans.some(([from, to]) => time >= from && time < to))
      .flatMap(([n, { taken }]) => points.map((point) => ({ taken, times: seen.get(keyOf(meter, point, n)) ?? 0 }))),
  );
  const mayBeMissing = (taken: number | undefined) =>
    taken === undefined || falls.some((fall) => fall >= taken && fall < taken + wayToTheLog);
  return {
    produced: asked.filter(({ taken }) => taken !== undefined).length,
    stored: asked.filter(({ times }) => times > 0).length,
    lost: asked.filter(({ taken, times }) => times === 0 && !mayBeMissing(taken)).length,
    duplicated: asked.reduce((sum, { times }) => sum + Math.max(0, times - 1), 0),
    misattributed,
  };
}

const keyOf = (meter: string, point: string, n: number) => `${meter} ${point} ${n}`;

/** The device's own time, or the wrong one of a gateway that then says so. */
function timeHolds(row: StoredValue, { time, taken }: Told, { clockErrors = [] }: Question): boolean {
  if (row.time === time) return true;
  const arrived = taken ?? time;
  return (
    row.quality >= doubtful &&
    clockErrors.some((error) => row.time >= time + error - 1000 && row.time <= arrived + error + wayToTheLog)
  );
}
