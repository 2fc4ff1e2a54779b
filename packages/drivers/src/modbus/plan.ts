import type { Judged } from '../judge.ts';
import { type Area, isBitArea } from './pdu.ts';

/** One value in the device: where it stands, and how its bytes are read. */
export interface Item {
  readonly point: string;
  readonly area: Area;
  /** As it stands in the request, the equipment's offset included. */
  readonly address: number;
  /** Registers, or bits of a coil area. */
  readonly length: number;
  /** The value from a block's bytes, `offset` registers (or bits) after its start. */
  readonly read: (bytes: Buffer, offset: number) => Judged;
}

/** One request: contiguous registers of one area, and the values in them. Never empty. */
export interface Block {
  readonly area: Area;
  readonly address: number;
  readonly length: number;
  readonly items: readonly Item[];
}

export interface Limits {
  /** Registers in one answer; 16 bits of a coil area count as one. */
  readonly maximumRegisters: number;
  /** Unused registers that may be read along. */
  readonly maximumGap: number;
  /** Never two values in one request, unless they stand in the same registers. */
  readonly onePerField?: boolean;
}

/** The fewest requests that read all items, none longer than the limit, no gap wider, no value split. */
export function planBlocks(items: readonly Item[], limits: Limits): Block[] {
  const sorted = [...items].sort(
    (a, b) => a.area.localeCompare(b.area) || a.address - b.address || a.length - b.length,
  );
  const groups: Item[][] = [];
  let end = 0;
  for (const item of sorted) {
    const group = groups.at(-1);
    const first = group?.[0];
    const scale = isBitArea(item.area) ? 16 : 1;
    const last = Math.max(end, item.address + item.length);
    const isAllowed = !limits.onePerField || (item.address === first?.address && item.length === first.length);
    const joins =
      first?.area === item.area &&
      isAllowed &&
      item.address - end <= limits.maximumGap * scale &&
      last - first.address <= limits.maximumRegisters * scale;
    if (group && joins) group.push(item);
    else groups.push([item]);
    end = joins ? last : item.address + item.length;
  }
  return groups.flatMap((group) => blockOf(group) ?? []);
}

/**
 * A block in two, neither of which cuts a value: at its widest gap, which a device may refuse to read, else in the
 * middle. Undefined when all its values overlap, so that it cannot be cut.
 */
export function splitBlock(block: Block): [Block, Block] | undefined {
  const { items } = block;
  let end = 0;
  let cut: { index: number; gap: number; off: number } | undefined;
  for (const [index, item] of items.entries()) {
    const gap = item.address - end;
    const off = Math.abs(index - items.length / 2);
    if (index > 0 && gap >= 0 && (!cut || gap > cut.gap || (gap === cut.gap && off < cut.off)))
      cut = { index, gap, off };
    end = Math.max(end, item.address + item.length);
  }
  const low = cut && blockOf(items.slice(0, cut.index));
  const high = cut && blockOf(items.slice(cut.index));
  return low && high ? [low, high] : undefined;
}

export function blockOf(items: readonly Item[]): Block | undefined {
  const first = items[0];
  if (!first) return undefined;
  const end = Math.max(...items.map((i) => i.address + i.length));
  return { area: first.area, address: first.address, length: end - first.address, items };
}
