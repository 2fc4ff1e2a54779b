/** One measured figure. `pass` compares with the target of the design; null when the figure is only for orientation. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly target: string | null;
  readonly pass: boolean | null;
}

/** What may be told to a bench on the command line. */
export interface BenchSettings {
  readonly points?: string;
  readonly seconds?: string;
  readonly hours?: string;
  readonly cap?: string;
  readonly store?: string;
  readonly data?: string;
  readonly seed?: string;
  readonly days?: string;
}

export interface Bench {
  readonly about: string;
  run(settings: BenchSettings): Promise<Figure[]>;
}

export function round(value: number, digits = 3): number {
  return Number(value.toPrecision(digits));
}

export function atMost(name: string, value: number, unit: string, limit: number): Figure {
  return { name, value: round(value), unit, target: `<= ${limit}`, pass: value <= limit };
}

export function atLeast(name: string, value: number, unit: string, limit: number): Figure {
  return { name, value: round(value), unit, target: `>= ${limit}`, pass: value >= limit };
}

export function orientation(name: string, value: number, unit: string): Figure {
  return { name, value: round(value), unit, target: null, pass: null };
}
