import { ManualClock, temporaryDirectory, until } from '@plantroom/testing';
import { expect, test } from 'vitest';
import { Service } from './service.ts';

test('a program that ends by itself is told, and started again under a process id that is told too', async () => {
  using logs = temporaryDirectory();
  const clock = new ManualClock();
  const [pids, ends]: [(number | undefined)[], string[]] = [[], []];
  const service = new Service({
    name: 'sleeper',
    command: 'sleep',
    args: ['60'],
    logs: logs.path,
    clock,
    onStart: (pid) => pids.push(pid),
    onEnd: (how) => ends.push(how),
  });
  process.kill(service.pid ?? 0, 'SIGKILL');
  await until('its end is told', () => ends.length > 0);
  expect(ends).toEqual(['SIGKILL']);
  await clock.advance(1000);
  await until('it runs again', () => pids.length === 2);
  expect(new Set(pids).size).toBe(2);
  expect(pids[1]).toBe(service.pid);
  await service.stop();
  expect(ends).toHaveLength(1);
});
