import { type Clock, describeError, type Logger, type Random } from '@plantroom/base';
import type { LockRecords } from '../records/contract.ts';

export interface LeaderOptions {
  readonly records: LockRecords;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly random: Random;
  /** Starts what one process does for all; gives what ends it. The signal is aborted when it no longer leads. */
  readonly work: (signal: AbortSignal) => Promise<() => Promise<void>>;
}

/** The name under which processes agree who it is. */
const lock = 'jobs';
/** ms after which a process that does not lead tries again; at random up to twice as long, since there are several. */
const pause = 2000;

/**
 * Does the work of one process for all while this one holds the lock, and stands by otherwise. A leader that was frozen learns late
 * that another one leads, so the work must bear to be done twice. Resolves after the first attempt; the result ends
 * it all.
 */
export async function startLeader({
  records,
  clock,
  logger,
  random,
  work,
}: LeaderOptions): Promise<() => Promise<void>> {
  const stopping = new AbortController();
  const first = Promise.withResolvers<void>();
  const lead = async () => {
    const held = await records.hold(lock);
    if (!held) return;
    try {
      const over = AbortSignal.any([stopping.signal, held.lost]);
      const end = await work(over);
      logger.info({ code: 'leader' }, 'This process leads: it follows who is there, and sends commands.');
      first.resolve();
      await aborted(over);
      await end();
    } finally {
      await held.release();
    }
  };
  const loop = async () => {
    while (!stopping.signal.aborted) {
      await lead().catch((thrown: unknown) =>
        logger.warn({ code: 'leader-failed', detail: describeError(thrown) }, 'This process cannot lead now.'),
      );
      first.resolve();
      await clock.sleep(pause * (1 + random()), stopping.signal);
    }
  };
  const running = loop();
  await first.promise;
  return async () => {
    stopping.abort();
    await running;
  };
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
