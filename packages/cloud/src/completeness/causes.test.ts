import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LedgerRange } from '../records/contract.ts';
import { type CauseWindow, causeWindows, explain, type GatewayFacts, missingFrames } from './causes.ts';

const range = (first: number, last: number, more: Partial<LedgerRange> = {}): LedgerRange => ({
  ...{ gateway: 'gw-1', epoch: 'e1', lane: 'telemetry', first, last, firstTime: first * 10, lastTime: last * 10 + 9 },
  ...more,
});
const gap = (from: number, to: number, reason: 'thinned' | 'dropped' | 'corrupt', epoch = 'e1') => ({
  ...{ id: `${epoch}-telemetry-${from}-${to}`, lane: 'telemetry' as const, fromSequence: from, toSequence: to },
  ...{ fromTime: from * 10, toTime: to * 10 + 9, samples: 5, reason },
});
const facts = (more: Partial<GatewayFacts>): GatewayFacts => ({
  ...{ ledger: [], gaps: [], online: true, backlog: { entries: 0, oldest: 0 }, quarantined: 0, now: 10_000 },
  ...more,
});
const missing = (more: Partial<GatewayFacts>) => missingFrames(facts(more)).map((m) => [m.first, m.last, m.cause]);

describe('frames that the ledger has not', () => {
  it('are those before, between and never after what it has', () => {
    const ledger = [range(8, 9), range(3, 5)];
    expect(missingFrames(facts({ ledger }))).toEqual([
      { epoch: 'e1', first: 1, last: 2, from: null, to: 30, cause: 'unknown' },
      { epoch: 'e1', first: 6, last: 7, from: 59, to: 80, cause: 'unknown' },
    ]);
  });

  it('have the cause that gap records of their epoch tell, and for the rest what the gateway says of itself', () => {
    const ledger = [range(1, 1), range(10, 10)];
    const gaps = [gap(6, 7, 'thinned'), gap(3, 4, 'dropped'), gap(2, 2, 'corrupt', 'e2')];
    const told = (rest: string) => [
      [2, 2, rest],
      [3, 4, 'dropped'],
      [5, 5, rest],
      [6, 7, 'thinned'],
      [8, 9, rest],
    ];
    expect(missing({ ledger, gaps })).toEqual(told('unknown'));
    expect(missing({ ledger, gaps, online: false })).toEqual(told('buffered'));
    expect(missing({ ledger, gaps, backlog: { entries: 3, oldest: 5 } })).toEqual(told('buffered'));
    expect(missing({ ledger, gaps, quarantined: 1 })).toEqual(told('quarantined'));
    expect(missing({ ledger, gaps: [gap(1, 99, 'dropped')] })).toEqual([[2, 9, 'dropped']]);
  });
});

describe('the causes of a gateway', () => {
  const ledger = [range(1, 5), range(1, 9, { epoch: 'e2', firstTime: 200, lastTime: 300 })];

  it('are that it did not run between two epochs, unless what it logged before is still to come', () => {
    expect(causeWindows(facts({ ledger }))).toEqual([{ from: 59, to: 200, cause: 'stopped' }]);
    const backlog = { entries: 1, oldest: 9_900 };
    expect(causeWindows(facts({ ledger, backlog })).at(-1)).toEqual({ from: 59, to: 200, cause: 'buffered' });
  });

  it('are what it may hold since it was heard last, while it cannot be reached', () => {
    const [first] = causeWindows(facts({ ledger, online: false }));
    expect(first).toEqual({ from: 300, to: Number.POSITIVE_INFINITY, cause: 'buffered' });
  });

  it('say nothing of a gateway that never sent anything', () => {
    expect(causeWindows(facts({ online: false }))).toEqual([]);
  });
});

it('explains every moment of a span once, by the first window that holds it', () => {
  const window = fc.tuple(fc.integer({ min: -5, max: 60 }), fc.integer({ min: 1, max: 30 })).chain(([from, length]) =>
    fc.record({
      from: fc.constant(from),
      to: fc.constant(from + length),
      cause: fc.constantFrom('dropped', 'stopped', 'buffered'),
    }),
  ) as fc.Arbitrary<CauseWindow>;
  fc.assert(
    fc.property(fc.array(window, { maxLength: 6 }), fc.nat(5), fc.nat(5), (windows, lead, slack) => {
      const pieces = explain({ from: 0, to: 50 }, windows, { lead, slack });
      for (let at = 0; at < 50; at++) {
        const first = windows.find((w) => at >= w.from - lead && at < w.to + slack);
        const [piece, ...others] = pieces.filter((p) => at >= p.from && at < p.to);
        expect([piece?.cause, others]).toEqual([first?.cause ?? 'unknown', []]);
      }
    }),
  );
});
