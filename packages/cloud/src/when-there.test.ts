import { type Logger, ManualClock, PlantroomError, silentLogger } from '@plantroom/base';
import { expect, it } from 'vitest';
import { whenThere } from './when-there.ts';

const away = new PlantroomError('records-unavailable', 'nobody answers');

function waiting(open: () => Promise<string>, signal?: AbortSignal) {
  const clock = new ManualClock();
  const said: string[] = [];
  const logger: Logger = {
    ...silentLogger,
    warn: (fields) => void said.push('detail' in fields ? String(fields.detail) : ''),
  };
  return { clock, said, done: whenThere(open, { clock, logger, random: () => 0.5, signal }) };
}

it('waits for what is away, and says so once a minute', async () => {
  let tries = 0;
  const { clock, said, done } = waiting(async () => {
    if (++tries < 40) throw away;
    return 'there';
  });
  await clock.advance(90_000);
  expect(said).toEqual(['nobody answers', 'nobody answers']);
  await clock.advance(90_000);
  expect(await done).toBe('there');
});

it('does not wait for a mistake to mend itself', async () => {
  const { done } = waiting(async () => {
    throw new PlantroomError('records-open', 'no such database');
  });
  await expect(done).rejects.toThrow('no such database');
});

it('ends when it is told to', async () => {
  const stopping = new AbortController();
  const { clock, done } = waiting(() => Promise.reject(away), stopping.signal);
  const ended = expect(done).rejects.toBe(away);
  await clock.advance(1000);
  stopping.abort();
  await ended;
});
