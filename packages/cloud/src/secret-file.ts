import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { PlantroomError } from '@plantroom/base';

/** The secret that a file holds; undefined when there is no file. Throws PlantroomError `enrolment` for a short one. */
export async function readSecret(file: string): Promise<string | undefined> {
  const held = existsSync(file) ? (await readFile(file, 'utf8')).trim() : undefined;
  if (held !== undefined && held.length < 32)
    throw new PlantroomError('enrolment', `${file} does not hold a secret of 32 characters or more`, {
      hint: 'Remove the file; a fresh secret is then written.',
    });
  return held;
}

/** For the owner's eyes; renamed into place, so that a reader never sees half of it. */
export async function writeSecret(file: string, text: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(`${file}.new`, `${text}\n`, { mode: 0o600 });
  await rename(`${file}.new`, file);
}
