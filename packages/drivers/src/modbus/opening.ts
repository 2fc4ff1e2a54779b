import { DriverFailure } from '../failure.ts';
import type { ConnectOptions } from './link.ts';

/**
 * Waits for `start` to call back, for the deadline or for the abort, whichever comes first. Throws DriverFailure
 * `no-answer`; whatever `start` began is then the caller's to end.
 */
export async function opening(
  name: string,
  { clock, timeout, signal }: ConnectOptions,
  start: (opened: () => void, failed: (why: string, hint?: string) => void) => void,
): Promise<void> {
  let ended: (() => void) | undefined;
  try {
    await new Promise<void>((resolve, reject) => {
      const fail = (why: string, hint = 'Check the address, the cable and the firewall.') =>
        reject(new DriverFailure('no-answer', `No answer from ${name}: ${why}.`, { hint, context: { server: name } }));
      const timer = clock.after(timeout, () => fail(`no connection within ${timeout} ms`));
      const onAbort = () => fail('it was closed');
      ended = () => {
        timer.cancel();
        signal.removeEventListener('abort', onAbort);
      };
      signal.addEventListener('abort', onAbort);
      if (signal.aborted) return onAbort();
      start(resolve, fail);
    });
  } finally {
    ended?.();
  }
}
