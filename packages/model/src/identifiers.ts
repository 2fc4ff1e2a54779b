import { z } from 'zod';
import { identifierPattern } from './identifier-pattern.ts';

export { identifierPattern } from './identifier-pattern.ts';

export const identifier = z
  .string()
  .regex(identifierPattern, 'use 1 to 64 lower-case letters, digits and inner hyphens, such as main-meter');

/** Names of points: camelCase segments, some with an index, joined by dots: `loop[2].device[31].state`. */
export const pointNamePattern =
  /^[a-z][A-Za-z0-9]{0,63}(?:\[\d{1,5}\])?(?:\.[a-z][A-Za-z0-9]{0,63}(?:\[\d{1,5}\])?){0,3}$/;

export const pointName = z
  .string()
  .regex(pointNamePattern, 'use a point name such as speed or loop[2].device[31].state');

/** `equipment/point`, unique in a site. */
export type PointKey = `${string}/${string}`;

export function pointKey(equipment: string, point: string): PointKey {
  return `${equipment}/${point}`;
}

/** Takes a key apart; neither part can hold a slash. */
export function splitPointKey(key: string): { equipment: string; point: string } {
  const slash = key.indexOf('/');
  return { equipment: key.slice(0, slash), point: key.slice(slash + 1) };
}
