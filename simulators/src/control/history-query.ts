import { PlantroomError } from '@plantroom/base';
import { z } from 'zod';
import type { Weather } from '../building/weather.ts';
import type { ReadingLedger } from '../meters/ledger.ts';
import { meterIds } from '../meters/load-model.ts';

const query = z.strictObject({
  from: z.iso.datetime({ offset: true }),
  to: z.iso.datetime({ offset: true }),
  step: z.coerce.number().int().positive().multipleOf(900).default(900),
});

const mostRows = 100_000;

export interface HistoryItem {
  time: string;
  equipment: string;
  point: string;
  value: number;
}

/**
 * True meter registers (kWh) and outdoor temperature (°C) at the multiples of `step` seconds from `from` to `to`, both included.
 * @throws PlantroomError `bad-request` or `too-many-rows`.
 */
export function readHistory(ledger: ReadingLedger, weather: Pick<Weather, 'temperature'>, raw: unknown): HistoryItem[] {
  const parsed = query.safeParse(raw);
  if (!parsed.success) {
    throw new PlantroomError('bad-request', z.prettifyError(parsed.error), {
      hint: 'Give from and to as ISO 8601 times, step as a multiple of 900 seconds.',
    });
  }
  const step = parsed.data.step * 1000;
  const rows = ledger
    .between(Date.parse(parsed.data.from), Date.parse(parsed.data.to))
    .filter((q) => q.time % step === 0);
  if (rows.length * (meterIds.length + 1) > mostRows) {
    throw new PlantroomError('too-many-rows', `More than ${mostRows} rows.`, {
      hint: 'Ask for a shorter time or a larger step.',
    });
  }
  return rows.flatMap(({ time, readings }) => {
    const text = new Date(time).toISOString();
    const item = (equipment: string, point: string, value: number) => ({ time: text, equipment, point, value });
    return [
      ...meterIds.map((id) => item(id, 'energyImport', readings[id])),
      item('outdoor', 'temperature', weather.temperature(time)),
    ];
  });
}
