/** When a power of ten brings the value to where it belongs. */
export function scaleHint(
  ok: boolean,
  point: string,
  value: number,
  fits: (scaled: number) => boolean,
): { likely?: string } {
  if (ok) return {};
  const power = [-3, -2, -1, 1, 2, 3].find((n) => fits(value * 10 ** n));
  return power === undefined ? {} : { likely: `wrong scale: \`${point}\` is ${times(-power)}` };
}

/** When two figures that should agree differ by a power of ten. */
export function ratioHint(
  ok: boolean,
  point: string,
  value: number,
  other: string,
  expected: number,
): { likely?: string } {
  if (ok || expected === 0 || value === 0) return {};
  const power = Math.log10(Math.abs(value / expected));
  const whole = Math.round(power);
  if (whole === 0 || Math.abs(power - whole) > 0.05) return {};
  return { likely: `wrong scale: \`${point}\` is ${times(whole)} against ${other}` };
}

function times(power: number): string {
  const factor = 10 ** Math.abs(power);
  return power > 0 ? `${factor} times too large` : `${factor} times too small`;
}

/** So many digits (5 are enough to compare with a display); what no plant has, as a power of ten. */
export function round(value: number, digits = 5): string {
  const size = Math.abs(value);
  if (size !== 0 && (size >= 1e9 || size < 1e-6)) return value.toExponential(2);
  return String(Number(value.toPrecision(digits)));
}
