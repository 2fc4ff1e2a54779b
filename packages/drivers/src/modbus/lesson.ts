import { createHash } from 'node:crypto';
import { z } from 'zod';
import { areas } from '../profiles/schema.ts';
import type { DeviceMemory } from './device-memory.ts';
import type { Block } from './plan.ts';

const span = z.tuple([z.enum(areas), z.number().int(), z.number().int()]);
const refused = z.strictObject({ at: span, exception: z.number().int(), delay: z.number() });

/**
 * What one device was learned not to give: how its blocks are cut, what is left out, and which planned blocks are refused
 * whole though all their pieces are given. It fits one plan only.
 */
export const lesson = z.strictObject({
  plan: z.string(),
  blocks: z.array(span),
  holes: z.array(refused),
  cuts: z.array(refused),
});
export type Lesson = z.output<typeof lesson>;
export type Span = z.output<typeof span>;
export type HoleMemory = DeviceMemory<Lesson>;

/** Tells one plan from another: the same requests to the same unit for the same values. */
export function fingerprint(unit: number, blocks: readonly Block[]): string {
  const shape = blocks.map((b) => [spanOf(b), b.items.map((i) => [i.point, i.address, i.length])]);
  return createHash('sha256')
    .update(JSON.stringify([unit, shape]))
    .digest('hex')
    .slice(0, 16);
}

export function spanOf({ area, address, length }: Block): Span {
  return [area, address, length];
}
