import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLogger } from '@plantroom/base';
import { decodeTelemetry } from '@plantroom/model/wire';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { aModel, aSample, telemetry } from '../../test/model.ts';
import { until } from '../../test/until.ts';
import { Outbox } from './outbox.ts';

/** A file system of its own, which only root may make, and not in every container. */
function mount(directory: string): boolean {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', directory], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

let directory: string;
let isMounted: boolean;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'plantroom-disk-'));
  isMounted = mount(directory);
});

afterEach(() => {
  if (isMounted) execFileSync('umount', [directory]);
  rmSync(directory, { recursive: true, force: true });
});

function open(maximumBytes: number): Promise<Outbox> {
  return Outbox.open({
    file: join(directory, 'outbox.sqlite'),
    site: 'harbour-tower',
    gateway: 'gw-1',
    capacity: { maximumBytes, freeFloor: 0 },
    groupCommit: 5,
    logger: silentLogger,
    onFailure: (error) => {
      throw error;
    },
  });
}

/** Takes all the space that is left. */
function fill(): string {
  const ballast = join(directory, 'ballast');
  const { bavail, bsize } = statfsSync(directory);
  writeFileSync(ballast, Buffer.alloc(bavail * bsize));
  return ballast;
}

const frame = (n: number) => telemetry(...Array.from({ length: 3 }, (_, i) => aSample(i, n * 1000, Math.sin(n + i))));
const reason = 'a file system of its own cannot be mounted here';

test('on a full disk what is logged waits in memory, what was logged is read, and all goes on by itself', async ({
  skip,
}) => {
  skip(!isMounted, reason);
  const outbox = await open(1e9);
  await outbox.useModel(aModel());
  await outbox.append([frame(1)], { urgent: true });
  const ballast = fill();
  const waiting: Promise<void>[] = [];
  // Until the pages that SQLite still has are used up.
  for (let n = 2; n < 2000 && outbox.trouble === undefined; n++) {
    waiting.push(outbox.append([frame(n)], { urgent: true, state: { last: n } }));
    await outbox.stats();
  }
  expect(outbox.trouble).toMatch(/full/);
  const logged = await outbox.next({ lane: 'telemetry', history: false, after: 0, limit: 1 });
  expect(logged.map((e) => decodeTelemetry(e.bytes).samples[0]?.time)).toEqual([1000]);
  const more = waiting.length + 2;
  waiting.push(outbox.append([frame(more)]));
  rmSync(ballast);
  await Promise.all(waiting);
  await until('the trouble is over', () => outbox.trouble === undefined);
  const { telemetry: books } = (await outbox.stats()).lanes;
  expect(books).toMatchObject({ produced: 3 * more, buffered: 3 * more, entries: more, dropped: 0 });
  expect(await outbox.readState('last')).toBe(more - 1);
  await outbox.close();
});
