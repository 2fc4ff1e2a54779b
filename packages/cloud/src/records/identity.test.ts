import type { GatewayStatus } from '@plantroom/model/wire';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { identityOf, isPresent, lookAt } from './identity.ts';

const minute = 60_000;

function status(epoch: string, online = true): GatewayStatus {
  const backlog = { entries: 0, bytes: 0, oldest: 0 };
  return { online, time: 1, epoch, revision: 'r', version: '0', backlog, quarantined: 0, connections: [] };
}

/** Statuses that come a minute apart: an epoch, or nothing for a farewell. */
function after(told: readonly (string | undefined)[], every = minute) {
  return told.reduce(
    (identity, epoch, n) => lookAt(identity, status(epoch ?? 'a', epoch !== undefined), n * every),
    identityOf(null),
  );
}

it('sees two logs take turns', () => {
  expect(after(['a', 'a', 'b', 'b']).conflict).toBeNull();
  expect(after(['a', 'b', 'a']).conflict).toEqual({ kind: 'epochs', since: 2 * minute, at: 2 * minute });
  expect(after(['a', 'b', 'a', 'a', 'b']).conflict).toEqual({ kind: 'epochs', since: 2 * minute, at: 4 * minute });
  expect(after(['a', undefined, 'b', undefined, 'c', undefined, 'a']).conflict?.kind).toBe('epochs');
});

it('takes nothing that one gateway can do for two', () => {
  // Each opening of the log draws an epoch that was never there; statuses and farewells as they come.
  const opening = fc.array(fc.constantFrom('status', 'farewell'), { maxLength: 5 });
  fc.assert(
    fc.property(fc.array(opening, { maxLength: 30 }), (openings) => {
      const told = openings.flatMap((o, n) => o.map((what) => (what === 'status' ? `epoch-${n}` : undefined)));
      expect(after(told).conflict).toBeNull();
    }),
  );
});

it('sees a connection that is lost again and again, and takes it for proven when the logs take turns too', () => {
  const flapping = Array.from({ length: 10 }, () => undefined);
  expect(after(flapping, 20_000).conflict?.kind).toBe('connections');
  expect(after(flapping, minute).conflict).toBeNull();
  const [one, other] = [after(['b', ...flapping, 'a', 'b'], 20_000), after(['b', 'a', 'b', ...flapping], 20_000)];
  expect([one.conflict?.kind, other.conflict?.kind]).toEqual(['epochs', 'epochs']);
});

it('begins anew a quarter of an hour later', () => {
  const { conflict } = after(['a', 'b', 'a']);
  expect([isPresent(conflict, 16 * minute), isPresent(conflict, 17 * minute)]).toEqual([true, false]);
  const again = lookAt(after(['a', 'b', 'a']), status('b'), 20 * minute);
  expect(again.conflict).toEqual({ kind: 'epochs', since: 20 * minute, at: 20 * minute });
});
