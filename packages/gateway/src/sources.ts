import { isDeepStrictEqual } from 'node:util';
import type { SiteConfig, SiteConnection } from './config/index.ts';

/** Where a connection leads to; its other settings say how. */
const placeKeys = ['host', 'port', 'path', 'url', 'endpoint', 'file'];

/** Equipment of both site files that is read from another device, or otherwise, so that what was read before is not its. */
export function reboundBetween(before: readonly SiteConnection[], after: SiteConfig): string[] {
  const old = sourcesOf(before);
  return [...sourcesOf(after.connections)].flatMap(([id, sources]) => {
    const known = old.get(id);
    return known && !isDeepStrictEqual(known, sources) ? [id] : [];
  });
}

/** By equipment all that its values depend on; its period and its connection's name are not among them. */
function sourcesOf(connections: readonly SiteConnection[]): Map<string, object[]> {
  const sources = new Map<string, object[]>();
  for (const { type, settings, bindings } of connections) {
    const place = placeOf(settings);
    for (const { id, kind, profile, options } of bindings) {
      const known = sources.get(id) ?? [];
      known.push({ type, place, kind, profile, options });
      sources.set(id, known);
    }
  }
  return sources;
}

function placeOf(settings: unknown): object {
  const known = typeof settings === 'object' && settings !== null ? Object.entries(settings) : [];
  return Object.fromEntries(known.filter(([key]) => placeKeys.includes(key)));
}
