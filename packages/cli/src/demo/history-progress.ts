import { type Clock, PlantroomError, systemClock } from '@plantroom/base';
import type { Consumption } from '@plantroom/model/api';
import type { CloudApi } from './cloud-api.ts';
import { historyDays, site } from './line.ts';
import type { Reporter } from './reporter.ts';

const quarterHour = 900_000;
const day = 86_400_000;
/** The history stands on its own when nothing of it moves for this long. */
const patience = 60_000;
/** The meter that has no gap of its own. */
const meter = 'main-meter';

/** Follows the history on its way through gateway, outbox, uplink and ingest, as days that the cloud can show. */
export async function followHistory(api: CloudApi, reporter: Reporter, clock: Clock = systemClock): Promise<void> {
  const began = clock.monotonic();
  const end = Math.floor(clock.now() / quarterHour) * quarterHour;
  const from = end - historyDays * day;
  const bar = reporter.bar('history', historyDays, 'days');
  try {
    let best = -1;
    let moved = clock.monotonic();
    for (;;) {
      const arrived = await daysBetween(api, from, end);
      bar.update(Math.floor(arrived));
      if (arrived >= historyDays - 0.05) break;
      if (arrived > best) moved = clock.monotonic();
      best = Math.max(best, arrived);
      if (clock.monotonic() - moved > patience) throw stuck(arrived);
      await clock.sleep(400);
    }
  } finally {
    bar.stop();
  }
  const seconds = ((clock.monotonic() - began) / 1000).toFixed(0);
  reporter.line(`  ✓ ${'history'.padEnd(16)}${historyDays} days of 12 meters through the line in ${seconds} s`);
}

/** How many days of the meter's consumption the cloud has; a part of a day counts as its share. */
async function daysBetween(api: CloudApi, from: number, to: number): Promise<number> {
  const query = `site=${site}&equipment=${meter}&by=day&from=${from}&to=${to}`;
  const { items } = (await api.get(`energy/consumption?${query}`)) as Consumption;
  const held = items.reduce((sum, item) => sum + item.completeness * (item.end - item.start), 0);
  return Math.min(held, to - from) / day;
}

function stuck(arrived: number): PlantroomError {
  return new PlantroomError(
    'demo-history',
    `The history stands still at ${arrived.toFixed(1)} of ${historyDays} days.`,
    {
      hint: 'The logs of gateway and cloud in the data directory say why; npm run demo -- --no-history starts without it.',
    },
  );
}
