import type { Priority } from '@plantroom/model';

const hour = 3_600_000;

/** How long an order of one priority may take, on the wall clock, and where the figures come from. */
export interface ServiceLevel {
  /** Milliseconds until somebody must have accepted it. */
  readonly respond: number;
  /** Milliseconds until it must be resolved, without the time on hold. */
  readonly resolve: number;
  readonly source: string;
}

export type ServicePolicy = Readonly<Record<Priority, ServiceLevel>>;

/**
 * Defaults from the service standards of Chinese property-management handbooks. They count around the clock, as a
 * machine's fault does not wait for the morning.
 */
export const defaultPolicy: ServicePolicy = {
  1: {
    respond: hour,
    resolve: 24 * hour,
    source: 'major emergency: answered within 1 h; larger service interruption: initial repair within 24 h',
  },
  2: { respond: 2 * hour, resolve: 48 * hour, source: 'equipment fault: answered within 2 h, repaired within 48 h' },
  3: { respond: 4 * hour, resolve: 48 * hour, source: 'major problem: 4 h to a plan, settled within 48 h' },
  4: { respond: 24 * hour, resolve: 72 * hour, source: 'complaint: answered within 24 h, settled within 72 h' },
};

/** Share of the allowed time from which a clock counts as at risk. */
export const atRiskFrom = 0.75;
