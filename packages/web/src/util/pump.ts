import type { LatestPoint } from '@plantroom/model/api';
import { believed, equipmentFreshness } from './freshness.ts';

export interface PumpNow {
  readonly isRunning: boolean | undefined;
  readonly isTripped: boolean;
  /** 0 off, 1 automatic, 2 manual. */
  readonly mode: number | undefined;
  /** The point that says most about what it delivers, of those it has. */
  readonly output: 'flow' | 'dischargePressure' | 'head' | 'power' | undefined;
  readonly hasSpeed: boolean;
  /** When its last usable value came, once none stands. */
  readonly silentSince: number | undefined;
}

const outputs = ['flow', 'dischargePressure', 'head', 'power'] as const;

/** What a pump's line in the overview needs, from the points that may be believed. */
export function pumpNow(points: readonly LatestPoint[], now: number): PumpNow {
  const value = (name: string) =>
    believed(
      points.find((each) => each.point === name),
      now,
    );
  const running = value('running');
  const { isSilent, heardAt } = equipmentFreshness(points, now);
  return {
    isRunning: running === undefined ? undefined : running !== 0,
    isTripped: value('tripped') === 1,
    mode: value('mode'),
    output: outputs.find((name) => value(name) !== undefined),
    hasSpeed: value('speed') !== undefined,
    silentSince: isSilent ? heardAt : undefined,
  };
}
