import type { LocalText, Sample } from '@plantroom/model';
import type { WireEvent } from '@plantroom/model/wire';

/** The register of a meter. */
export const registerPoint = 'energyImport';

export type RegisterSample = Pick<Sample, 'equipment' | 'time' | 'value' | 'quality'>;

/** An anomaly that the intervals show. */
export interface EnergyFinding {
  readonly equipment: string;
  readonly fault: string;
  readonly subject: string;
  readonly time: number;
  readonly active: boolean;
  readonly detail: LocalText;
}

/** Where intervals become durable, together with the registers' state. */
export interface IntervalLog {
  append(
    entries: readonly { readonly lane: 'events'; readonly events: readonly WireEvent[]; readonly history?: boolean }[],
    options: { readonly state: Readonly<Record<string, unknown>>; readonly urgent?: boolean },
  ): Promise<void>;
}

/** The keys of this stage in the log's state. */
export const stateKeys = {
  registers: 'metering',
  usual: 'usual-load',
  nights: 'night-load',
  /** By meter: the start of the first interval that was measured live. */
  firstLive: 'metering-first-live',
  history: 'history-imports',
} as const;

/** How far the import of a history file has come; rows are counted after its head. */
export interface ImportProgress {
  readonly rows: number;
  readonly done: boolean;
  /** The file began before anything was metered live, so both go through the same registers. */
  readonly joined: boolean;
}
