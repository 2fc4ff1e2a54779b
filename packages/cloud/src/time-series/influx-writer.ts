import { type Clock, coerceError, type Logger, PlantroomError } from '@plantroom/base';
import type { FrameName, RefusedFrame, StoredFrame } from './contract.ts';
import { type Answer, judgeWrite, type Verdict } from './influx-answer.ts';
import { LineEncoder, type Slice } from './influx-lines.ts';

export interface InfluxWriterOptions {
  /** How the server is named in messages. */
  readonly name: string;
  /** Sends lines with times in ms. */
  readonly post: (lines: string) => Promise<Answer>;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Lines of one request: all versions of InfluxDB take as many, and more do not make it faster. */
const mostLines = 5000;
/** Requests at a time of one call. */
const senders = 2;
/** The longest that a server's wish to be left alone is heeded; ms. */
const longestPause = 60_000;

/**
 * Writes frames, and knows of each what has become of it: stored, refused because of a sample in it, or unknown (it
 * throws). It keeps no buffer and tries nothing twice by itself: what is unknown comes again, and the same lines written
 * twice are the same points.
 */
export class InfluxWriter {
  readonly #options: InfluxWriterOptions;
  readonly #encoder = new LineEncoder();
  readonly #closing = new AbortController();
  /** Monotonic time before which the server does not want to be asked. */
  #notBefore = Number.NEGATIVE_INFINITY;

  constructor(options: InfluxWriterOptions) {
    this.#options = options;
  }

  async write(frames: readonly StoredFrame[]): Promise<RefusedFrame[]> {
    const refused = new Map<FrameName, RefusedFrame>();
    for (const stored of frames) {
      const name = this.#encoder.unfit(stored);
      const reason = `the name ${JSON.stringify(name)} may not become a tag`;
      if (name) refused.set(stored.frame, { frame: stored.frame, code: 'invalid', reason });
    }
    const bodies = bodiesOf(frames.filter((f) => !refused.has(f.frame))).values();
    const failures: unknown[] = [];
    const send = async () => {
      for (const slices of bodies) {
        if (failures.length > 0) return;
        await this.#deliver(slices, refused).catch((thrown) => failures.push(thrown));
      }
    };
    await Promise.all(Array.from({ length: senders }, send));
    if (failures.length > 0) throw failures[0];
    return [...refused.values()];
  }

  /** Sends lines that belong to no frame, in halves where they are too much for the server; throws unless all are stored. */
  async sendLines(lines: readonly string[], post: InfluxWriterOptions['post']): Promise<void> {
    if (lines.length === 0) return;
    const verdict = await this.#judge(() => post(`${lines.join('\n')}\n`));
    // A line that is older than it would be kept costs the others nothing.
    if (verdict.is === 'stored' || (verdict.is === 'poison' && verdict.code === 'too-old')) return;
    const middle = lines.length >> 1;
    if (verdict.is !== 'too-large' || middle === 0) {
      const reason = 'reason' in verdict ? verdict.reason : 'one line is more than the server takes';
      throw this.#unavailable(verdict.is === 'denied' ? verdict : { is: 'unavailable', reason, retryAfter: undefined });
    }
    await this.sendLines(lines.slice(0, middle), post);
    await this.sendLines(lines.slice(middle), post);
  }

  /** Ends pauses, so that nothing waits for a server at the end. */
  close(): void {
    this.#closing.abort();
  }

  /** Sends slices; halves them to get below a limit of the server, or to find the line that it does not take. */
  async #deliver(all: readonly Slice[], refused: Map<FrameName, RefusedFrame>): Promise<void> {
    const slices = all.filter((s) => !refused.has(s.stored.frame));
    if (slices.length === 0) return;
    const verdict = await this.#send(slices);
    if (verdict.is === 'stored') return;
    if (verdict.is === 'unavailable' || verdict.is === 'denied') throw this.#unavailable(verdict);
    const parts = halves(slices);
    const [only] = slices;
    if (!parts && only) {
      const { frame, samples } = only.stored;
      const reason = verdict.is === 'poison' ? verdict.reason : 'one line is more than the server takes';
      const time = new Date(samples.times[only.from] ?? 0).toISOString();
      const code = verdict.is === 'poison' ? verdict.code : 'too-large';
      refused.set(frame, { frame, code, reason: `${this.#options.name} refuses a sample of ${time}: ${reason}` });
    }
    for (const part of parts ?? []) await this.#deliver(part, refused);
  }

  async #send(slices: readonly Slice[]): Promise<Verdict> {
    const lines = this.#encoder.encode(slices);
    return this.#judge(() => this.#options.post(lines));
  }

  async #judge(post: () => Promise<Answer>): Promise<Verdict> {
    const { clock } = this.#options;
    const pause = this.#notBefore - clock.monotonic();
    if (pause > 0) await clock.sleep(pause, this.#closing.signal);
    try {
      return judgeWrite(await post(), clock.now());
    } catch (thrown) {
      return { is: 'unavailable', reason: coerceError(thrown).message || 'no connection', retryAfter: undefined };
    }
  }

  #unavailable(verdict: Extract<Verdict, { reason: string }>): PlantroomError {
    const { name, clock, logger } = this.#options;
    if (verdict.is === 'unavailable' && verdict.retryAfter !== undefined)
      this.#notBefore = clock.monotonic() + Math.min(verdict.retryAfter, longestPause);
    const isDenied = verdict.is === 'denied';
    const hint = isDenied
      ? 'Check the token or password in the configuration, and that it may write there.'
      : 'Check that it runs, its disk and its log; the samples are kept by their gateways meanwhile.';
    if (isDenied)
      logger.error({ code: 'time-series-denied', reason: verdict.reason }, `${name} does not let us write. ${hint}`);
    return new PlantroomError('time-series-unavailable', `${name} has not stored samples: ${verdict.reason}`, { hint });
  }
}

/** Cuts frames into requests; small frames share one. */
function bodiesOf(frames: readonly StoredFrame[]): Slice[][] {
  const bodies: Slice[][] = [];
  let body: Slice[] = [];
  let room = mostLines;
  for (const stored of frames) {
    const rows = stored.samples.times.length;
    for (let from = 0; from < rows; ) {
      const to = Math.min(rows, from + room);
      body.push({ stored, from, to });
      room -= to - from;
      from = to;
      if (room > 0) continue;
      bodies.push(body);
      [body, room] = [[], mostLines];
    }
  }
  if (body.length > 0) bodies.push(body);
  return bodies;
}

/** Between frames while there are several, so that a bad one is found first; then between rows. Undefined for one row. */
function halves(slices: readonly Slice[]): [Slice[], Slice[]] | undefined {
  const middle = slices.length >> 1;
  if (middle > 0) return [slices.slice(0, middle), slices.slice(middle)];
  const [one] = slices;
  if (!one || one.to - one.from < 2) return undefined;
  const cut = (one.from + one.to) >> 1;
  return [[{ ...one, to: cut }], [{ ...one, from: cut }]];
}
