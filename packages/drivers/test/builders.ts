import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Clock, silentLogger } from '@plantroom/base';
import { onTestFinished } from 'vitest';
import type { EquipmentBinding } from '../src/binding.ts';
import type { DriverContext } from '../src/contract.ts';
import { loadProfile } from '../src/profiles/load.ts';
import type { Profile } from '../src/profiles/schema.ts';
import { CountingClock } from './counting-clock.ts';

/** A context with a folder of its own, which goes when the test ends. */
export function testContext(clock: Clock = new CountingClock()): DriverContext {
  const directory = mkdtempSync(join(tmpdir(), 'plantroom-driver-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return { clock, logger: silentLogger, directory, dataDirectory: directory, secret: () => undefined };
}

export function bindingOf(
  id: string,
  profile: string | Profile,
  options: Record<string, unknown> = {},
  ratings: Record<string, number> = {},
): EquipmentBinding {
  const map = typeof profile === 'string' ? loadProfile(profile) : profile;
  return { id, kind: map.kind, profile: map, options, ratings };
}
