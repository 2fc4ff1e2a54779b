import { z } from 'zod';

const fields = z.strictObject({
  /** Path of a CSV file with the header `time,equipment,point,value`; time in ISO 8601 with zone or ms since 1970. */
  file: z.string().min(1),
});

/** The path of a file, or the field. */
export const replayConfig = z.union([
  z
    .string()
    .min(1)
    .transform((file) => ({ file }))
    .pipe(fields),
  fields,
]);
export type ReplayConfig = z.output<typeof replayConfig>;
