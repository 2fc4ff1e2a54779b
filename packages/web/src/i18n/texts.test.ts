import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LocalText } from '@plantroom/model';
import { describe, expect, test } from 'vitest';
import { resourcesOf, texts } from './setup.ts';
import type { CountedText } from './text.ts';

const root = join(import.meta.dirname, '..');
const sources = globSync('**/*.{ts,tsx}', { cwd: root })
  .filter((path) => !path.includes('.test.') && !path.includes('texts'))
  .map((path) => readFileSync(join(root, path), 'utf8'))
  .join('\n');

const keys = Object.keys(texts);
const entries = Object.entries<LocalText | CountedText>(texts);
const placeholders = (text: string) => [...new Set(text.match(/\{\{\w+\}\}/g) ?? [])].sort();
const forms = (text: LocalText | CountedText) => (typeof text.en === 'string' ? [text.en] : Object.values(text.en));

describe('the texts', () => {
  test('have the same keys in both languages', () => {
    const bare = (language: 'en' | 'zh') =>
      [...new Set(Object.keys(resourcesOf(language)).map((key) => key.replace(/_(?:one|other)$/, '')))].sort();
    expect(bare('en')).toEqual(bare('zh'));
    expect(bare('en')).toEqual([...keys].sort());
  });

  test.each(entries)('%s says the same with the same figures', (_, text) => {
    for (const form of forms(text)) {
      // A singular may leave its figure out ("happened once").
      const missing = placeholders(text.zh).filter((each) => !placeholders(form).includes(each));
      expect(missing.filter((each) => each !== '{{count}}')).toEqual([]);
      expect(placeholders(form).filter((each) => !placeholders(text.zh).includes(each))).toEqual([]);
      expect(form.trim()).not.toBe('');
    }
    expect(text.zh).not.toBe('');
  });

  test('are Chinese where they are not names or units', () => {
    const foreign = entries.filter(([, text]) => !/[\u4e00-\u9fff]/.test(text.zh)).map(([key]) => key);
    expect(foreign.filter((key) => !allowedForeign.has(key))).toEqual([]);
  });

  test('use the punctuation of Chinese between Chinese words', () => {
    const wrong = entries.filter(([, text]) => /[\u4e00-\u9fff][,;:?!]/.test(text.zh)).map(([key]) => key);
    expect(wrong).toEqual([]);
  });

  test('say nothing twice over: no exclamation marks, no successes, no apologies', () => {
    const all = entries.flatMap(([, text]) => [...forms(text), text.zh]);
    expect(all.filter((text) => /[!！]|successful|sorry|成功|抱歉/i.test(text))).toEqual([]);
  });
});

/** Names of the product and of languages, units, and what is made of figures alone. */
const allowedForeign = new Set([
  ...['app.name', 'language.en', 'energy.col.kWh', 'overview.separator', 'overview.stop', 'expectation.finding'],
]);

describe('the pages', () => {
  const used = [...sources.matchAll(/\bt\(\s*'([^']+)'/g)].map((match) => match[1] ?? '');
  const built = [...sources.matchAll(/`([a-zA-Z]+(?:\.[a-z]+)*\.)\$\{/g)].map((match) => match[1] ?? '');

  test('use only keys that exist', () => {
    expect(used.length).toBeGreaterThan(150);
    expect(used.filter((key) => !keys.includes(key))).toEqual([]);
  });

  test('use every key', () => {
    const quoted = new Set([...sources.matchAll(/'([a-zA-Z]+(?:\.[\w-]+)*)'/g)].map((match) => match[1]));
    const dead = keys.filter((key) => !quoted.has(key) && !built.some((prefix) => key.startsWith(prefix)));
    expect(dead).toEqual([]);
  });
});
