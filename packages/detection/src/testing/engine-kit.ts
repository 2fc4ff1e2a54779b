import type { Alarm } from '@plantroom/model';
import { alarmStateOf } from '@plantroom/model';
import {
  type CommandAction,
  createDetection,
  type Detection,
  type DetectionEquipment,
  type DetectionResult,
  type DetectionState,
} from '../index.ts';
import { ids, sample, start } from './rig.ts';

const cadence = { period: 1000, maximumSilence: 600_000 };
export const points = (...names: string[]) => names.map((point) => ({ point, cadence }));
const ratings = { ratedPower: 75, ratedFlow: 144 };
/** A pump and a lift as the engine's tests have them; a point may be silent for ten minutes. */
export const pump: DetectionEquipment = {
  id: 'pump-1',
  kind: 'pump',
  ratings,
  points: points('running', 'flow', 'power', 'tripped', 'vibration', 'starts'),
};
export const lift: DetectionEquipment = {
  id: 'lift-1',
  kind: 'elevator',
  ratings: {},
  points: points('moving', 'load', 'doorZone', 'faultCode'),
};

/** Seconds after `start`, in ms. */
export const at = (second: number) => start + second * 1000;
export const make = (equipment: readonly DetectionEquipment[], initial?: DetectionState, startedAt = start) =>
  createDetection({ ...ids, startedAt, equipment, ...(initial && { initial }) });
/** Values of one machine that came at a second, as one batch. */
export const feed = (detection: Detection, equipment: string, second: number, values: Record<string, number | null>) =>
  detection.ingest(Object.entries(values).map(([point, value]) => sample(equipment, point, at(second), value)));
export const states = (result: DetectionResult) =>
  result.alarms.map((alarm) => [alarm.fault, alarmStateOf(alarm.facts)]);
/** The one alarm of a result; throws when there are more or none. */
export const only = (result: DetectionResult): Alarm => {
  const [alarm] = result.alarms;
  if (!alarm || result.alarms.length > 1) throw new Error(`expected one alarm, got ${result.alarms.length}`);
  return alarm;
};
let commandNumber = 0;
export const command = (alarm: Alarm, action: CommandAction, second: number, until?: number) => ({
  id: `c-${++commandNumber}`,
  alarm: alarm.id,
  action,
  actor: 'operator',
  time: at(second),
  comment: '',
  until,
});
