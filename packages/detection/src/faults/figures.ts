import type { LocalText } from '@plantroom/model';

/** A figure for people: at most so many decimals, no trailing zeros. */
export function figure(value: number | undefined, decimals = 1): string {
  if (value === undefined) return '–';
  return String(Number(value.toFixed(decimals)));
}

/** The same text with other words for each language. */
export function both(en: string, zh: string): LocalText {
  return { en, zh };
}

/** Largest deviation from the mean as a share of the mean, in percent (NEMA MG 1); undefined for a mean near zero. */
export function unbalance(a: number, b: number, c: number, least: number): number | undefined {
  const mean = (a + b + c) / 3;
  if (mean < least) return undefined;
  return (100 * Math.max(Math.abs(a - mean), Math.abs(b - mean), Math.abs(c - mean))) / mean;
}
