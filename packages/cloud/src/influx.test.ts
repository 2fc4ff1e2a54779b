import { type Logger, silentLogger, systemClock } from '@plantroom/base';
import type { LatestPoint, Series } from '@plantroom/model/api';
import { startInfluxdb, withoutServices } from '@plantroom/testing';
import { connectAsync } from 'mqtt';
import { expect, test } from 'vitest';
import { model, PlayedGateway, startTestCloud, until } from './test-kit.ts';

test.skipIf(withoutServices)(
  'a cloud whose time series are in InfluxDB acknowledges, serves and remembers',
  async () => {
    const influxdb = await startInfluxdb();
    const timeSeries = { store: 'influx-v1', url: influxdb.url, database: 'plantroom' } as const;
    const first = await startTestCloud({ timeSeries });
    const gateway = await PlayedGateway.connect(first.cloud, connectAsync);
    await gateway.events({ type: 'model', model });
    const now = systemClock.now();
    const from = now - 60_000;
    const speed = (time: number, value: number) => ({
      index: 0,
      time,
      gatewayTime: time,
      value,
      quality: 'good' as const,
    });
    await gateway.telemetry(speed(from, 40), speed(from + 1000, 98));
    const query = new URLSearchParams({
      ...{ site: 'tower', equipment: 'pump-1', point: 'speed', aggregate: 'raw' },
      ...{ from: String(from), to: String(now) },
    });
    const { items } = await first.get<Series>(`/series?${query}`);
    expect(items.map((i) => i.value)).toEqual([40, 98]);
    await gateway.close();
    await first.stop();

    // Its records are new, so that the gateway introduces itself again; what was measured is still there.
    const second = await startTestCloud({ timeSeries });
    const again = await PlayedGateway.connect(second.cloud, connectAsync);
    await again.events({ type: 'model', model });
    await expect
      .poll(async () => (await second.get<{ items: LatestPoint[] }>('/points/latest')).items)
      .toMatchObject([{ equipment: 'pump-1', point: 'speed', value: 98, changedAt: from + 1000 }]);
    await again.close();
    await second.stop();
    await influxdb.stop();
  },
);

test.skipIf(withoutServices)(
  'a cloud that starts while InfluxDB is down says so, waits, and comes up with it',
  async () => {
    const influxdb = await startInfluxdb();
    const timeSeries = { store: 'influx-v1', url: influxdb.url, database: 'plantroom' } as const;
    await influxdb.pause();
    const said: unknown[] = [];
    const logger: Logger = { ...silentLogger, warn: (fields) => void said.push(fields) };
    let isUp = false;
    const starting = startTestCloud({ timeSeries, logger }).finally(() => {
      isUp = true;
    });
    await until(() => said.length > 0);
    expect(said[0]).toMatchObject({ code: 'time-series-unavailable', detail: expect.stringContaining(influxdb.url) });
    expect(isUp).toBe(false);
    await influxdb.resume();
    const { cloud, stop } = await starting;
    const gateway = await PlayedGateway.connect(cloud, connectAsync);
    await gateway.events({ type: 'model', model });
    await gateway.close();
    await stop();
    await influxdb.stop();
  },
);
