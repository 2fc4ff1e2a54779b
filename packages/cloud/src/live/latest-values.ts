import type { Clock } from '@plantroom/base';
import { pointKey } from '@plantroom/model';
import type { LatestPoint } from '@plantroom/model/api';
import type { LatestRow, StoredSample } from '../time-series/contract.ts';

/** ms of silence after which a point is stale; undefined when the model has no such point. */
export type StaleAfter = (site: string, equipment: string, point: string) => number | undefined;

/** A sample that was on its way no longer than this is of the present, not history; ms. */
const underway = 60_000;
/** Clocks of gateways may be this far ahead of ours without anything being wrong; ms. */
const tolerance = 10_000;

interface Held extends LatestRow {
  /** When its gateway had it, but never later than we had: a clock that runs ahead must not keep a value fresh. */
  readonly heardAt: number;
}

/**
 * The newest committed sample of every point. An older sample (history that arrives after an outage) never replaces a
 * newer one, and staleness is computed when it is read: time passes without anybody telling. A sample from the future
 * (its gateway's clock was ahead) gives way to whatever comes from the present.
 */
export class LatestValues {
  readonly #sites = new Map<string, Map<string, Held>>();
  readonly #staleAfter: StaleAfter;
  readonly #clock: Clock;

  constructor(staleAfter: StaleAfter, clock: Clock) {
    this.#staleAfter = staleAfter;
    this.#clock = clock;
  }

  /** Takes what the store holds; a newer sample that is here already stays. */
  load(rows: readonly LatestRow[]): void {
    const now = this.#clock.now();
    for (const row of rows) {
      const points = this.#pointsOf(row.site);
      const key = pointKey(row.equipment, row.point);
      const held = points.get(key);
      if (!held || held.time <= row.time) points.set(key, { ...row, heardAt: Math.min(row.gatewayTime, now) });
    }
  }

  /** Takes committed samples; returns those that are now the newest of their points. */
  merge(samples: readonly StoredSample[]): LatestPoint[] {
    const now = this.#clock.now();
    return samples.flatMap((s) => {
      const points = this.#pointsOf(s.site);
      const key = pointKey(s.equipment, s.point);
      const held = points.get(key);
      const isPresent = s.gatewayTime > now - underway;
      if (held && held.time > s.time && !(held.time > now + tolerance && isPresent)) return [];
      const changedAt = held && held.value === s.value ? Math.min(held.changedAt, s.time) : s.time;
      const next = { ...s, changedAt, heardAt: Math.min(s.gatewayTime, now) };
      points.set(key, next);
      return this.#view(next, now);
    });
  }

  latest(filter: { site?: string | undefined; equipment?: string | undefined }): LatestPoint[] {
    const now = this.#clock.now();
    const items: LatestPoint[] = [];
    for (const [site, points] of this.#sites) {
      if (filter.site !== undefined && filter.site !== site) continue;
      for (const held of points.values())
        if (filter.equipment === undefined || filter.equipment === held.equipment) items.push(...this.#view(held, now));
    }
    return items;
  }

  /** Empty for a point that the model no longer has: its last value is history, not the present. */
  #view(held: Held, now: number): LatestPoint[] {
    const staleAfter = this.#staleAfter(held.site, held.equipment, held.point);
    if (staleAfter === undefined) return [];
    const { site, equipment, point, time, gatewayTime, value, quality, reason = null, changedAt, heardAt } = held;
    const stale = now - heardAt > staleAfter;
    return [
      { site, equipment, point, time, gatewayTime, value, quality, reason, changedAt, staleAfter, heardAt, stale },
    ];
  }

  #pointsOf(site: string): Map<string, Held> {
    const points = this.#sites.get(site) ?? new Map<string, Held>();
    this.#sites.set(site, points);
    return points;
  }
}
