import { kinds, type PointOf } from '@plantroom/model';
import type { RunningLine } from './line.ts';

export type SensorPoint = PointOf<'environment-sensor'>;

/** A message as the simulators sent it; acknowledged ones have reached the gateway. */
export interface Produced {
  readonly time: number;
  readonly values: Readonly<Record<string, number>>;
}

interface OracleItem {
  readonly time: string | number;
  readonly payload: string | Record<string, unknown>;
  readonly acknowledged: boolean;
}

export const sensors = [
  ...['outdoor', 'lobby', 'floor-05', 'floor-10', 'floor-15', 'floor-20'],
  ...['server-room', 'carpark-b1', 'pump-room', 'lift-machine-room'],
] as const;
export const sensorPoints = Object.keys(kinds['environment-sensor'].points) as SensorPoint[];

/** What a sensor really sent from `from` (inclusive) to `to` (exclusive), by its own clock. */
export async function producedBy(line: RunningLine, sensor: string, from: number, to: number): Promise<Produced[]> {
  const { items } = await line.control<{ items: OracleItem[] }>('GET', `/produced/${sensor}`);
  return items
    .filter((item) => item.acknowledged)
    .map(({ payload }) => {
      const content = typeof payload === 'string' ? (JSON.parse(payload) as Record<string, unknown>) : payload;
      const numbers = Object.entries(content).filter((e): e is [string, number] => typeof e[1] === 'number');
      return { time: Date.parse(String(content.time)), values: Object.fromEntries(numbers) };
    })
    .filter(({ time }) => time >= from && time < to);
}

export interface Comparison {
  /** Messages whose value the store does not show at their time. */
  readonly lost: string[];
  /** Stored samples that no message explains. */
  readonly invented: string[];
  readonly doubled: string[];
  readonly compared: number;
}

/**
 * Compares one point's stored samples with what was produced. Report by exception leaves out changes below the deadband, so at
 * each message's time the store must hold a sample, at or before it, that differs by less than the deadband; and each
 * sample stored since `from` must be some message's value at that very millisecond. `stored` begins early enough to hold
 * the sample before `from`.
 */
export function compare(
  name: string,
  point: SensorPoint,
  produced: readonly Produced[],
  stored: readonly { time: number; value: number | null }[],
  from: number,
): Comparison {
  const deadband = kinds['environment-sensor'].points[point].deadband;
  const sent = new Map(produced.map((p) => [p.time, p.values[point]]));
  const say = (time: number, text: string) => `${name}/${point} ${new Date(time).toISOString()}: ${text}`;
  const lost = produced.flatMap(({ time, values }) => {
    const value = values[point];
    const shown = stored.findLast((s) => s.time <= time)?.value;
    if (value === undefined || typeof shown !== 'number') return [say(time, `sent ${value}, stored nothing`)];
    // Half a display digit of slack: 0.3 - 0.2 is not 0.1 in binary.
    return Math.abs(shown - value) < deadband + 1e-6 ? [] : [say(time, `sent ${value}, the store shows ${shown}`)];
  });
  const judged = stored.filter((s) => s.time >= from);
  const invented = judged
    .filter((s) => sent.get(s.time) !== s.value)
    .map((s) => say(s.time, `stored ${s.value}, never sent`));
  const times = judged.map((s) => s.time);
  const doubled = times.filter((t, i) => times.indexOf(t) !== i).map((t) => say(t, 'stored twice'));
  return { lost, invented, doubled, compared: produced.length };
}
