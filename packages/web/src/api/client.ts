import { serverClock } from '../live/server-clock.ts';
import { errorOf, unreachable } from './errors.ts';

export type Query = Readonly<Record<string, string | number | boolean | undefined>>;

const base = '/api/v1';
const patience = 30_000;

export function apiUrl(path: string, query: Query = {}): string {
  const entries = Object.entries(query).filter(([, value]) => value !== undefined);
  const text = new URLSearchParams(entries.map(([key, value]) => [key, String(value)])).toString();
  return `${base}${path}${text && `?${text}`}`;
}

interface Call {
  readonly method?: 'GET' | 'POST' | 'DELETE';
  readonly query?: Query;
  readonly body?: object;
  readonly signal?: AbortSignal;
}

/**
 * One request to the API. Answers are taken as the schemas of `@plantroom/model/api` say, because service and dashboard
 * are delivered together. Throws ApiError.
 */
export async function call<T>(path: string, { method = 'GET', query, body, signal }: Call = {}): Promise<T> {
  const limits = [AbortSignal.timeout(patience), ...(signal ? [signal] : [])];
  const init: RequestInit = { method, signal: AbortSignal.any(limits), headers: { accept: 'application/json' } };
  if (body) {
    init.body = JSON.stringify(body);
    init.headers = { ...init.headers, 'content-type': 'application/json' };
  }
  const response = await fetch(apiUrl(path, query), init).catch((thrown: unknown) => {
    if (signal?.aborted) throw thrown;
    throw unreachable();
  });
  if (!response.ok) throw await errorOf(response);
  if (response.status === 204) return undefined as T;
  const answer = (await response.json().catch(() => {
    throw unreachable();
  })) as T;
  noteTime(answer);
  return answer;
}

/** Some answers carry the server's time; every one of them makes the clock better. */
function noteTime(answer: unknown): void {
  if (typeof answer !== 'object' || answer === null || !('now' in answer)) return;
  if (typeof answer.now === 'number') serverClock.note(answer.now);
}
