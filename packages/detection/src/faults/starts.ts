/** How a pump's starts were counted last. */
export interface StartCount {
  last: number | null;
  /** Event time of that, ms. */
  at?: number;
  /** By the pump's own counter, not by its running state. */
  own?: boolean;
}

const mostAtOnce = 60;

/**
 * How often a pump has started since it was last asked, by its start counter if it has one, as a poll misses short runs; else
 * by its running state. While the counter cannot be read nothing is counted: it knows afterwards what was meanwhile.
 */
export function startsSince(
  points: { readonly starts: number | undefined; readonly running: number },
  memory: StartCount,
  now: number,
): number {
  const own = points.starts !== undefined;
  if (!own && memory.own) return 0;
  const count = points.starts ?? points.running;
  const begun = memory.last === null || memory.own !== own ? 0 : Math.max(0, count - memory.last);
  // So many at once, and more than one a second, is another counter.
  const possible = Math.max(mostAtOnce, (now - (memory.at ?? now)) / 1000);
  Object.assign(memory, { last: count, at: now, own });
  return begun <= possible ? begun : 0;
}
