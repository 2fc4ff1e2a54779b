import { type Random, systemClock } from '@plantroom/base';
import type { CapturedFrames } from '../captured.ts';
import type { Span } from '../oracle.ts';
import type { Plant } from '../plant.ts';

/** What a fault has its hands on; two that share nothing may happen at once. */
export type Part = 'gateway' | 'cloud' | 'workers' | 'broker' | 'link' | 'time series' | 'records';

export interface FaultContext {
  readonly plant: Plant;
  readonly captured: CapturedFrames;
  readonly random: Random;
  /** The gateway goes down now: what it took in the last seconds before may never have reached its log. */
  readonly gatewayFalls: () => void;
  /** The gateway goes by a clock that is off by so many ms for a time, and cannot know it. */
  readonly clockIsOff: (milliseconds: number) => void;
  /** What the devices have told in another span of time is in the log too. */
  readonly toldToo: (span: Span) => void;
}

/** Something that goes wrong and is over when it resolves. */
export interface FaultKind {
  readonly name: string;
  /** How often it is drawn. */
  readonly weight: number;
  readonly parts: readonly Part[];
  /** Samples may be destroyed, or given up for want of space: what is missing must be counted and told. */
  readonly destroys?: boolean;
  /** False where this machine cannot have it. */
  isPossible?(plant: Plant): boolean;
  run(context: FaultContext): Promise<void>;
}

/** A whole number of [low, high]. */
export const between = (random: Random, low: number, high: number) => low + Math.floor(random() * (high - low + 1));

/** Milliseconds of [low, high]. */
export const pause = (random: Random, low: number, high: number) => systemClock.sleep(between(random, low, high));

/** Ends the gateway's process, does something to what it leaves, and starts it again. */
export async function restartGateway(
  { plant, random, gatewayFalls }: FaultContext,
  meanwhile: () => void | Promise<void> = () => {},
  powerCut?: Random,
): Promise<void> {
  await plant.kill('gateway', { onKill: gatewayFalls, ...(powerCut ? { powerCut } : {}) });
  await meanwhile();
  await pause(random, 0, 1500);
  await plant.startService('gateway');
}
