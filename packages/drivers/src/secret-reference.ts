import { PlantroomError } from '@plantroom/base';
import { z } from 'zod';

/** A secret as a site file names it: a file or an environment variable; plain text only when it was filled in by code. */
export const secretReference = z.union([
  z.strictObject({ file: z.string().min(1) }),
  z.strictObject({ env: z.string().min(1) }),
  z.string().min(1),
]);
export type SecretReference = z.output<typeof secretReference>;

/** The secret's text. `lookup` is asked for the file's path or the variable's name; throws if it knows neither. */
export function resolveSecret(
  reference: SecretReference,
  lookup: (name: string) => string | undefined,
  connection: string,
): string {
  if (typeof reference === 'string') return reference;
  const name = 'file' in reference ? reference.file : reference.env;
  const text = lookup(name);
  if (text !== undefined) return text;
  throw new PlantroomError('driver-secret', `Connection ${connection} names a secret that is not there: ${name}.`, {
    hint: 'file' in reference ? 'Write the secret into that file.' : 'Set that environment variable.',
    context: { connection },
  });
}
