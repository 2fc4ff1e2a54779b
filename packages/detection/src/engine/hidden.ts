import type { AlarmFacts } from '@plantroom/model';

/** Out of the operator's way by somebody's decision or by design: ISA-18.2 states G, H and I. */
export const hidden = (facts: AlarmFacts) => facts.suppressed || facts.shelved || facts.outOfService;
