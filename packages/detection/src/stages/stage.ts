import type { Suppression } from '@plantroom/model';
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

/** An alarm that stands for another. */
export interface Explainer {
  readonly alarm: string;
  readonly equipment: string;
  readonly fault: string;
  /** It is over, and this one is on its way back. */
  readonly over?: boolean;
}

/** What a stage may know of the rest of the plant. */
export interface StageContext {
  /** An alarm that explains this one: of the same equipment, or of what feeds it. */
  explainedBy(instance: Instance, now: number): Explainer | undefined;
  /** The silence, of another equipment, that stands for its whole connection. */
  leaderOf(instance: Instance, now: number): Explainer | undefined;
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
  /** For `hide`: the alarm that stands for it. */
  readonly alarm?: string;
}

export interface Stage {
  readonly name: string;
  decide(proposal: Proposal, context: StageContext): Decision;
}

export interface Outcome {
  readonly wait: boolean;
  /** Why it is suppressed by design, if it is: the first stage that says so. */
  readonly hide: Suppression | undefined;
  readonly holdOrder: boolean;
  readonly reasons: readonly StageReason[];
}

/** Runs the stages in order; a `wait` ends the walk. */
export function runStages(stages: readonly Stage[], proposal: Proposal, context: StageContext): Outcome {
  const reasons: StageReason[] = [];
  let hide: Suppression | undefined;
  let holdOrder = false;
  for (const stage of stages) {
    const { verdict, reason, alarm = null } = stage.decide(proposal, context);
    reasons.push({ stage: stage.name, reason });
    if (verdict === 'wait') return { wait: true, hide, holdOrder, reasons };
    if (verdict === 'hide') hide ??= { alarm, reason };
    holdOrder ||= verdict === 'hold-order';
  }
  return { wait: false, hide, holdOrder, reasons };
}
