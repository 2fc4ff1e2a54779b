// npm run bench -- NAME [--json] [--points N,N] [--seconds N] [--hours N] [--cap MIB] [--data DIR] [--seed N] [--days N]: measures one thing. Speed counts as a ratio to a bare loop in the same run.
import { parseArgs } from 'node:util';
import type { Bench, Figure } from './figure.ts';

const benches: Readonly<Record<string, () => Promise<{ bench: Bench }>>> = {
  wire: () => import('./wire.ts'),
  gateway: () => import('./gateway-points.ts'),
  'gateway-opcua': () => import('./gateway-opcua.ts'),
  detect: () => import('./detect.ts'),
  detection: () => import('./detection.ts'),
  nab: () => import('./nab.ts'),
  storm: () => import('./storm.ts'),
  learned: () => import('./learned.ts'),
  ingest: () => import('./ingest.ts'),
  query: () => import('./query.ts'),
  records: () => import('./records.ts'),
  replay: () => import('./replay.ts'),
  'log-day': () => import('./log-day.ts'),
};

function print(name: string, figures: readonly Figure[]): void {
  console.log(name);
  for (const { name: what, value, unit, target, pass } of figures) {
    const verdict = pass === null ? '' : `  ${pass ? 'meets' : 'MISSES'} ${target}`;
    console.log(`  ${what.padEnd(62)} ${String(value).padStart(10)} ${unit}${verdict}`);
  }
}

const options = {
  json: { type: 'boolean' },
  points: { type: 'string' },
  seconds: { type: 'string' },
  hours: { type: 'string' },
  cap: { type: 'string' },
  store: { type: 'string' },
  data: { type: 'string' },
  seed: { type: 'string' },
  days: { type: 'string' },
} as const;

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({ options, allowPositionals: true });
  const name = positionals[0] ?? '';
  const load = benches[name];
  if (!load) {
    console.error(
      `Say what to measure: npm run bench -- NAME [--json], with NAME one of ${Object.keys(benches).join(', ')}.`,
    );
    return 2;
  }
  const { bench } = await load();
  const figures = await bench.run(values);
  if (values.json) console.log(JSON.stringify({ bench: name, about: bench.about, node: process.version, figures }));
  else print(`${name}: ${bench.about}`, figures);
  return 0;
}

process.exitCode = await main();
