import { seededRandom } from '@plantroom/base';
import type { JournalEntry } from '@plantroom/detection';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Scenario } from './scenario.ts';
import { scenarios } from './scenarios.ts';
import { schedule } from './schedule.ts';
import { Score } from './score.ts';

const scenario: Scenario = {
  finds: { fault: 'pump.dry-run' },
  entails: [{ fault: 'water-tank.low-level', equipment: ['roof-tank'] }],
  inject: [{ fault: 'pump-dry-run' }],
  on: ['booster-1'],
  hold: 100,
  recovers: 50,
  within: 13,
};
const planned = { scenario, target: 'booster-1', start: 0, end: 100, over: 150 };

function raised(equipment: string, fault: string, more: Partial<JournalEntry> = {}): JournalEntry {
  const rest = { alarm: 'a', subject: '', time: 0, reasons: [], actor: null, comment: '', command: null };
  return { ...rest, equipment, fault, input: 'raise', from: 'normal', to: 'unacknowledged', ...more };
}

function heard(...entries: readonly JournalEntry[]): string[] {
  const score = new Score();
  score.begin(planned, 0);
  for (const entry of entries) score.hear(entry, undefined, 12_000);
  return score.calls.map(({ as }) => as);
}

describe('the score', () => {
  it('tells the first alarm of a fault from its next, from what it brings along, and from what is false', () => {
    const first = raised('booster-1', 'pump.dry-run');
    const low = raised('roof-tank', 'water-tank.low-level');
    const other = raised('booster-2', 'pump.dry-run');
    expect(heard(first, first, low, other)).toEqual(['found', 'again', 'true', 'false']);
  });

  it('hears only what asks for attention', () => {
    const hidden = raised('booster-1', 'pump.dry-run', { to: 'suppressed' });
    const seen = raised('booster-1', 'pump.dry-run', { input: 'acknowledge', to: 'acknowledged' });
    const shown = raised('booster-1', 'pump.dry-run', { input: 'unsuppress', from: 'suppressed' });
    expect(heard(hidden, seen, shown)).toEqual(['found']);
  });

  it('holds what comes when all is over for false', () => {
    const score = new Score();
    score.begin(planned, 0);
    score.look({} as never, 151_000);
    score.hear(raised('booster-1', 'pump.dry-run'), undefined, 151_000);
    expect(score.calls.map(({ as }) => as)).toEqual(['false']);
  });
});

describe('the schedule', () => {
  it('has every fault once on a faulty day, none across its end, and no equipment with two at once', () => {
    fc.assert(
      fc.property(fc.nat(1000), (seed) => {
        const plans = schedule(1, seededRandom(seed));
        expect(plans.map((p) => p.scenario.finds.fault).sort()).toEqual(scenarios.map((s) => s.finds.fault).sort());
        for (const one of plans) expect(one.over).toBeLessThanOrEqual(86_400);
        for (const [, some] of Map.groupBy(plans, (p) => p.target))
          for (const [i, next] of some.entries()) expect(next.start).toBeGreaterThanOrEqual(some[i - 1]?.over ?? 0);
      }),
      { numRuns: 20 },
    );
  });
});
