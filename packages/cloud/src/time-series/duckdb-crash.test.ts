import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { seededRandom } from '@plantroom/base';
import { expect, it } from 'vitest';
import { openDuckdbStore } from './duckdb-store.ts';
import { frameOfSequence, samplesInFrame } from './testing/crash-frames.ts';

const writer = join(import.meta.dirname, 'testing', 'crash-writer.ts');
const kills = 6;

/** Runs the writer from a sequence on, kills it after some commits, and gives the last one that it told of. */
async function writeAndKill(directory: string, from: number, commits: number): Promise<number> {
  const child = spawn(process.execPath, [writer, directory, String(from)], { stdio: ['ignore', 'pipe', 'inherit'] });
  let told = '';
  for await (const chunk of child.stdout) {
    told += chunk;
    if (told.split('\n').length > commits) break;
  }
  child.kill('SIGKILL');
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  return Number(told.trimEnd().split('\n').at(-1));
}

it('keeps what it told of through kill -9, and a frame sent again stays single', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'plantroom-crash-'));
  const random = seededRandom(7);
  let durable = 0;
  for (let round = 0; round < kills; round++)
    // Each round sends the last frames again, as a gateway does that has not seen their acknowledgement.
    durable = await writeAndKill(directory, Math.max(1, durable - 3), 3 + Math.floor(random() * 30));
  const store = await openDuckdbStore(directory);
  // Whatever was cut off in the middle comes again; all before is a duplicate.
  const frames = Array.from({ length: durable + 2 }, (_, n) => frameOfSequence(n + 1));
  await store.write(frames);
  const query = { site: 'harbour', equipment: 'pump-1', point: 'flow', from: 0, to: 4e12 };
  const rows = await store.raw(query, 1e9);
  const expected = frames.flatMap((f) => [...f.samples.values]);
  expect(rows).toHaveLength(frames.length * samplesInFrame);
  expect(rows.map((r) => r.value).sort((a, b) => Number(a) - Number(b))).toEqual(expected);
  await store.close();
  await rm(directory, { recursive: true });
}, 60_000);
