import type { Clock, Timer } from '@plantroom/base';
import { type DetectionEquipment, Watch, type WatchState } from '@plantroom/detection';
import type { Sample } from '@plantroom/model';
import type { LearnedFinding, StateLog } from './contract.ts';

export interface LearningOptions {
  readonly equipment: readonly DetectionEquipment[];
  /** The value of `learnedState` as the log kept it. */
  readonly saved: unknown;
  readonly log: StateLog;
  readonly clock: Clock;
  readonly onFinding: (finding: LearnedFinding) => void;
  /** The log failed: what is learned can no longer be kept. */
  readonly onFailure: (thrown: unknown) => void;
}

/** The key of what was learned in the log. */
export const learnedState = 'learned';
/** How often it is asked whether a step has ended, ms. */
const tickPeriod = 10_000;
/** How often it is kept, ms: a crash costs an hour of a week's learning, and the state is large. */
const savePeriod = 3_600_000;

/** Learns what is usual for each machine beside the line, and tells evaluation of those that have long been unlike it. */
export class LearningStage {
  readonly #options: LearningOptions;
  #watch: Watch;
  #timers: Timer[] = [];

  constructor(options: LearningOptions) {
    this.#options = options;
    this.#watch = new Watch(options.equipment, isWatchState(options.saved) ? options.saved : undefined);
  }

  start(): void {
    const { clock, onFinding } = this.#options;
    this.#timers = [
      clock.every(tickPeriod, () => {
        for (const finding of this.#watch.tick(clock.now())) onFinding(finding);
      }),
      clock.every(savePeriod, () => void this.#save()),
    ];
  }

  samples(batch: readonly Sample[]): void {
    this.#watch.samples(batch);
  }

  /** Another site file: what is learned of machines and points that stay is kept. */
  use(equipment: readonly DetectionEquipment[]): void {
    this.#watch = new Watch(equipment, this.#watch.state());
  }

  async stop(): Promise<void> {
    for (const timer of this.#timers) timer.cancel();
    await this.#save();
  }

  async #save(): Promise<void> {
    const { log, onFailure } = this.#options;
    await log.append([], { state: { [learnedState]: this.#watch.state() } }).catch(onFailure);
  }
}

/** Only this stage writes its key of the log; the version says whether it can read it. */
function isWatchState(saved: unknown): saved is WatchState {
  return typeof saved === 'object' && saved !== null && 'version' in saved && saved.version === 1;
}
