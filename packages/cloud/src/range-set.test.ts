import fc from 'fast-check';
import { expect, it } from 'vitest';
import { RangeSet } from './range-set.ts';

it('knows what was added and nothing else, in the fewest ranges', () => {
  const range = fc.tuple(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 0, max: 6 }));
  fc.assert(
    fc.property(fc.array(range, { maxLength: 30 }), (added) => {
      const set = new RangeSet();
      const model = new Set<number>();
      for (const [first, more] of added) {
        set.add(first, first + more);
        for (let n = first; n <= first + more; n++) model.add(n);
      }
      for (let n = 0; n <= 70; n++) expect(set.has(n)).toBe(model.has(n));
      const runs = [...model].filter((n) => !model.has(n - 1)).length;
      expect(set.ranges()).toHaveLength(runs);
    }),
  );
});
