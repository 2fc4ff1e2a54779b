import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Clock, silentLogger, systemClock } from '@plantroom/base';
import { type FieldConnection, prepareConnection } from '@plantroom/drivers';
import type { SiteConfig, SiteConnection } from '@plantroom/gateway/config';

/** A folder that goes when the work is done. */
export async function withFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'plantroom-'));
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

export function isModbusConnection({ type }: Pick<SiteConnection, 'type'>): boolean {
  return type.startsWith('modbus-');
}

/** Prepares the Modbus connections of a site, with what a gateway learned of them in `directory`; opens nothing. */
export function prepareBuses(
  { connections }: SiteConfig,
  directory: string,
  clock: Clock = systemClock,
): Promise<FieldConnection[]> {
  const buses = connections.filter(isModbusConnection);
  return Promise.all(
    buses.map(({ id, type, settings, bindings }) =>
      prepareConnection(type, id, settings, bindings, {
        clock,
        logger: silentLogger,
        directory: join(directory, 'connections', id),
        dataDirectory: directory,
        secret: () => undefined,
      }),
    ),
  );
}

/** How many points a profile's names stand for, ranges counted out. */
export function countPoints(names: readonly string[]): number {
  const counts = names.map((name) =>
    [...name.matchAll(/\[(\d+)\.\.(\d+)\]/g)].reduce((n, [, low, high]) => n * (Number(high) - Number(low) + 1), 1),
  );
  return counts.reduce((sum, n) => sum + n, 0);
}
