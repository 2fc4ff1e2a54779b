import { expect, test } from 'vitest';
import { runRounds } from './harness/rounds.ts';

// `npm run faults -- --rounds 200` is the long run; this one shows that the harness and the line are whole.
test('a few rounds of random faults lose, double and misattribute nothing', async () => {
  const { total, rounds, holds } = await runRounds(7, 4, (line) => console.log(line));
  expect(total).toMatchObject({ lost: 0, duplicated: 0, misattributed: 0, ticketsDoubled: 0 });
  expect(rounds.every((r) => r.booksBalance)).toBe(true);
  expect(total.stored).toBeGreaterThan(100);
  expect(holds).toBe(true);
});
