import type { Raw } from '../judge.ts';

/** A value as the server gives it, free of the library's types. */
export interface UaValue {
  readonly raw: Raw;
  /** The 32-bit StatusCode. */
  readonly status: number;
  /** ms since 1970 UTC. */
  readonly sourceTime?: number;
  readonly serverTime?: number;
}
