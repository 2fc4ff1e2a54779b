import type { Evidence, LocalText } from '@plantroom/model';

/** A machine is unlike what was learned of it, or no longer. */
export interface LearnedFinding {
  readonly equipment: string;
  readonly fault: string;
  readonly subject: string;
  readonly time: number;
  readonly active: boolean;
  readonly detail: LocalText;
  readonly evidence?: readonly Evidence[];
}

/** Where what was learned becomes durable. */
export interface StateLog {
  append(entries: readonly [], options: { readonly state: Readonly<Record<string, unknown>> }): Promise<void>;
}
