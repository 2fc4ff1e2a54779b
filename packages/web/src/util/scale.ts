/** At most `count` round steps above zero that fit under `highest`, with the zero: [0, 200, 400]. */
export function niceSteps(highest: number, count: number): number[] {
  if (!(highest > 0)) return [0];
  const rough = highest / count;
  const magnitude = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 2.5, 5, 10].find((factor) => factor * magnitude >= rough) ?? 10) * magnitude;
  return Array.from({ length: Math.floor(highest / step) + 1 }, (_, index) => index * step);
}
