import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describeError } from '@plantroom/base';
import { freePort, temporaryDirectory } from '@plantroom/testing';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { runStack } from './run-stack.ts';
import { chooseStackPorts, holdStackFolder } from './stack-files.ts';

let folder: ReturnType<typeof temporaryDirectory>;
beforeEach(() => {
  folder = temporaryDirectory();
});
afterEach(() => {
  vi.restoreAllMocks();
  folder.remove();
});

describe("a stack's folder", () => {
  test('is held by one stack at a time: the second is told by whom, and touches nothing', async () => {
    const lock = await holdStackFolder(folder.path, 8080);
    writeFileSync(join(folder.path, 'stack.json'), 'of the first');
    writeFileSync(join(folder.path, 'cloud.yaml'), 'of the first');
    const refused = await holdStackFolder(folder.path, 8081).catch(describeError);
    expect(refused).toContain(`in use by a stack on port 8080 (process ${process.pid})`);
    expect(refused).toContain('npm run stack -- --port 8081 --data');
    vi.spyOn(console, 'error').mockReturnValue();
    expect(await runStack({ data: folder.path, port: await freePort(), workers: 1 })).toBe(1);
    expect(readdirSync(folder.path).sort()).toEqual(['cloud.yaml', 'stack.json', 'stack.lock']);
    expect(readFileSync(join(folder.path, 'stack.json'), 'utf8')).toBe('of the first');
    lock.release();
    (await holdStackFolder(folder.path, 8081)).release();
  });

  test('is no folder of a demo', async () => {
    writeFileSync(join(folder.path, 'demo.json'), '{}');
    expect(await holdStackFolder(folder.path, 8080).catch(describeError)).toContain('holds a demo');
  });

  test('keeps its ports from one start to the next, but for one that is taken or told', async () => {
    const file = join(folder.path, 'ports.json');
    const { ports: first } = await chooseStackPorts(file, []);
    expect((await chooseStackPorts(file, [])).ports).toEqual(first);
    const told = await freePort();
    const { ports: second, before } = await chooseStackPorts(file, [], told);
    expect([second, before]).toEqual([{ ...first, mqtt: told }, first]);
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(first.postgres, '127.0.0.1', resolve));
    const { ports: third } = await chooseStackPorts(file, []);
    other.close();
    expect(third).toEqual({ ...second, postgres: third.postgres });
    expect(third.postgres).not.toBe(first.postgres);
  });
});
