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

/** A time this close to the gateway's is of now, in ms. */
const recent = 10_000;

/**
 * The time of a value that was read, or came first after subscribing: it tells what holds now, and may have changed long ago.
 * A new source time of now is the time of the change. Otherwise a good value is confirmed at the server's time of the read,
 * or, if the server's clock is off, at the gateway's (undefined); an uncertain one is old and keeps its time.
 */
export function timeOfRead(value: UaValue, lastSource: number | undefined, now: number): number | undefined {
  const { sourceTime, serverTime, status } = value;
  const isRecent = (time: number | undefined) => time !== undefined && Math.abs(time - now) <= recent;
  if (sourceTime !== lastSource && isRecent(sourceTime)) return sourceTime;
  if (status >>> 30 === 1) return sourceTime;
  return isRecent(serverTime) && status >>> 30 === 0 ? serverTime : undefined;
}
