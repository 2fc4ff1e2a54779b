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
  /** Of several the mean. */
  readonly value: number;
  readonly minimum: number;
  readonly maximum: number;
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
  /** Samples of which minimum, mean, maximum and count are stored. */
  readonly summed: number;
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
  const covered = new Set<string>();
  let [misattributed, summed] = [0, 0];
  for (const row of stored) {
    const numbers = row.count > 1 ? numbersOf(row, question) : numberOf(row, question);
    if (!numbers) {
      misattributed++;
      continue;
    }
    const keys = numbers.map((n) => keyOf(row.meter, row.point, n));
    if (row.count > 1) summed += row.count;
    for (const key of keys) {
      // What stands for a run that had holes says not where they are.
      if (row.count > 1) covered.add(key);
      if (row.count === keys.length) seen.set(key, (seen.get(key) ?? 0) + 1);
    }
  }
  const asked = meters.flatMap((meter) =>
    [...(told.get(meter) ?? [])]
      .filter(([, { time }]) => spans.some(([from, to]) => time >= from && time < to))
      .flatMap(([n, its]) =>
        points.map((point) => {
          const key = keyOf(meter, point, n);
          return { ...its, times: seen.get(key) ?? 0, isCovered: covered.has(key) };
        }),
      ),
  );
  // From when it was told: an acknowledgement on its way when the gateway went down is read a moment after that.
  const mayBeMissing = ({ time, taken }: Told) =>
    taken === undefined || falls.some((fall) => fall >= time && fall < taken + wayToTheLog);
  return {
    produced: asked.filter(({ taken }) => taken !== undefined).length,
    stored: asked.filter(({ times, isCovered }) => times > 0 && !isCovered).length,
    lost: asked.filter((one) => one.times === 0 && !one.isCovered && !mayBeMissing(one)).length,
    duplicated: asked.reduce((sum, { times }) => sum + Math.max(0, times - 1), 0),
    misattributed,
    summed,
  };
}

/** Which message a sample is of; undefined when it is not what was told there and then. */
function numberOf(row: StoredValue, question: Question): number[] | undefined {
  const origin = originOf(row.value);
  const its = origin && question.told.get(origin.meter)?.get(origin.n);
  const isRight = its && origin.meter === row.meter && origin.point === row.point && timeHolds(row, its, question);
  return isRight ? [origin.n] : undefined;
}

/** Which messages a row stands for: values rise, so the first has the minimum and the last the maximum. */
function numbersOf(row: StoredValue, { told }: Question): number[] | undefined {
  const [first, last] = [originOf(row.minimum), originOf(row.maximum)];
  const isHere = (origin: typeof first) => origin?.meter === row.meter && origin.point === row.point;
  if (!first || !last || !isHere(first) || !isHere(last)) return undefined;
  const length = last.n - first.n + 1;
  const isRight =
    told.get(row.meter)?.get(first.n)?.time === row.time &&
    told.get(row.meter)?.has(last.n) &&
    row.count <= length &&
    row.value >= row.minimum &&
    row.value <= row.maximum;
  return isRight ? Array.from({ length }, (_, k) => first.n + k) : undefined;
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
