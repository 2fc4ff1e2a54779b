import type { Clock, Logger } from '@plantroom/base';
import type { ClientSubscription, NotificationMessage, StatusCode } from 'node-opcua';
import type { UaTally } from './tally.ts';

export interface WatchOptions {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly tally: Pick<UaTally, 'gaps'>;
  /** A publication is missing: what holds now should be read. */
  readonly missed: () => void;
  readonly lose: (detail: string) => void;
}

type Watched = Pick<ClientSubscription, 'publishingInterval' | 'maxKeepAliveCount' | 'on'>;

/**
 * Ends the session when neither data nor a keep-alive has come for three times as long as the server promised, and
 * notices publications that are missing: their sequence numbers grow by one. A keep-alive carries the number of the next
 * publication without taking it (OPC 10000-4, 5.14.1.1).
 */
export function watch(subscription: Watched, { clock, logger, lose, tally, missed }: WatchOptions): () => void {
  const limit = 3 * subscription.publishingInterval * subscription.maxKeepAliveCount;
  let heard = clock.monotonic();
  let next: number | undefined;
  const alive = () => {
    heard = clock.monotonic();
  };
  subscription.on('keepalive', alive);
  subscription.on('raw_notification', ({ sequenceNumber, notificationData }: NotificationMessage) => {
    alive();
    const expected = next ?? sequenceNumber;
    const isKeepAlive = (notificationData ?? []).length === 0;
    next = isKeepAlive ? sequenceNumber : nextNumber(sequenceNumber);
    if (sequenceNumber === expected) return;
    tally.gaps++;
    logger.warn({ code: 'opcua-gap', expected, sequenceNumber }, 'Publications of the server are missing.');
    missed();
  });
  subscription.on('internal_error', (error: Error) => lose(`the subscription failed (${error.message})`));
  subscription.on('status_changed', (status: StatusCode) =>
    lose(`the server changed the subscription (${status.name})`),
  );
  subscription.on('terminated', () => lose('the server ended the subscription'));
  const timer = clock.every(Math.max(50, Math.min(1000, limit / 4)), () => {
    if (clock.monotonic() - heard > limit) lose(`the server sent nothing for ${Math.round(limit / 1000)} s`);
  });
  return () => timer.cancel();
}

/** 32 bits, and 1 comes after the highest (OPC 10000-4, 7.9). */
function nextNumber(last: number): number {
  return last >= 0xffff_ffff ? 1 : last + 1;
}
