import { PlantroomError } from '@plantroom/base';
import { type ExpressionBuilder, sql } from 'kysely';
import type { Tables } from './schema.ts';

/** Lists run from the newest to the oldest: by the time something was raised, then by id. */
interface Place {
  readonly raised_at: number;
  readonly id: string;
}

export function cursorOf(place: Place): string {
  return Buffer.from(JSON.stringify([place.raised_at, place.id])).toString('base64url');
}

/** Throws PlantroomError `cursor` for a text that no list has given. */
export function placeOf(cursor: string): Place {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    if (Array.isArray(parsed) && typeof parsed[0] === 'number' && typeof parsed[1] === 'string')
      return { raised_at: parsed[0], id: parsed[1] };
  } catch {
    // Falls through: the same answer as for any other text.
  }
  throw new PlantroomError('cursor', 'the cursor is not one that a list has given', {
    hint: 'Ask for the first page again, without a cursor.',
  });
}

/** The rows that follow a place in the list. */
export function follows<T extends 'alarms' | 'orders'>(builder: ExpressionBuilder<Tables, T>, place: Place) {
  return builder.and([
    sql<boolean>`(raised_at < ${place.raised_at} OR (raised_at = ${place.raised_at} AND id < ${place.id}))`,
  ]);
}

/** Cuts the row that was read beyond the limit off and makes the cursor of the next page of it. */
export function pageOf<T extends Place>(rows: readonly T[], limit: number): { rows: T[]; next: string | null } {
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return { rows: page, next: rows.length > limit && last ? cursorOf(last) : null };
}
