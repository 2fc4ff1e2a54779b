import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bad } from '../judge.ts';
import { type Area, isBitArea } from './pdu.ts';
import { type Block, type Item, planBlocks, splitBlock } from './plan.ts';

function item(area: Area, address: number, length: number): Item {
  return { point: `${area}-${address}-${length}`, area, address, length, read: () => bad('decode') };
}

const anyItems = fc.array(
  fc.record({
    area: fc.constantFrom<Area>('holding', 'input', 'coil'),
    address: fc.integer({ min: 0, max: 600 }),
    length: fc.constantFrom(1, 2, 4),
  }),
  { minLength: 1, maxLength: 60 },
);

function lies(item: Item, block: Block): boolean {
  return (
    item.area === block.area &&
    item.address >= block.address &&
    item.address + item.length <= block.address + block.length
  );
}

describe('a plan of requests', () => {
  it('reads what is near at once and what is far apart apart', () => {
    const items = [0, 2, 4, 30, 32].map((a) => item('holding', a, 2));
    const plan = planBlocks(items, { maximumRegisters: 125, maximumGap: 10 });
    expect(plan.map((b) => [b.address, b.length])).toEqual([
      [0, 6],
      [30, 4],
    ]);
  });

  it('holds every value once and whole, within the device’s limit and the gap', () => {
    const limits = fc.record({
      maximumRegisters: fc.integer({ min: 4, max: 125 }),
      maximumGap: fc.integer({ min: 0, max: 40 }),
    });
    fc.assert(
      fc.property(anyItems, limits, (shapes, limit) => {
        const items = shapes.map((s) => item(s.area, s.address, isBitArea(s.area) ? 1 : s.length));
        const plan = planBlocks(items, limit);
        expect(plan.flatMap((b) => b.items)).toHaveLength(items.length);
        for (const block of plan) {
          const scale = isBitArea(block.area) ? 16 : 1;
          expect(block.length).toBeLessThanOrEqual(limit.maximumRegisters * scale);
          for (const one of block.items) expect(lies(one, block)).toBe(true);
          let end = block.address;
          for (const one of block.items) {
            expect(one.address - end).toBeLessThanOrEqual(limit.maximumGap * scale);
            end = Math.max(end, one.address + one.length);
          }
        }
      }),
    );
  });
});

describe('a cut block', () => {
  it('is cut at its widest gap', () => {
    const [block] = planBlocks(
      [0, 2, 10, 12].map((a) => item('input', a, 2)),
      { maximumRegisters: 125, maximumGap: 20 },
    );
    const halves = block && splitBlock(block);
    expect(halves?.map((b) => [b.address, b.length])).toEqual([
      [0, 4],
      [10, 4],
    ]);
  });

  it('cuts no value, and ends in pieces that cannot be cut', () => {
    fc.assert(
      fc.property(anyItems, (shapes) => {
        const items = shapes.map((s) => item('holding', s.address, s.length));
        const pieces = planBlocks(items, { maximumRegisters: 125, maximumGap: 124 });
        let left = pieces.reduce((sum, b) => sum + b.items.length, 0);
        while (pieces.length > 0) {
          const block = pieces.pop();
          const halves = block && splitBlock(block);
          if (halves) pieces.push(...halves);
          else left -= block?.items.length ?? 0;
          for (const half of halves ?? []) expect(half.items.every((i) => lies(i, half))).toBe(true);
        }
        expect(left).toBe(0);
      }),
    );
  });
});
