import type { Instance } from '../engine/instance.ts';
import type { StageReason } from '../types.ts';

/** An alarm that is about to be raised or cleared. */
export interface Proposal {
  readonly instance: Instance;
  readonly input: 'raise' | 'clear';
  /** When its delay is over, event time. */
  readonly due: number;
  readonly now: number;
}

/** What a stage may know of the rest of the plant. */
export interface StageContext {
  /** An active fault of the same equipment that explains this one. */
  explainedBy(instance: Instance): string | undefined;
  /** The equipment whose silence stands for its whole connection. */
  leaderOf(instance: Instance, now: number): string | undefined;
  readonly flooded: boolean;
}

/**
 * `pass`: nothing against it. `wait`: not yet. `hide`: raise it, but suppressed. `hold-order`: raise it, but the order
 * comes when the flood is over.
 */
export type Verdict = 'pass' | 'wait' | 'hide' | 'hold-order';

export interface Decision {
  readonly verdict: Verdict;
  readonly reason: string;
}

export interface Stage {
  readonly name: string;
  decide(proposal: Proposal, context: StageContext): Decision;
}

export interface Outcome {
  readonly wait: boolean;
  readonly hide: boolean;
  readonly holdOrder: boolean;
  readonly reasons: readonly StageReason[];
}

/** Runs the stages in order; a `wait` ends the walk. */
export function runStages(stages: readonly Stage[], proposal: Proposal, context: StageContext): Outcome {
  const reasons: StageReason[] = [];
  let hide = false;
  let holdOrder = false;
  for (const stage of stages) {
    const { verdict, reason } = stage.decide(proposal, context);
    reasons.push({ stage: stage.name, reason });
    if (verdict === 'wait') return { wait: true, hide, holdOrder, reasons };
    hide ||= verdict === 'hide';
    holdOrder ||= verdict === 'hold-order';
  }
  return { wait: false, hide, holdOrder, reasons };
}
