import { type Random, seededRandom } from '@plantroom/base';

/** A 32-bit hash of a text and a seed (FNV-1a with a final mix). */
export function hash(text: string, seed: number): number {
  let h = (2166136261 ^ seed) >>> 0;
  for (let i = 0; i < text.length; i += 1) h = Math.imul(h ^ text.charCodeAt(i), 16777619) >>> 0;
  return mix(h);
}

function mix(value: number): number {
  let h = value >>> 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b) >>> 0;
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35) >>> 0;
  return (h ^ (h >>> 16)) >>> 0;
}

/** An independent stream of random numbers for each part, so that one part's draws do not move another's. */
export function stream(part: string, seed: number): Random {
  return seededRandom(hash(part, seed));
}

/** Smooth noise in -1..1 as a pure function of time: the same seed and instant give the same value in any order of calls. */
export type Noise = (at: number) => number;

/** Noise whose knots lie `period` milliseconds apart, joined by a smooth step. */
export function noise(part: string, seed: number, period: number): Noise {
  const base = hash(part, seed);
  const knot = (index: number) => mix(base ^ Math.imul(index, 0x9e3779b1)) / 2147483648 - 1;
  return (at) => {
    const index = Math.floor(at / period);
    const x = at / period - index;
    const a = knot(index);
    return a + (knot(index + 1) - a) * x * x * (3 - 2 * x);
  };
}
