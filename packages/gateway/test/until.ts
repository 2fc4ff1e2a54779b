import { systemClock } from '@plantroom/base';

/** Waits for a condition over real sockets and threads; throws after 10 s with what was waited for. */
export async function until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  const end = systemClock.monotonic() + 10_000;
  while (!(await holds())) {
    if (systemClock.monotonic() > end) throw new Error(`waited 10 s in vain until ${what}`);
    await systemClock.sleep(10);
  }
}
