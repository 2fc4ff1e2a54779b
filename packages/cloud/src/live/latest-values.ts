import type { Clock } from '@plantroom/base';
import { pointKey } from '@plantroom/model';
import type { LatestPoint } from '@plantroom/model/api';
import type { LatestRow, StoredSample } from '../time-series/contract.ts';

/** ms of silence after which a point is stale; undefined when the model has no such point. */
export type StaleAfter = (site: string, equipment: string, point: string) => number | undefined;

/**
 * The newest committed sample of every point. An older sample (history that arrives after an outage) never replaces a
 * newer one, and staleness is computed when it is read: time passes without anybody telling.
 */
export class LatestValues {
  readonly #sites = new Map<string, Map<string, LatestRow>>();
  readonly #staleAfter: StaleAfter;
  readonly #clock: Clock;

  constructor(staleAfter: StaleAfter, clock: Clock) {
    this.#staleAfter = staleAfter;
    this.#clock = clock;
  }

  /** Takes what the store holds; a newer sample that is here already stays. */
  load(rows: readonly LatestRow[]): void {
    for (const row of rows) {
      const points = this.#pointsOf(row.site);
      const key = pointKey(row.equipment, row.point);
      const held = points.get(key);
      if (!held || held.time <= row.time) points.set(key, row);
    }
  }

  /** Takes committed samples; returns those that are now the newest of their points. */
  merge(samples: readonly StoredSample[]): LatestPoint[] {
    const now = this.#clock.now();
    return samples.flatMap((s) => {
      const points = this.#pointsOf(s.site);
      const key = pointKey(s.equipment, s.point);
      const held = points.get(key);
      if (held && held.time > s.time) return [];
      const next = { ...s, changedAt: held && held.value === s.value ? held.changedAt : s.time };
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
  #view(held: LatestRow, now: number): LatestPoint[] {
    const staleAfter = this.#staleAfter(held.site, held.equipment, held.point);
    if (staleAfter === undefined) return [];
    const { site, equipment, point, time, gatewayTime, value, quality, reason = null, changedAt } = held;
    const stale = now - gatewayTime > staleAfter;
    const heardAt = gatewayTime;
    return [
      { site, equipment, point, time, gatewayTime, value, quality, reason, changedAt, staleAfter, heardAt, stale },
    ];
  }

  #pointsOf(site: string): Map<string, LatestRow> {
    const points = this.#sites.get(site) ?? new Map<string, LatestRow>();
    this.#sites.set(site, points);
    return points;
  }
}
