/** A mean that follows a value with a time constant; plain JSON. */
export interface Followed {
  value: number | null;
  /** Event time of the last value. */
  at: number;
  /** How long it has been followed, ms; holes do not count. */
  span: number;
}

/** A hole longer than this says nothing of the time in it. */
const longestStep = 900_000;

export function notFollowed(): Followed {
  return { value: null, at: 0, span: 0 };
}

/** Takes a value at its time; `constant` is the time constant in ms of the exponentially weighted mean. */
export function follow(mean: Followed, now: number, value: number, constant: number): void {
  const step = mean.value === null ? 0 : Math.min(longestStep, Math.max(0, now - mean.at));
  const weight = mean.value === null ? 1 : 1 - Math.exp(-step / constant);
  mean.value = (mean.value ?? 0) + weight * (value - (mean.value ?? 0));
  mean.at = now;
  mean.span += step;
}

/** The middle value, the lower of two; undefined for none. */
export function median(values: readonly number[]): number | undefined {
  return values.toSorted((a, b) => a - b)[(values.length - 1) >> 1];
}

/** Mean and standard deviation (of the sample) of at least two values. */
export function spread(values: readonly number[]): { mean: number; deviation: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, deviation: Math.sqrt(squares / Math.max(1, values.length - 1)) };
}

/** Appends and drops the oldest beyond `most`. */
export function keep<T>(list: T[], value: T, most: number): void {
  list.push(value);
  while (list.length > most) list.shift();
}
