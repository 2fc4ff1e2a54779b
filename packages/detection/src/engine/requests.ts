import type { Instance, OpenAlarm } from './instance.ts';

/** An alarm that comes and goes all day is one job: it asks for that so often in so long a time (ms), further requests wait. */
const mostRequests = 3;
const within = 3_600_000;

/** The earliest time at which an alarm may ask for its job; it lies in the past unless it has asked too often. */
export function mayAskAt({ requested = [] }: OpenAlarm): number {
  const [first = Number.NEGATIVE_INFINITY] = requested;
  return requested.length < mostRequests ? Number.NEGATIVE_INFINITY : first + within;
}

/** When a request that waits only for that is due; infinity: none does. */
export function requestDue(open: OpenAlarm): number {
  const at = open.ordered || !open.alarm.facts.active ? Number.NEGATIVE_INFINITY : mayAskAt(open);
  return at === Number.NEGATIVE_INFINITY ? Number.POSITIVE_INFINITY : at;
}

/** The time has come: whatever else still holds the request back brings it about when it ends. */
export function endRequestPause({ open }: Instance): void {
  if (open) open.requested = open.requested?.slice(1);
}

export function noteRequest(open: OpenAlarm, at: number): void {
  open.ordered = true;
  open.requested = [...(open.requested ?? []), at].slice(-mostRequests);
}
