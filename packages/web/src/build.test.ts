import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'vite';
import { afterAll, beforeAll, expect, test } from 'vitest';

interface Chunk {
  readonly file: string;
  readonly isEntry?: boolean;
  readonly imports?: readonly string[];
  readonly css?: readonly string[];
}

const out = mkdtempSync(join(tmpdir(), 'plantroom-web-'));
let manifest: Readonly<Record<string, Chunk>> = {};

beforeAll(async () => {
  const root = join(import.meta.dirname, '..');
  await build({ root, logLevel: 'error', build: { outDir: out, emptyOutDir: true, manifest: true } });
  manifest = JSON.parse(readFileSync(join(out, '.vite/manifest.json'), 'utf8')) as typeof manifest;
}, 120_000);
afterAll(() => rmSync(out, { recursive: true, force: true }));

/** The entry and everything that it needs before it can run. */
function firstLoad(): string[] {
  const seen = new Set<string>();
  const visit = (name: string) => {
    if (seen.has(name)) return;
    seen.add(name);
    for (const next of manifest[name]?.imports ?? []) visit(next);
  };
  for (const [name, chunk] of Object.entries(manifest)) if (chunk.isEntry) visit(name);
  return [...seen].flatMap((name) => manifest[name]?.file ?? []);
}

test('the first load stays under 250 kB of gzipped script, without charts', () => {
  const files = firstLoad();
  const scripts = files.map((file) => readFileSync(join(out, file)));
  const size = scripts.reduce((sum, script) => sum + gzipSync(script).length, 0);
  expect(size).toBeLessThanOrEqual(250_000);
  expect(scripts.some((script) => script.includes('zrender'))).toBe(false);
});

test('the page needs nothing from elsewhere and no script in its text', () => {
  const html = readFileSync(join(out, 'index.html'), 'utf8');
  expect(html).not.toMatch(/(?:src|href)="(?:https?:)?\/\//);
  expect(html).not.toMatch(/<script(?![^>]*src=)[^>]*>/);
});
