/** One-minute buckets of the last ten minutes; plain JSON. */
export interface RollingMean {
  /** [minute since 1970, sum, count], oldest first. */
  readonly minutes: [minute: number, sum: number, count: number][];
}

const minute = 60_000;
const span = 10;

export function emptyMean(): RollingMean {
  return { minutes: [] };
}

/** Adds a value at its time; what is older than ten minutes falls out. */
export function addToMean(mean: RollingMean, now: number, value: number): void {
  const current = Math.floor(now / minute);
  const newest = mean.minutes.at(-1);
  if (newest !== undefined && newest[0] === current) {
    newest[1] += value;
    newest[2] += 1;
    return;
  }
  mean.minutes.push([current, value, 1]);
  while ((mean.minutes[0]?.[0] ?? current) <= current - span) mean.minutes.shift();
}

/** The mean of minutes that have values, or undefined while fewer than nine of the ten have. */
export function meanOf(mean: RollingMean): number | undefined {
  if (mean.minutes.length < span - 1) return undefined;
  let sum = 0;
  for (const [, total, count] of mean.minutes) sum += total / count;
  return sum / mean.minutes.length;
}
