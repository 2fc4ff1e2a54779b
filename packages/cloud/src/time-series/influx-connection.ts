import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { HttpError, InfluxDB } from '@influxdata/influxdb-client';
import { coerceError, isUnreachable, PlantroomError } from '@plantroom/base';
import type { Answer } from './influx-answer.ts';

export interface ConnectionOptions {
  /** `http://host:8086`, with a path where a proxy wants one. */
  readonly url: string;
  /** The whole `Authorization` header; none unless told. */
  readonly authorization?: string | undefined;
  /** ms without a byte after which a request has failed. */
  readonly timeout?: number;
}

/** Two keep InfluxDB busy; the others hold what it takes next while this process reads frames. */
const connections = 4;

/**
 * Requests over the transport of InfluxDB's client, and not over its buffered write path: that hides errors, gives up
 * after some minutes and takes 201 for success. Every status comes back as an answer; only a failed connection rejects.
 */
export class InfluxConnection {
  readonly #agent: HttpAgent;
  readonly #transport;

  constructor({ url, authorization, timeout = 30_000 }: ConnectionOptions) {
    const settings = { keepAlive: true, maxSockets: connections };
    this.#agent = url.startsWith('https:') ? new HttpsAgent(settings) : new HttpAgent(settings);
    const headers = authorization === undefined ? {} : { authorization };
    this.#transport = new InfluxDB({ url, timeout, headers, transportOptions: { agent: this.#agent } }).transport;
  }

  /**
   * Asks whether anybody is there. Throws PlantroomError `time-series-unavailable` when nobody answers or the server
   * cannot do it now: that may be otherwise in a moment, unlike a wrong name or token.
   */
  async reach(url: string): Promise<void> {
    const refused = (reason: string, cause?: unknown) =>
      new PlantroomError('time-series-unavailable', `InfluxDB at ${url} cannot be used now: ${reason}`, {
        hint: 'Check that it runs, and its address.',
        cause,
      });
    try {
      const { status } = await this.get('/ping', {});
      if (status >= 500) throw refused(`it answered ${status}`);
    } catch (thrown) {
      const { name, message } = coerceError(thrown);
      throw isUnreachable(thrown) || name === 'RequestTimedOutError' ? refused(message, thrown) : thrown;
    }
  }

  get(path: string, parameters: Readonly<Record<string, string>>): Promise<Answer> {
    return this.#send('GET', `${path}?${new URLSearchParams(parameters)}`, '', 'application/json');
  }

  post(path: string, body: string, type: 'text/plain' | 'application/json'): Promise<Answer> {
    return this.#send('POST', path, body, type);
  }

  patch(path: string, body: string): Promise<Answer> {
    return this.#send('PATCH', path, body, 'application/json');
  }

  close(): void {
    this.#agent.destroy();
  }

  #send(method: string, path: string, body: string, type: string): Promise<Answer> {
    const ending = new AbortController();
    return new Promise((resolve, reject) => {
      const chunks: Uint8Array[] = [];
      let started: Pick<Answer, 'status' | 'headers'> = { status: 0, headers: {} };
      const headers = { 'content-type': `${type}; charset=utf-8` };
      const end = (settle: () => void) => {
        settle();
        // After a timeout the transport leaves its socket open, and there are only a few.
        ending.abort();
      };
      this.#transport.send(
        path,
        body,
        { method, headers, signal: ending.signal },
        {
          responseStarted: (received, status = 0) => {
            started = { status, headers: received };
          },
          next: (chunk) => void chunks.push(chunk),
          complete: () => resolve({ ...started, body: Buffer.concat(chunks).toString('utf8') }),
          error: (error) => {
            if (error instanceof HttpError) resolve({ ...started, body: error.body ?? '' });
            else end(() => reject(error));
          },
        },
      );
    });
  }
}

/**
 * Days of one shard for a retention in days. Every shard of a query's range costs by itself, so a year in shards of a week
 * takes twice as long as in shards of a month; but a shard is deleted as a whole.
 */
export function shardDays(retention: number | undefined): number {
  if (retention === undefined || retention >= 180) return 30;
  return retention >= 30 ? 7 : 1;
}
