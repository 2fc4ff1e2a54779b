import { z } from 'zod';

const code = z.number().int();

/**
 * How a raw value becomes a value of the kind's point. In this order: `notAvailable` marks the device's way of saying
 * "no value"; then one of `states`, `flags` or `threshold` makes a state code, or the number is scaled:
 * raw x factor x multiply / divide + offset, in the point's unit, and then held within `clamp`.
 */
export const conversionShape = {
  factor: z.number().optional(),
  offset: z.number().optional(),
  /** Lowest and highest value, for a sensor that swings a little below zero; what lies beyond becomes the bound. */
  clamp: z.tuple([z.number(), z.number()]).optional(),
  /** Names of parameters, such as the ratio of a current transformer. */
  multiply: z.array(z.string()).optional(),
  divide: z.array(z.string()).optional(),
  /** Raw code to the kind's code; a raw code that is not listed cannot be decoded. */
  states: z.record(z.string(), code).optional(),
  /** The first flag that holds gives the code, `otherwise` if none does. */
  flags: z
    .array(z.strictObject({ bit: z.number().int().min(0).max(31), is: z.literal([0, 1]).default(1), value: code }))
    .optional(),
  otherwise: code.optional(),
  /** 1 from this raw value on, else 0. */
  threshold: z.number().optional(),
  notAvailable: z
    .array(z.union([z.number(), z.boolean(), z.enum(['all-ones', 'signed-maximum', 'signed-minimum'])]))
    .optional(),
} as const;

const conversion = z.strictObject(conversionShape);
export type Conversion = z.output<typeof conversion>;
