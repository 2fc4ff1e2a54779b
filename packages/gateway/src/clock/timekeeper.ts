import type { ClockReport, CloudTime, Correction, Jump, SavedTime, SystemTime, TimeSource } from './contract.ts';

/** No gateway runs before this version was written: an earlier time is that of a clock that was never set. */
export const earliest = Date.UTC(2026, 0, 1);
/** Clocks agree within this, ms; a source is followed without a word up to here, and a step from here on is a jump. */
const tolerance = 1000;
/** A monotonic clock that no NTP client keeps drifts by this much at most (100 ppm). */
const drift = 1e-4;
/** A source that alone has left gateway time is believed once it has stood by its new time for this long, ms. */
const patience = 15 * 60_000;
/** An answer of the cloud that took longer (ms) says too little about the time. */
const slowestAnswer = 10_000;
/** A machine that seems to have been off for longer (ms) has rather a clock that shows anything. */
const longestOff = 400 * 86_400_000;
/** How often gateway time is saved, ms. */
export const savePeriod = 60_000;

/** From the earliest to the latest that a base can be: a round trip bounds it on both sides. */
interface Bounds {
  readonly low: number;
  readonly high: number;
}

/**
 * Gateway time: the monotonic clock and a base, so that it goes on evenly whatever happens to the system's clock. As long as
 * nobody has confirmed it, it follows the system's clock, and the first source that confirms a time is believed. A confirmed
 * time follows its source in small steps alone; a source that leaves it is believed at once when the other source goes
 * with it, else after a while. Pure: it is told what the clocks show.
 */
export class Timekeeper {
  readonly #bootId: string;
  /** What an unconfirmed time is at the least: what was saved before, and a minute in which nothing may have been saved. */
  readonly #least: number;
  #base: number;
  #systemBase: number;
  #source: TimeSource;
  #synchronised = false;
  #cloud: Bounds | undefined;
  /** Monotonic: when the cloud confirmed gateway time last. */
  #heardAt: number;
  /** Monotonic: since when nobody has confirmed gateway time, or its source has left it. */
  #doubtfulSince: number | undefined;
  /** Monotonic: when the clocks were looked at last. */
  #lookedAt: number;
  #jumps = 0;
  #lastJump: Jump | null = null;
  #lastCorrection: Correction | null = null;

  /** Goes on with what the same boot has saved; after another boot what was saved is only the least that time can be. */
  constructor(bootId: string, { wall, monotonic }: SystemTime, saved?: SavedTime) {
    this.#bootId = bootId;
    this.#least = Math.max(earliest, saved === undefined ? earliest : saved.time + savePeriod);
    this.#lookedAt = monotonic;
    if (saved?.bootId === bootId) {
      this.#base = saved.base;
      this.#systemBase = saved.systemBase;
      this.#source = saved.source;
      this.#heardAt = saved.heardAt ?? monotonic;
      this.#doubtfulSince = saved.doubtfulSince ?? undefined;
      return;
    }
    this.#systemBase = wall - monotonic;
    const isPlausible = wall >= this.#least && (saved === undefined || wall <= saved.time + longestOff);
    this.#base = (isPlausible ? wall : this.#least) - monotonic;
    this.#source = 'none';
    this.#heardAt = monotonic;
    this.#doubtfulSince = monotonic;
  }

  /** ms since 1970 UTC, whole. */
  timeAt(monotonic: number): number {
    return Math.floor(monotonic + this.#base);
  }

  /** Gateway time minus the monotonic clock, ms. */
  get base(): number {
    return this.#base;
  }

  get source(): TimeSource {
    return this.#source;
  }

  /** The system's clock shows something else than a steady clock would. */
  hasJumped(wall: number, monotonic: number): boolean {
    return Math.abs(wall - monotonic - this.#systemBase) >= tolerance;
  }

  /** Takes what the machine's clocks show, once a second or so. */
  look({ wall, monotonic, synchronised }: SystemTime): Correction | undefined {
    const systemBase = wall - monotonic;
    const moved = systemBase - this.#systemBase;
    const jumped = Math.abs(moved) >= tolerance;
    const hasJustSynchronised = synchronised && !this.#synchronised;
    const before = this.#lookedAt;
    this.#systemBase = systemBase;
    this.#synchronised = synchronised;
    this.#lookedAt = monotonic;
    if (jumped) {
      this.#jumps++;
      this.#lastJump = { at: this.timeAt(monotonic), by: Math.round(moved) };
    }
    if (wall < earliest) return this.#source === 'system' ? this.#leave(before) : undefined;
    if (this.#source === 'none') {
      if (synchronised) return this.#adopt(systemBase, 'system', monotonic);
      if (jumped) return wall >= this.#least ? this.#adopt(systemBase, 'none', monotonic) : undefined;
      this.#base += moved;
      return undefined;
    }
    if (this.#source === 'cloud') return hasJustSynchronised ? this.#adopt(systemBase, 'system', monotonic) : undefined;
    if (Math.abs(systemBase - this.#base) < tolerance) return this.#follow(systemBase);
    this.#leave(before);
    const cloudAgrees = this.#cloud !== undefined && distance(systemBase, this.#cloud) < tolerance;
    return cloudAgrees || (synchronised && this.#isPatienceOver(monotonic))
      ? this.#adopt(systemBase, 'system', monotonic)
      : undefined;
  }

  /** Takes the cloud's time; the base that it gives is only known within the round trip. */
  hear({ time, sent, received }: CloudTime): Correction | undefined {
    const bounds = { low: time - received, high: time - sent };
    if (received - sent > slowestAnswer || time < earliest) return undefined;
    this.#cloud = bounds;
    const off = distance(this.#base, bounds);
    const nearest = Math.min(Math.max(this.#base, bounds.low), bounds.high);
    const likeliest = off < tolerance ? nearest : middle(bounds);
    if (this.#source === 'none') return this.#adopt(likeliest, 'cloud', received);
    if (this.#source === 'system') {
      const systemAgrees = distance(this.#systemBase, bounds) < tolerance;
      const hasLeft = Math.abs(this.#systemBase - this.#base) >= tolerance;
      return hasLeft && systemAgrees && off >= tolerance
        ? this.#adopt(this.#systemBase, 'system', received)
        : undefined;
    }
    if (off < tolerance + drift * (received - this.#heardAt)) {
      this.#heardAt = received;
      return this.#follow(nearest);
    }
    this.#leave(sent);
    const systemAgrees = distance(this.#systemBase, bounds) < tolerance;
    return systemAgrees || this.#isPatienceOver(received) ? this.#adopt(likeliest, 'cloud', received) : undefined;
  }

  report(monotonic: number): ClockReport {
    const doubtful = this.#doubtfulSince;
    return {
      state: this.#source === 'none' ? 'unsynchronised' : doubtful === undefined ? 'synchronised' : 'holding',
      source: this.#source,
      bootId: this.#bootId,
      systemOffset: Math.round(this.#systemBase - this.#base),
      cloudOffset: this.#cloud
        ? {
            by: Math.round(middle(this.#cloud) - this.#base),
            within: Math.ceil((this.#cloud.high - this.#cloud.low) / 2),
          }
        : null,
      jumps: this.#jumps,
      lastJump: this.#lastJump,
      lastCorrection: this.#lastCorrection,
      doubtfulFor: doubtful === undefined ? 0 : Math.max(0, Math.round(monotonic - doubtful)),
    };
  }

  save(monotonic: number): SavedTime {
    return {
      bootId: this.#bootId,
      time: this.timeAt(monotonic),
      source: this.#source,
      base: this.#base,
      systemBase: this.#systemBase,
      doubtfulSince: this.#doubtfulSince ?? null,
      heardAt: this.#heardAt,
    };
  }

  #follow(base: number): undefined {
    this.#base = base;
    this.#doubtfulSince = undefined;
  }

  #leave(since: number): undefined {
    this.#doubtfulSince ??= since;
  }

  #isPatienceOver(monotonic: number): boolean {
    return this.#doubtfulSince !== undefined && monotonic - this.#doubtfulSince >= patience;
  }

  #adopt(base: number, source: TimeSource, monotonic: number): Correction | undefined {
    const by = Math.round(base - this.#base);
    const since = this.#doubtfulSince ?? monotonic;
    const wasConfirmed = this.#source !== 'none';
    const correction = { from: this.timeAt(since), to: this.timeAt(monotonic), by, source };
    this.#base = base;
    this.#source = source;
    this.#heardAt = monotonic;
    if (source !== 'none') this.#doubtfulSince = undefined;
    if (wasConfirmed && Math.abs(by) < tolerance) return undefined;
    this.#lastCorrection = correction;
    return correction;
  }
}

function middle({ low, high }: Bounds): number {
  return (low + high) / 2;
}

function distance(base: number, { low, high }: Bounds): number {
  return Math.max(low - base, base - high, 0);
}
