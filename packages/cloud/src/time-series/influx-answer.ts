import type { RejectionCode } from '@plantroom/model/wire';
import { z } from 'zod';

/** What a server said to one request, whatever it was. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

/** What an answer to a write means for the lines that it carried. */
export type Verdict =
  | { readonly is: 'stored' }
  /** Too much at once. */
  | { readonly is: 'too-large' }
  /** A line in it will never be taken. */
  | { readonly is: 'poison'; readonly code: RejectionCode; readonly reason: string }
  | { readonly is: 'denied'; readonly reason: string }
  /** Nothing is known of the lines; `retryAfter` (ms) when the server said how long to wait. */
  | { readonly is: 'unavailable'; readonly reason: string; readonly retryAfter: number | undefined };

/** InfluxDB 1 says `error`, InfluxDB 2 `message`, as JSON; a proxy in between says neither. */
const errorBody = z.union([z.object({ error: z.string() }), z.object({ message: z.string() })]);

/** The database is full of series or busy: that is no line's fault, whatever status it comes with. */
const noFaultOfLines = /limit exceeded|cache.*exceeded|time(?:d )?out|database is required|database not found/i;

/**
 * Only 204 says that all is durable, or an empty 200 that bears InfluxDB's mark: 201 is a part, and a captive portal
 * answers 200 with a page. A partial write is 400 in InfluxDB 1 and 422 in InfluxDB 2, where 400 means nothing was
 * taken; both have a line in them that must be found.
 */
export function judgeWrite(answer: Answer, now: number): Verdict {
  const { status, headers, body } = answer;
  const isInflux = headers['x-influxdb-version'] !== undefined;
  if (status === 204 || (status === 200 && isInflux && body === '')) return { is: 'stored' };
  if (status === 413) return { is: 'too-large' };
  const said = errorOf(body);
  const reason = `it answered ${status}: ${said ?? (body.slice(0, 200) || 'nothing')}`;
  if (status === 401 || status === 403) return { is: 'denied', reason };
  if ((status === 400 || status === 422) && said !== undefined && !noFaultOfLines.test(said))
    return { is: 'poison', code: /beyond retention|outside retention/i.test(said) ? 'too-old' : 'invalid', reason };
  return { is: 'unavailable', reason, retryAfter: retryAfter(headers['retry-after'], now) };
}

/** The server's own words; undefined when they are not InfluxDB's. */
export function errorOf(body: string): string | undefined {
  try {
    const { data } = errorBody.safeParse(JSON.parse(body));
    return data && ('error' in data ? data.error : data.message);
  } catch {
    return undefined;
  }
}

/** ms from now; the header has seconds or a date (RFC 9110, 10.2.3). */
function retryAfter(header: string | string[] | undefined, now: number): number | undefined {
  const text = String(header ?? '');
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1000;
  const date = Date.parse(text);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}
