import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The folder of the project, which holds packages/, simulators/ and deploy/. */
export const projectDirectory = join(import.meta.dirname, '..', '..', '..');

export function version(): string {
  const text = readFileSync(join(import.meta.dirname, '..', 'package.json'), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}

/** The entry of a process that the demo starts; a path, because these are started and never imported. */
export const processEntries = {
  simulators: join(projectDirectory, 'simulators', 'src', 'main.ts'),
  cloud: join(projectDirectory, 'packages', 'cloud', 'src', 'main.ts'),
  gateway: join(projectDirectory, 'packages', 'gateway', 'src', 'main.ts'),
} as const;
/**
 * Flags of node for a process that has to be small: unbounded, V8 takes 100 MB and more for values that live a second. A
 * gateway with 20,000 points a second is no slower with 4 MB a half than with 16.
 */
export const smallHeap = ['--max-semi-space-size=4'] as const;
export type ProcessName = keyof typeof processEntries;

/** Loaded into a child before its entry; ends it when this process is gone. */
export const dieWithParent = join(import.meta.dirname, 'demo', 'die-with-parent.ts');
