import { expect, test } from 'vitest';
import { runRounds } from './harness/rounds.ts';

// `npm run faults -- --rounds 200` is the long run; this one shows that the harness and the line are whole.
test('a few rounds of random faults lose, double and misattribute nothing', async () => {
  const { total, rounds, holds } = await runRounds({ seed: 7, rounds: 3, say: (line) => console.log(line) });
  expect(total).toMatchObject({
    lost: 0,
    duplicated: 0,
    misattributed: 0,
    ticketsDoubled: 0,
    unexplained: 0,
    booksOff: 0,
  });
  expect(total).toMatchObject({ missingTransitions: 0, booksOff: 0 });
  expect(rounds).toHaveLength(3);
  expect(total.stored).toBeGreaterThan(100);
  expect(holds).toBe(true);
});
