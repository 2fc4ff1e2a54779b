import { sourceTolerance } from '@plantroom/model';
import type { UaValue } from './value.ts';

/** A time this close to the gateway's is of now, in ms. */
const recent = 10_000;
/** Reads in a row whose source time moved on under an equal value: this source stamps each of its scans. */
const scans = 3;

export interface HeardTime {
  /** ms since 1970 UTC; undefined is the gateway's. */
  readonly time: number | undefined;
  /** The source's clock is further off than is tolerated: its time was not taken, and the value is in doubt. */
  readonly off: boolean;
}

interface Last {
  readonly value: UaValue;
  readonly time: number;
  readonly off: boolean;
  /** Reads in a row, up to now, in which the source time moved on and the value did not. */
  readonly moves: number;
}

/**
 * When the values of one node held. The server gives them in their order, so none is older than the one before, whatever its
 * source's clock says: a time behind what was confirmed already would hide the new value behind the old one.
 */
export class SourceTimes {
  #last: Last | undefined;
  /** The source used to stamp each scan and does so no more: the server repeats an old value. */
  standing = false;

  /** Another session may be with another server program, which stamps otherwise. */
  begin(): void {
    this.standing = false;
    if (this.#last) this.#last = { ...this.#last, moves: 0 };
  }

  /**
   * The time of a value that was pushed at its change, or that a read (or the first push) tells to hold now; `now` is the
   * gateway's wall time. Undefined when a read confirms nothing, because its source has stopped.
   */
  take(value: UaValue, how: 'change' | 'read', now: number): HeardTime | undefined {
    const last = this.#last;
    const moves = movesOf(value, how, last);
    this.standing = moves === undefined;
    if (moves === undefined) return undefined;
    // A last time in the future is from before our clock was set back.
    const known = last !== undefined && last.time <= now + sourceTolerance.ahead ? last : undefined;
    const heard = isHeld(value) ? { time: heldSince(value, known), off: false } : timeOf(value, how, known, now);
    this.#last = { value, time: heard.time ?? now, off: heard.off, moves };
    return heard;
  }
}

/** What the server calls a last usable value stays as old as it is, but for what was confirmed as good after that. */
function heldSince(value: UaValue, known: Last | undefined): number | undefined {
  const { sourceTime, status } = value;
  if (!known || sourceTime === undefined) return sourceTime;
  const isSame = known.value.sourceTime === sourceTime && known.value.status === status;
  return isSame ? known.time : Math.max(sourceTime, known.time + 1);
}

/**
 * The time of a change is its source's. One that is only read may have changed long ago: it holds at the server's time of
 * the read, if that is right, else at the gateway's, and so does one whose source's clock is off.
 */
function timeOf(value: UaValue, how: 'change' | 'read', known: Last | undefined, now: number): HeardTime {
  const { sourceTime, serverTime, status } = value;
  const off = isOff(value, how, known, now);
  const isNew = how === 'change' || sourceTime !== known?.value.sourceTime;
  const floor = known ? known.time + 1 : Number.NEGATIVE_INFINITY;
  if (sourceTime !== undefined && !off && isNew && (how === 'change' || isRecent(sourceTime, now)))
    return { time: Math.max(sourceTime, floor), off };
  const isConfirmed = serverTime !== undefined && isRecent(serverTime, now) && status >>> 30 === 0;
  return { time: isConfirmed ? Math.max(serverTime, floor) : undefined, off };
}

/** A change is of now, and one that a read finds is younger than the value before it: a clock that says otherwise is off. */
function isOff({ sourceTime }: UaValue, how: 'change' | 'read', known: Last | undefined, now: number): boolean {
  const { behind, ahead } = sourceTolerance;
  if (sourceTime === undefined) return false;
  if (sourceTime > now + ahead) return true;
  if (how === 'change') return sourceTime < now - behind;
  if (!known) return false;
  return known.value.sourceTime === sourceTime ? known.off : sourceTime < known.time - behind;
}

/** Undefined when the source has stopped. */
function movesOf({ sourceTime, raw, status }: UaValue, how: 'change' | 'read', last: Last | undefined) {
  if (!last || sourceTime === undefined) return 0;
  if (how === 'change' || raw !== last.value.raw || status !== last.value.status) return last.moves;
  if (sourceTime !== last.value.sourceTime) return last.moves + 1;
  return last.moves >= scans ? undefined : 0;
}

function isHeld({ status }: UaValue): boolean {
  return status >>> 30 === 1;
}

function isRecent(time: number, now: number): boolean {
  return Math.abs(time - now) <= recent;
}
