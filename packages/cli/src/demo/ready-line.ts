import { type Clock, PlantroomError, systemClock } from '@plantroom/base';
import { type Child, firstUnexpectedEnd } from './child.ts';

/** Waits for the line `{"ready":true,...}` on a child's standard output. Throws when the child ends or time is up. */
export async function readyLine(
  child: Child,
  timeout: number,
  clock: Clock = systemClock,
): Promise<Record<string, unknown>> {
  const end = clock.monotonic() + timeout;
  const gone = firstUnexpectedEnd([child]);
  gone.catch(() => {});
  while (clock.monotonic() < end) {
    const line = child
      .output()
      .split('\n')
      .slice(0, -1)
      .find((text) => text.includes('"ready":true'));
    if (line !== undefined) return JSON.parse(line) as Record<string, unknown>;
    await Promise.race([clock.sleep(50), gone]);
  }
  throw new PlantroomError('demo-child-late', `The ${child.name} was not ready after ${timeout / 1000} s.`, {
    hint: `Its last lines:\n${child.lastLines(12)}\nThe whole log: ${child.logFile}`,
  });
}
