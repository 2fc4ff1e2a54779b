import { kinds } from '@plantroom/model';
import { describe, expect, test } from 'vitest';
import { formatChange, formatNumber, formatShare, formatUnit, formatValue } from './numbers.ts';

const pump = kinds.pump.points;
const en = (text: { en: string }) => text.en;

describe('numbers', () => {
  test('have grouped digits, a true minus, and no minus before a zero', () => {
    expect(formatNumber(4812.4, 'en')).toBe('4,812');
    expect(formatNumber(-2.5, 'en', 2)).toBe('\u22122.50');
    expect(formatNumber(-0.04, 'en', 1)).toBe('0.0');
  });

  test('carry the unit that people write', () => {
    expect(formatUnit('m3/h')).toBe('m³/h');
    expect(formatUnit('Cel')).toBe('°C');
    expect(formatUnit('kW')).toBe('kW');
  });

  test('lose decimals that say nothing any more, except where something is counted', () => {
    const show = (value: number) => formatValue(pump.power, value, 'en', en).text;
    expect([7.384, 291.98, 1_291.98].map(show)).toEqual(['7.38', '292.0', '1,292']);
    expect(formatValue(pump.energy, 31_450.44, 'en', en).text).toBe('31,450.4');
  });

  test('are words where they are states, and the code where the word is missing', () => {
    expect(formatValue(pump.mode, 1, 'zh', (text) => text.zh)).toEqual({ text: '自动', unit: '' });
    expect(formatValue(pump.mode, 9, 'en', en).text).toBe('9');
  });

  test('never round a hole away', () => {
    expect(formatShare(0.99999, 'en', 1)).toBe('99.9');
    expect(formatShare(1, 'en', 1)).toBe('100');
    expect(formatShare(0, 'en', 1)).toBe('0');
  });

  test('show which way a change goes', () => {
    expect(formatChange(0.055, 'en')).toBe('+5.5');
    expect(formatChange(-0.004, 'en')).toBe('\u22120.4');
  });
});
