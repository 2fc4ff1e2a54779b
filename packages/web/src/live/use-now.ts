import { useSyncExternalStore } from 'react';
import { serverClock } from './server-clock.ts';

const listeners = new Set<() => void>();
let current = serverClock.now();
let timer: ReturnType<typeof setInterval> | undefined;

/** One timer for every age on the screen, and none while nothing shows one. */
function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(() => {
    current = serverClock.now();
    for (const each of listeners) each();
  }, 1_000);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

const snapshot = () => {
  // Without a timer nobody has looked for a while; start from the present. React asks twice and wants one answer.
  const now = serverClock.now();
  if (timer === undefined && Math.abs(now - current) >= 1_000) current = now;
  return current;
};

/** The server's time, new every second. */
export function useNow(): number {
  return useSyncExternalStore(subscribe, snapshot, snapshot);
}
