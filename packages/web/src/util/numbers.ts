import type { Language, LocalText, PointDefinition } from '@plantroom/model';
import { locales } from './time.ts';

const formats = new Map<string, Intl.NumberFormat>();

/** A number with the language's separators and exactly `decimals` digits after the point. */
export function formatNumber(value: number, language: Language, decimals = 0): string {
  const key = `${language}${decimals}`;
  let format = formats.get(key);
  if (!format) {
    format = new Intl.NumberFormat(locales[language], {
      minimumFractionDigits: decimals,
      maximumFractionDigits: decimals,
    });
    formats.set(key, format);
  }
  // "-0" would be a sign of nothing.
  return format.format(Math.abs(value) < 0.5 / 10 ** decimals ? 0 : value).replace('-', '\u2212');
}

const shownUnits: Readonly<Record<string, string>> = {
  Cel: '°C',
  'm3/h': 'm³/h',
  'ug/m3': 'µg/m³',
};

/** A unit of the model as people write it. */
export function formatUnit(unit: string): string {
  return shownUnits[unit] ?? unit;
}

export interface ShownValue {
  readonly text: string;
  /** Empty for states and pure numbers. */
  readonly unit: string;
}

/** A value as its point shows it: a figure with a unit, or the word of a state. */
export function formatValue(
  definition: PointDefinition | undefined,
  value: number,
  language: Language,
  local: (text: LocalText) => string,
): ShownValue {
  if (definition === undefined) return { text: formatNumber(value, language, 2), unit: '' };
  if (definition.type === 'state') {
    const word = definition.states[value];
    return { text: word ? local(word) : String(value), unit: '' };
  }
  return { text: formatNumber(value, language, decimalsFor(definition, value)), unit: formatUnit(definition.unit) };
}

/** Digits after the point that still say something: a hundredth of a kilowatt does not beside hundreds of them. */
function decimalsFor(definition: Exclude<PointDefinition, { type: 'state' }>, value: number): number {
  if (definition.type === 'counter' || Math.abs(value) < 100) return definition.decimals;
  return Math.min(definition.decimals, Math.abs(value) < 1_000 ? 1 : 0);
}

/** Signed, as a change is shown: `+5.5`. */
export function formatChange(share: number, language: Language): string {
  const text = formatNumber(share * 100, language, 1);
  return share > 0 ? `+${text}` : text;
}

/** A share as percent without its sign: `99.998`. Never rounds up to a whole that is not there. */
export function formatShare(share: number, language: Language, decimals = 1): string {
  const scale = 10 ** decimals;
  const percent = share < 1 ? Math.min(Math.floor(share * 100 * scale + 1e-6) / scale, 100) : 100;
  return formatNumber(percent, language, share === 1 || share === 0 ? 0 : decimals);
}
