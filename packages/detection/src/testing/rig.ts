import type { Alarm, KindName, Sample } from '@plantroom/model';
import { createDetection, type Detection, type DetectionEquipment, type DetectionResult } from '../index.ts';

/** Tests begin at a whole hour, in ms. */
export const start = Date.UTC(2026, 2, 2, 8);

/** A value is polled every second from then on; `bad` answers without a value, `gone` does not answer at all. */
export type Values = Readonly<Record<string, number | 'bad' | 'gone'>>;

export interface Scenario {
  readonly kind: KindName;
  readonly ratings?: Readonly<Record<string, number>>;
  readonly parameters?: DetectionEquipment['parameters'];
  readonly codes?: DetectionEquipment['codes'];
  /** [second, what changes then] */
  readonly steps: readonly (readonly [second: number, values: Values])[];
  readonly until: number;
  /** Seconds between two polls; 1 unless told. */
  readonly period?: number;
}

export interface Seen {
  readonly fault: string;
  readonly subject: string;
  /** Seconds since the start. */
  readonly raised: number;
  readonly cleared: number | null;
  readonly suppressed: boolean;
  readonly detail: Alarm['detail'];
}

export const ids = {
  site: 'test-site',
  startedAt: start,
  newAlarmId: (identity: string, raisedAt: number) => `a-${identity}-${raisedAt}`.slice(-64),
  newOrderId: (alarm: string, again?: number) => `o${again ?? ''}-${alarm}`.slice(0, 64),
};

export function sample(equipment: string, point: string, time: number, value: number | null): Sample {
  const mark = value === null ? ({ quality: 'bad', reason: 'no-answer' } as const) : ({ quality: 'good' } as const);
  return { equipment, point, time, gatewayTime: time, value, ...mark };
}

/** Every point that a scenario names, polled at its period. */
export function equipmentOf(scenario: Scenario, id = 'machine'): DetectionEquipment {
  const names = new Set(scenario.steps.flatMap(([, values]) => Object.keys(values)));
  const cadence = { period: (scenario.period ?? 1) * 1000, maximumSilence: 0 };
  return {
    id,
    kind: scenario.kind,
    ratings: scenario.ratings ?? {},
    points: [...names].map((point) => ({ point, cadence })),
    ...(scenario.parameters && { parameters: scenario.parameters }),
    codes: scenario.codes,
  };
}

/** Plays a scenario poll by poll; `each` sees the result of every poll. */
export function play(
  scenario: Scenario,
  each: (result: DetectionResult, second: number) => void = () => undefined,
): Detection {
  const equipment = equipmentOf(scenario);
  const detection = createDetection({ ...ids, equipment: [equipment] });
  const values: Record<string, number | 'bad' | 'gone'> = {};
  let step = 0;
  for (let second = 0; second <= scenario.until; second += scenario.period ?? 1) {
    for (; (scenario.steps[step]?.[0] ?? Number.POSITIVE_INFINITY) <= second; step += 1) {
      Object.assign(values, scenario.steps[step]?.[1]);
    }
    const time = start + second * 1000;
    const samples = Object.entries(values)
      .filter(([, value]) => value !== 'gone')
      .map(([point, value]) => sample(equipment.id, point, time, typeof value === 'number' ? value : null));
    each(detection.ingest(samples), second);
    each(detection.tick(time), second);
  }
  return detection;
}

/** All alarms of a scenario, in the order of their raising, as they were last seen. */
export function alarmsOf(scenario: Scenario): Seen[] {
  const last = new Map<string, Alarm>();
  play(scenario, (result) => {
    for (const alarm of result.alarms) last.set(alarm.id, alarm);
  });
  const seconds = (time: number) => (time - start) / 1000;
  return [...last.values()].map((alarm) => ({
    fault: alarm.fault,
    subject: alarm.subject,
    raised: seconds(alarm.raisedAt),
    cleared: alarm.clearedAt === null ? null : seconds(alarm.clearedAt),
    suppressed: alarm.facts.suppressed,
    detail: alarm.detail,
  }));
}

/** One row of a fault's table: which alarm is expected, and at which second; null: none of this fault. */
export interface Case extends Omit<Scenario, 'kind'> {
  readonly name: string;
  readonly raised: number | null;
  readonly cleared?: number | null;
  readonly subject?: string;
  readonly detail?: string;
}
