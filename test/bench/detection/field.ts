import type { RawReading, SilenceReason } from '../../../packages/gateway/src/acquisition/contract.ts';

/** What came of one look at a device: readings, or that it has fallen silent. */
export type Told =
  | { readonly readings: readonly RawReading[]; readonly silence?: undefined }
  | { readonly silence: SilenceReason; readonly readings?: undefined };

/** A device of the simulated building, as a driver reads it. */
export interface Field {
  readonly equipment: string;
  /** ms */
  readonly period: number;
  readonly points: readonly string[];
  /** To be called once a period; undefined when there is nothing to tell. */
  poll(now: number): Told | undefined;
}
