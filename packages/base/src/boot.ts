import { readFileSync } from 'node:fs';
import { randomId } from './random.ts';

/** The kernel's name for this run of the machine; where it has none, one for this process. */
export function bootId(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    return ofProcess;
  }
}

const ofProcess = randomId();
