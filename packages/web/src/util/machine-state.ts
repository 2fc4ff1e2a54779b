import type { AlarmView, EquipmentView, LatestPoint } from '@plantroom/model/api';
import { wrongNow } from './alarms.ts';
import { believed, equipmentFreshness } from './freshness.ts';
import { keyPointOf } from './kinds.ts';
import { isInService, liftNow } from './lift.ts';

/** `doubtful`: it answers, but what matters most of it has no usable value. `off` is a lift out of its normal mode. */
export type MachineState = 'well' | 'wrong' | 'off' | 'doubtful' | 'silent';

/**
 * How a machine is counted, everywhere alike. Whoever does not answer, or answers without the value that its kind is known
 * by, is never counted as running as it should.
 */
export function machineState(
  { id, kind, points: names }: Pick<EquipmentView, 'id' | 'kind' | 'points'>,
  points: readonly LatestPoint[],
  alarms: readonly AlarmView[],
  now: number,
): MachineState {
  const point = (name: string) => points.find((each) => each.point === name);
  if (equipmentFreshness(points, now).isSilent) return 'silent';
  const wrong = wrongNow(alarms, id);
  if (wrong !== null) return 'wrong';
  const key = keyPointOf(kind, names);
  if (key !== undefined && believed(point(key), now) === undefined) return 'doubtful';
  return kind === 'elevator' && !isInService(liftNow(point, now), wrong) ? 'off' : 'well';
}
