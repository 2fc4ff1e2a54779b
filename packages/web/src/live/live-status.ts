import { useSyncExternalStore } from 'react';
import { serverClock } from './server-clock.ts';

export interface LiveStatus {
  readonly phase: 'connecting' | 'open';
  /** Server time of the last event of any sort; undefined before the first. */
  readonly heardAt: number | undefined;
}

/** The service ticks every 5 s; two missed ones and some way over the network are silence. */
export const silentAfter = 13_000;

let status: LiveStatus = { phase: 'connecting', heardAt: undefined };
const listeners = new Set<() => void>();

export function setLiveStatus(change: Partial<LiveStatus>): void {
  status = { ...status, ...change };
  for (const listener of listeners) listener();
}

/** Remembers an event. Only a change of phase is told: the age is read with each tick of the clock. */
export function noteLiveEvent(): void {
  const heardAt = serverClock.now();
  if (status.phase === 'open') status = { ...status, heardAt };
  else setLiveStatus({ phase: 'open', heardAt });
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function useLiveStatus(): LiveStatus {
  return useSyncExternalStore(
    subscribe,
    () => status,
    () => status,
  );
}

/** Silent: there was news once, but not lately. Judged by events, not by the socket. */
export function isSilent({ heardAt }: LiveStatus, now: number): boolean {
  return heardAt !== undefined && now - heardAt > silentAfter;
}
