import { join } from 'node:path';
import type { Clock, Logger } from '@plantroom/base';
import type { TimeSeriesOptions } from './config-file.ts';
import type { TimeSeriesStore } from './time-series/contract.ts';

/** Opens the store of the configuration; the libraries of the others are not loaded. */
export async function openTimeSeries(
  options: TimeSeriesOptions,
  dataDirectory: string,
  clock: Clock,
  logger: Logger,
): Promise<TimeSeriesStore> {
  const { retention } = options;
  const kept = { retention: retention?.samples, rollups: retention };
  if (options.store === 'influx-v1') {
    const { openInfluxV1 } = await import('./time-series/influx-v1.ts');
    return openInfluxV1({ ...options, ...kept, clock, logger });
  }
  if (options.store === 'influx-v2') {
    const { openInfluxV2 } = await import('./time-series/influx-v2.ts');
    return openInfluxV2({ ...options, ...kept, clock, logger });
  }
  const { openDuckdbStore } = await import('./time-series/duckdb-store.ts');
  return openDuckdbStore(join(dataDirectory, 'time-series'));
}
