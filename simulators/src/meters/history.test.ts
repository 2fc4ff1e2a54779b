import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { quarter } from '../building/local-time.ts';
import { historyRows, quarterHours, writeHistory } from './history.ts';
import { losses, meterIds, subMeterIds } from './load-model.ts';

const end = Date.parse('2026-11-20T02:07:00Z');
const options = { seed: 3, end, days: 20 };
const quarters = [...quarterHours(options)];
const directory = mkdtempSync(join(tmpdir(), 'history-'));
afterAll(() => rmSync(directory, { recursive: true }));

/** Mean kW of a meter in the quarter of an hour that begins at `time`. */
function power(meter: (typeof meterIds)[number], time: number): number {
  const index = quarters.findIndex((q) => q.time === time);
  const [from, to] = [quarters[index]?.readings[meter], quarters[index + 1]?.readings[meter]];
  if (from === undefined || to === undefined) throw new Error(`no reading at ${new Date(time).toISOString()}`);
  return (to - from) * 4;
}

describe('history', () => {
  it('has a reading each quarter of an hour up to the last full one', () => {
    expect(quarters).toHaveLength(20 * 96 + 1);
    expect(quarters.at(-1)?.time).toBe(Date.parse('2026-11-20T02:00:00Z'));
    expect(quarters.every((q) => q.time % quarter === 0)).toBe(true);
  });

  it('never counts back', () => {
    for (let i = 1; i < quarters.length; i += 1) {
      for (const id of meterIds) expect(quarters[i]?.readings[id]).toBeGreaterThan(quarters[i - 1]?.readings[id] ?? 0);
    }
  });

  it('shows on the main meter the sum of the others and losses of one to two per cent', () => {
    for (const { time } of quarters.slice(0, -1)) {
      const sum = subMeterIds.reduce((total, id) => total + power(id, time), 0);
      const main = power('main-meter', time);
      expect(main - sum).toBeGreaterThan(losses(0));
      expect((main - sum) / main).toBeLessThan(0.03);
    }
  });

  it('is the same for the same seed and another for another', () => {
    expect([...quarterHours({ ...options, days: 2 })]).toEqual([...quarterHours({ ...options, days: 2 })]);
    const other = [...quarterHours({ ...options, seed: 4, days: 2 })];
    expect(other.at(-1)?.readings['tenant-mid']).not.toBeCloseTo(quarters.at(-1)?.readings['tenant-mid'] ?? 0, 0);
  });

  it('has the shape of an office tower: busy weekdays, quiet nights and Sundays', () => {
    const wednesday = Date.parse('2026-11-18T02:30:00Z');
    const sunday = Date.parse('2026-11-15T02:30:00Z');
    const night = Date.parse('2026-11-17T18:30:00Z');
    expect(power('main-meter', wednesday)).toBeGreaterThan(2 * power('main-meter', sunday));
    expect(power('main-meter', wednesday)).toBeGreaterThan(3 * power('main-meter', night));
    expect(power('data-room', night)).toBeGreaterThan(0.9 * power('data-room', wednesday));
  });

  it('keeps the chillers on in the most recent night only, from 01:15 to 05:30', () => {
    const at = (hour: string) => power('chiller-meter', Date.parse(`2026-11-20T${hour}:00+08:00`));
    expect([at('01:15'), at('03:00'), at('05:15')].every((kw) => kw > 100)).toBe(true);
    expect([at('01:00'), at('05:30')].every((kw) => kw < 20)).toBe(true);
    expect(power('chiller-meter', Date.parse('2026-11-19T03:00:00+08:00'))).toBeLessThan(20);
  });

  it('leaves gaps in the log while the registers count on', () => {
    const rows = [...historyRows(options)].filter((row) => row.equipment === 'tenant-mid');
    const jumps = rows.filter((row, i) => row.time - (rows[i - 1]?.time ?? row.time) > quarter);
    expect(jumps).toHaveLength(1);
    expect(rows).toHaveLength(20 * 96 + 1 - 12);
  });

  it('is written as CSV with a header, in order of time', async () => {
    const file = join(directory, 'history.csv');
    const count = await writeHistory(file, { ...options, days: 1 });
    const [header, ...lines] = readFileSync(file, 'utf8').trimEnd().split('\n');
    expect(header).toBe('time,equipment,point,value');
    expect(lines).toHaveLength(count);
    expect(lines[0]).toMatch(/^2026-11-19T02:00:00\.000Z,main-meter,energyImport,\d+(\.\d{1,3})?$/);
    expect(lines.at(-1)).toMatch(/^2026-11-20T02:00:00\.000Z,outdoor,temperature,-?\d+(\.\d{1,2})?$/);
    expect([...lines].map((l) => l.slice(0, 24))).toEqual([...lines].map((l) => l.slice(0, 24)).sort());
  });
});
