import type { GatewayView } from '@plantroom/model/api';
import { minute } from './time.ts';

/** A gateway reports its status every few seconds; a minute without any is silence. */
const patience = minute;

/**
 * What a gateway said of itself holds now: it is online, and was heard a moment ago. That it is online may be the broker's
 * last word from before the line to the broker broke, so that alone is not believed.
 */
export function isHeard({ online, heardAt }: Pick<GatewayView, 'online' | 'heardAt'>, now: number): boolean {
  return online && heardAt !== null && now - heardAt <= patience;
}
