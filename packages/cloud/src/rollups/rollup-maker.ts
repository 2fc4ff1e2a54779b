import { type Clock, describeError, type Logger, type Timer } from '@plantroom/base';
import { timeZone } from '@plantroom/energy';
import { longestHold, quarterLength } from '../quarters.ts';
import type { RollupMark, RollupRecords } from '../records/contract.ts';
import { regroup, rollUp } from '../rollup.ts';
import type { Rollup, SeriesRollups, SiteRange, TimeSeriesStore } from '../time-series/contract.ts';

/** What a site's models say. */
export interface RollupSite {
  readonly timezone: string;
  /** ms for which a value stands until the next; undefined for a point that no model has (any more). */
  hold(equipment: string, point: string): number | undefined;
  /** The longest of them. */
  readonly longestHold: number;
}

export interface RollupMakerOptions {
  readonly store: Pick<TimeSeriesStore, 'scan' | 'replaceRollups' | 'siteRollups' | 'oldest'>;
  readonly records: RollupRecords;
  /** Reads what the models say now. */
  readonly sites: () => Promise<ReadonlyMap<string, RollupSite>>;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Days for which samples are kept; older quarters keep the rollups that they have. */
  readonly retention: number;
}

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
/** ms between two looks for work. */
const period = 10_000;
/** ms that a quarter is left alone after its last change, so that a backlog that fills it is worked on once. */
const calm = 20_000;
/** ms between two looks for sites that are new. */
const newSites = 60_000;
/** Marks that are looked at in one round. */
const mostMarks = 1000;
/** When this many of a site fail one after the other, the rest of it waits; when this many sites do, the stores are away. */
const failuresInARow = 3;
/** Quarters of a site that are made together: more would only take more memory. */
const together = 4;

/**
 * Makes the rollups of what has changed. Which stretches those are is in the records, written in the transaction that
 * entered the frames; a mark goes only after its rollups are stored, and only if nothing has touched it meanwhile. So a
 * crash at any point leaves a stretch to be made again, and making it again gives the same. Where a second maker was at work,
 * because one that was frozen did not know that it leads no longer, the stretch is marked once more.
 */
export class RollupMaker {
  readonly #options: RollupMakerOptions;
  #timer: Timer | undefined;
  #running: Promise<void> | undefined;
  #stopped = false;
  /** Sites whose rollups were begun. */
  #begun: ReadonlySet<string> = new Set();
  /** Monotonic time at which new sites were looked for. */
  #lookedAt = Number.NEGATIVE_INFINITY;
  /** What the models say, read at most once in a round. */
  #sites: ReturnType<RollupMakerOptions['sites']> | undefined;

  constructor(options: RollupMakerOptions) {
    this.#options = options;
  }

  start(): void {
    this.#timer = this.#options.clock.every(period, () => void this.round());
  }

  /** Works on all that is due; one round at a time, and a failure is tried again in the next. */
  round(): Promise<void> {
    this.#running ??= this.#work().finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#timer?.cancel();
    await this.#running;
  }

  async #work(): Promise<void> {
    const now = this.#options.clock.monotonic();
    try {
      this.#sites = undefined;
      if (now - this.#lookedAt >= newSites) await this.#begin(now);
      while (!this.#stopped && (await this.#quarters()));
      while (!this.#stopped && (await this.#days()));
    } catch (thrown) {
      this.#warn(thrown);
    }
  }

  /** A site that is seen for the first time may have samples from before there were rollups. */
  async #begin(monotonic: number): Promise<void> {
    const { store, records, clock, retention } = this.#options;
    const begun = new Set([...this.#begun, ...(this.#begun.size === 0 ? await records.begunRollups() : [])]);
    const now = clock.now();
    for (const id of (await this.#readSites()).keys()) {
      if (begun.has(id)) continue;
      const oldest = await store.oldest(id);
      if (oldest === undefined) continue;
      await records.beginRollups(id, Math.max(oldest, now - (retention - 1) * day), now, now - calm);
      begun.add(id);
    }
    this.#begun = begun;
    this.#lookedAt = monotonic;
  }

  #readSites(): ReturnType<RollupMakerOptions['sites']> {
    this.#sites ??= this.#options.sites();
    return this.#sites;
  }

  /** Gives whether there may be more to do. */
  async #quarters(): Promise<boolean> {
    const { records, clock } = this.#options;
    const now = clock.now();
    const marks = await records.marks({ width: 'quarter', to: now - quarterLength, limit: mostMarks });
    const due = marks.filter((m) => isCalm(m, now));
    const sites = due.length > 0 ? await this.#readSites() : new Map<string, RollupSite>();
    const made = await this.#each(spansOf(due), async (span) => {
      const known = sites.get(span.site);
      if (known) await this.#makeSpan(span, known);
      return known !== undefined;
    });
    return marks.length === mostMarks && made > 0;
  }

  /**
   * Does what is due piece by piece. What fails is left for later: a piece, a site of which several pieces did, and
   * everything when that is so of several sites and none came between. Gives how many were done.
   */
  async #each<T extends { site: string }>(pieces: readonly T[], work: (piece: T) => Promise<boolean>): Promise<number> {
    let done = 0;
    const failures = new Map<string, number>();
    const left = new Set<string>();
    let leftInARow = 0;
    for (const piece of pieces) {
      if (this.#stopped) return 0;
      if (left.has(piece.site)) continue;
      try {
        if (await work(piece)) done++;
        failures.delete(piece.site);
        leftInARow = 0;
      } catch (thrown) {
        const count = (failures.get(piece.site) ?? 0) + 1;
        failures.set(piece.site, count);
        if (count === failuresInARow) {
          left.add(piece.site);
          if (++leftInARow === failuresInARow) throw thrown;
        }
        this.#warn(thrown);
      }
    }
    return done;
  }

  #warn(thrown: unknown): void {
    const fields = { code: 'rollups', detail: describeError(thrown) };
    this.#options.logger.warn(fields, 'Rollups could not be made; they stay marked and are tried again.');
  }

  async #makeSpan(span: Span, known: RollupSite): Promise<void> {
    const { store, records, clock, retention } = this.#options;
    const now = clock.now();
    // Of what is being deleted a part would be taken for the whole.
    if (span.from >= now - (retention - 1) * day) {
      const minutes = await this.#minutesOf(span, known);
      await store.replaceRollups('minute', span, minutes);
      await store.replaceRollups(
        'quarter',
        span,
        minutes.map((s) => ({ ...s, rollups: regroup(s.rollups, quarterStart) })),
      );
    }
    const zone = timeZone(known.timezone);
    const days = new Set(span.marks.map((m) => zone.startOf('day', m.start)));
    await records.settleMarks(
      span.marks,
      [...days].map((start) => ({ site: span.site, start })),
      now,
    );
  }

  async #minutesOf(span: Span, known: RollupSite): Promise<SeriesRollups[]> {
    const longest = Math.min(known.longestHold, longestHold);
    const grid = { from: span.from, to: span.to, width: minute };
    const all: SeriesRollups[] = [];
    const range = { ...span, from: span.from - longest };
    for await (const { equipment, point, rows } of this.#options.store.scan(range)) {
      const hold = Math.min(known.hold(equipment, point) ?? longest, longest);
      all.push({ equipment, point, rollups: rollUp(rows, grid, hold) });
    }
    return all;
  }

  /** A day is made of its quarters once it is over and none of them is behind. */
  async #days(): Promise<boolean> {
    const { records, clock } = this.#options;
    const now = clock.now();
    const marks = await records.marks({ width: 'day', to: now - day + hour, limit: mostMarks });
    const sites = marks.length > 0 ? await this.#readSites() : new Map<string, RollupSite>();
    const made = await this.#each(marks, async (mark) => {
      const known = sites.get(mark.site);
      if (!known || !isCalm(mark, now)) return false;
      const range = { site: mark.site, from: mark.start, to: timeZone(known.timezone).nextStart('day', mark.start) };
      if (range.to + quarterLength > now) return false;
      if ((await records.marks({ width: 'quarter', ...range, limit: 1 })).length > 0) return false;
      await this.#makeDay(mark, range);
      return true;
    });
    return marks.length === mostMarks && made > 0;
  }

  async #makeDay(mark: RollupMark, range: SiteRange): Promise<void> {
    const { store, records, clock } = this.#options;
    const quarters = await store.siteRollups('quarter', range);
    const days = quarters.map((s) => ({ ...s, rollups: regroup(s.rollups, () => range.from) }));
    await store.replaceRollups('day', range, days);
    await records.settleMarks([mark], [], clock.now());
  }
}

const quarterStart = (time: Rollup['time']) => Math.floor(time / quarterLength) * quarterLength;

/** A mark of the future is that of a clock that has been set back since. */
const isCalm = ({ markedAt }: RollupMark, now: number) => now - markedAt >= calm || markedAt > now;

/** Quarters of one site that follow each other, with all their marks. */
interface Span extends SiteRange {
  readonly marks: readonly RollupMark[];
}

function spansOf(marks: readonly RollupMark[]): Span[] {
  const spans: (SiteRange & { to: number; marks: RollupMark[] })[] = [];
  for (const own of Map.groupBy(marks, (m) => m.site).values()) {
    let span: (typeof spans)[number] | undefined;
    for (const mark of own) {
      const end = mark.start + quarterLength;
      const fits = span && mark.start <= span.to && end - span.from <= together * quarterLength;
      if (span && fits) {
        span.to = Math.max(span.to, end);
        span.marks.push(mark);
        continue;
      }
      span = { site: mark.site, from: mark.start, to: end, marks: [mark] };
      spans.push(span);
    }
  }
  return spans;
}
