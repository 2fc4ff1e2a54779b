import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';

const css = readFileSync(join(import.meta.dirname, 'tokens.css'), 'utf8');

function tokensOf(selector: string): Map<string, string> {
  const start = css.indexOf(selector);
  const block = css.slice(start, css.indexOf('}', start));
  return new Map([...block.matchAll(/--([\w-]+): (#[0-9a-f]{6})/g)].map(([, name = '', value = '']) => [name, value]));
}

const light = tokensOf(':root {');
const themes = { light, dark: new Map([...light, ...tokensOf(':root[data-theme="dark"]')]) };

/** Relative luminance of WCAG 2.2. */
function luminance(hex: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const channel = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a: string, b: string): number {
  const [high = 0, low = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (high + 0.05) / (low + 0.05);
}

/** Text needs 4.5:1, what must be seen to be understood or pressed 3:1 (WCAG 2.2, 1.4.3 and 1.4.11). */
const text = ['ink', 'ink-2', 'ink-3', 'accent', 'p1-text', 'p2-text', 'p3-text', 'p4-text'];
const shapes = ['plant', 'control-line', 'p1', 'p4'];

describe.each(Object.entries(themes))('in the %s theme', (name, tokens) => {
  const of = (token: string) => tokens.get(token) ?? '';

  test.each(
    text.flatMap((token) => [
      [token, 'card'],
      [token, 'background'],
    ]),
  )('%s can be read on %s', (token, ground) => {
    expect(contrast(of(token), of(ground))).toBeGreaterThanOrEqual(4.5);
  });

  test.each(['ink', 'ink-2'])('%s can be read on a filled control', (token) => {
    expect(contrast(of(token), of('fill'))).toBeGreaterThanOrEqual(4.5);
  });

  test('the label of a leading button can be read', () => {
    expect(contrast(of('on-accent'), of('accent'))).toBeGreaterThanOrEqual(4.5);
  });

  test.each(shapes)('%s can be seen on a card', (token) => {
    expect(contrast(of(token), of('card'))).toBeGreaterThanOrEqual(3);
  });

  test.each(['p2', 'p3'])('%s can be seen on a card, or its digit and words carry it', (token) => {
    // Yellow and orange on white cannot both be themselves and reach 3:1 by much; they never stand without text.
    expect(contrast(of(token), of('card'))).toBeGreaterThanOrEqual(name === 'light' ? 2.9 : 3);
  });

  test.each(['p1', 'p2', 'p3', 'p4'])('the digit inside %s can be told', (token) => {
    expect(contrast(of('card'), of(token))).toBeGreaterThanOrEqual(2.9);
  });

  test('both themes say every token', () => expect(of('ink')).not.toBe(''));
});
