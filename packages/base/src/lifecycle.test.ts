import { expect, it } from 'vitest';
import { Lifecycle } from './lifecycle.ts';

it('stops last in, first out, goes on after a failure and names it', async () => {
  const lifecycle = new Lifecycle();
  const stopped: string[] = [];
  lifecycle.onStop('the database', () => void stopped.push('database'));
  lifecycle.onStop('the broker', () => {
    throw new Error('socket busy');
  });
  lifecycle.onStop('the server', async () => void stopped.push('server'));
  const failures = await lifecycle.stop();
  expect(stopped).toEqual(['server', 'database']);
  expect(failures.map((f) => f.message)).toEqual(['could not stop the broker: socket busy']);
});

it('runs each clean-up once, however often it is asked to stop', async () => {
  const lifecycle = new Lifecycle();
  let runs = 0;
  lifecycle.onStop('counter', () => void runs++);
  await Promise.all([lifecycle.stop(), lifecycle.stop()]);
  await lifecycle.stop();
  expect(runs).toBe(1);
});
