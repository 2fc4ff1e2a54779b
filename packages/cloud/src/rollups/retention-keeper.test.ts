import { ManualClock, silentLogger } from '@plantroom/base';
import { expect, it } from 'vitest';
import { usualRetention } from '../time-series/contract.ts';
import { type HeardGateway, RetentionKeeper } from './retention-keeper.ts';

const day = 86_400_000;
const now = 1000 * day;

function keeperOf(gateways: Partial<HeardGateway>[], samples = 90) {
  const said: (string | undefined)[] = [];
  const asked: number[] = [];
  const clock = new ManualClock(now);
  const note = (fields: object) => void said.push('code' in fields ? String(fields.code) : undefined);
  const rows = gateways.map((g, n) => ({
    ...{ site: 's', gateway: `gw-${n}`, status: null, heardAt: now },
    ...g,
  }));
  const keeper = new RetentionKeeper({
    store: {
      expire: async (_, at) => {
        asked.push(at);
        return ['2025-11'];
      },
    },
    records: { gateways: async () => rows },
    retention: { ...usualRetention, samples },
    clock,
    logger: { ...silentLogger, warn: note, info: note },
  });
  return { keeper, clock, said, asked, rows };
}

it('removes every hour what is kept no longer', async () => {
  const { keeper, clock, asked, said } = keeperOf([]);
  keeper.start();
  await keeper.round();
  await clock.advance(3_600_000);
  await keeper.stop();
  expect(asked).toEqual([now, now, now + 3_600_000]);
  expect(said).toEqual(['retention', 'retention', 'retention']);
});

it('says at the start that samples are kept for less than a gateway may be away', async () => {
  for (const [samples, warning] of [
    [30, ['retention-short', 'retention']],
    [31, ['retention']],
  ] as const) {
    const { keeper, said } = keeperOf([], samples);
    keeper.start();
    await keeper.stop();
    expect(said).toEqual(warning);
  }
});

it('warns once of a gateway that may hold samples older than those that are kept', async () => {
  const { keeper, said, rows } = keeperOf([
    { heardAt: now - 62 * day },
    { heardAt: now - 70 * day },
    { heardAt: null },
  ]);
  await keeper.round();
  await keeper.round();
  expect(said.filter((code) => code === 'retention-behind')).toHaveLength(1);
  rows.pop();
  rows[1] = { ...rows[1], heardAt: now } as HeardGateway;
  await keeper.round();
  rows[1] = { ...rows[1], heardAt: now - 70 * day } as HeardGateway;
  await keeper.round();
  expect(said.filter((code) => code === 'retention-behind')).toHaveLength(2);
});
