import type { Alarm, AlarmTransition, Evidence, LocalText, Sample, WorkOrderRequest } from '@plantroom/model';
import type { AlarmCommand, CommandOutcome, WireEvent } from '@plantroom/model/wire';

/** A fact found elsewhere on the line, such as an energy anomaly. */
export interface Fact {
  readonly equipment: string;
  readonly fault: string;
  readonly subject: string;
  readonly time: number;
  readonly active: boolean;
  readonly detail: LocalText;
  readonly evidence?: readonly Evidence[];
}

export interface Verdict {
  readonly alarms: readonly Alarm[];
  readonly orders: readonly WorkOrderRequest[];
  readonly outcomes: readonly CommandOutcome[];
  /** The transition behind each version in `alarms`, at the same place. */
  readonly journal: readonly AlarmTransition[];
}

/** The part of detection that is driven here. */
export interface Detector {
  ingest(samples: readonly Sample[]): Verdict;
  fact(fact: Fact): Verdict;
  tick(now: number): Verdict;
  command(command: AlarmCommand): Verdict;
  /** The process stood still until now: what nobody could hear meanwhile is no silence of the plant. */
  resume(now: number): void;
  /** All that a restart needs, as plain JSON. */
  state(): unknown;
}

/** Where events become durable, together with the state that led to them. */
export interface EventLog {
  append(
    entries: readonly { readonly lane: 'events'; readonly events: readonly WireEvent[] }[],
    options: { readonly state: Readonly<Record<string, unknown>>; readonly urgent: boolean },
  ): Promise<void>;
}
