import type { ConsumptionItem } from '@plantroom/model/api';

/** kWh of a period: the sum of all its steps, whether or not the period before has them too. */
export function totalOf(items: readonly ConsumptionItem[]): number {
  return items.reduce((sum, item) => sum + (item.kWh ?? 0), 0);
}

/**
 * Share of the intervals with a figure over the steps that are over, weighed by their length; undefined when none is. The
 * step that is still running cannot be complete and says nothing.
 */
export function completenessOf(items: readonly ConsumptionItem[], now: number): number | undefined {
  const over = items.filter((item) => item.end <= now);
  const all = over.reduce((sum, item) => sum + (item.end - item.start), 0);
  if (all === 0) return undefined;
  return over.reduce((sum, item) => sum + item.completeness * (item.end - item.start), 0) / all;
}

/** Share of the kWh that is estimated; undefined when nothing was used. */
export function estimatedOf(items: readonly ConsumptionItem[]): number | undefined {
  const kWh = totalOf(items);
  if (kWh <= 0) return undefined;
  return items.reduce((sum, item) => sum + (item.kWh ?? 0) * item.estimated, 0) / kWh;
}
