import type { MessageTime } from '../profiles/schema.ts';
import { atPath } from './json-path.ts';

const isoWithZone = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)$/;

/**
 * The message's own time in ms since 1970 UTC, from the member that the profile declares. Undefined when it is not there
 * or not of the declared format; a time without a zone is not a moment.
 */
export function messageTime(message: unknown, declared: MessageTime): number | undefined {
  const field = atPath(message, declared.path);
  if (declared.format === 'iso') {
    if (typeof field !== 'string' || !isoWithZone.test(field)) return undefined;
    const time = Date.parse(field);
    return Number.isNaN(time) ? undefined : time;
  }
  if (typeof field !== 'number' || !Number.isFinite(field) || field <= 0) return undefined;
  return Math.round(declared.format === 'seconds' ? field * 1000 : field);
}
