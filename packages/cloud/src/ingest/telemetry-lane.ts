import { describeError, errorCode } from '@plantroom/base';
import { staleAfter } from '@plantroom/model';
import type { ColumnFrame, FrameHeader, GatewayAddress } from '@plantroom/model/wire';
import { touchedQuarters } from '../quarters.ts';
import type { EntryName } from '../records/contract.ts';
import type { SeriesName, StoredColumns, TimeSeriesStore } from '../time-series/contract.ts';
import { Answers, type Rejection } from './answers.ts';
import { attempt } from './attempts.ts';
import type { Received } from './frame-queue.ts';
import { entryOf, type LaneContext, reject, sendAnswers } from './lane-context.ts';
import { LiveAnnouncer } from './live-announcer.ts';
import { namedSamples, readTelemetry, seriesOf } from './read-frame.ts';

/** A frame that is ready for the stores. */
interface Ready {
  readonly from: GatewayAddress;
  readonly header: FrameHeader;
  readonly samples: StoredColumns;
  /** ms for which a value of the model stands until the next; the longest of its points. */
  readonly hold: number;
}

/** What a revision says of its points. */
interface Points {
  readonly names: readonly SeriesName[];
  readonly hold: number;
}

/** What is to be done with a batch. */
interface Prepared {
  readonly ready: Ready[];
  readonly answers: ((answers: Answers) => void)[];
  /** Frames whose model is not known yet. */
  readonly postponed: Received[];
}

interface Outcome {
  readonly stored: Ready[];
  readonly refused: (Ready & { readonly rejection: Rejection })[];
}

/** Revisions that are kept in memory; a site has few at a time. */
const cachedModels = 1000;
/** ms for which a frame waits for a model that is not known, before its gateway is asked for it. */
const modelPatience = 1000;
/** When this many frames fail one after the other, it is not a frame's fault. */
const failuresInARow = 3;

/** Telemetry frames: time series first, then the ledger, then the acknowledgement. */
export class TelemetryLane {
  readonly #context: LaneContext;
  readonly #timeSeries: Pick<TimeSeriesStore, 'write'>;
  readonly #points = new Map<string, Points>();
  readonly #announcer: LiveAnnouncer;

  constructor(context: LaneContext, timeSeries: Pick<TimeSeriesStore, 'write'>) {
    this.#context = context;
    this.#timeSeries = timeSeries;
    this.#announcer = new LiveAnnouncer(context.clock, context.announce);
  }

  async handle(received: readonly Received[]): Promise<void> {
    const postponed = await this.#handle(received, true);
    if (postponed.length > 0) void this.#again(postponed);
  }

  /** Their model may be on its way, with another process of the cloud or in the other lane. */
  async #again(postponed: readonly Received[]): Promise<void> {
    const { clock, signal, logger } = this.#context;
    await clock.sleep(modelPatience, signal);
    if (signal.aborted) return;
    await this.#handle(postponed, false).catch((thrown: unknown) =>
      logger.error({ code: 'ingest-failed', detail: describeError(thrown) }, 'Frames could not be handled.'),
    );
  }

  /** Gives the frames that are not answered yet, since their model is not known: with `postpone` they are tried again. */
  async #handle(received: readonly Received[], postpone: boolean): Promise<readonly Received[]> {
    const answers = new Answers();
    const prepared = await attempt(this.#context, () => this.#prepare(received, postpone));
    if ('error' in prepared) {
      this.#context.tally.unanswered += received.length;
      return [];
    }
    for (const answer of prepared.result.answers) answer(answers);
    const { stored, refused } = await this.#store(prepared.result.ready);
    for (const { from, header, samples } of stored) {
      answers.stored(from, header);
      // What stands for samples of the past is no present value.
      if (!samples.thinned) this.#announcer.add(from, samples);
    }
    for (const { from, header, rejection } of refused) reject(this.#context, answers, from, header, rejection);
    sendAnswers(this.#context, answers);
    this.#announcer.tell();
    return prepared.result.postponed;
  }

  /** Reads the frames. Answers are kept back as steps, so that a second attempt does not give them twice. */
  async #prepare(received: readonly Received[], postpone: boolean): Promise<Prepared> {
    const ready: Ready[] = [];
    const postponed: Received[] = [];
    const answers: ((answers: Answers) => void)[] = [];
    const { frames, unread } = readFrames(received);
    for (const { from, header, rejection } of unread)
      answers.push((a) => reject(this.#context, a, from, header, rejection));
    const duplicates = await this.#context.records.stored(frames.map((f) => f.entry));
    for (const { from, frame, entry, received: one } of frames) {
      const { header } = frame;
      if (duplicates.has(entry)) {
        answers.push((a) => {
          this.#context.tally.duplicates++;
          a.stored(from, header);
        });
        continue;
      }
      const named = await this.#name(frame);
      if ('samples' in named) ready.push({ from, header, ...named });
      else if (postpone && named.rejection.code === 'unknown-model') postponed.push(one);
      else answers.push((a) => reject(this.#context, a, from, header, named.rejection));
    }
    return { ready, answers, postponed };
  }

  async #name(frame: ColumnFrame): Promise<Pick<Ready, 'samples' | 'hold'> | { rejection: Rejection }> {
    const points = await this.#pointsOf(frame.header);
    if (points) return { hold: points.hold, ...namedSamples(frame, points.names, this.#context.clock.now()) };
    const reason = `model revision ${frame.header.revision} is not known here`;
    return { rejection: { code: 'unknown-model', reason } };
  }

  /** A revision never changes, so a known one is read once. */
  async #pointsOf({ site, gateway, revision }: FrameHeader): Promise<Points | undefined> {
    const key = `${site}/${gateway}/${revision}`;
    const cached = this.#points.get(key);
    if (cached) return cached;
    const model = await this.#context.records.model(site, gateway, revision);
    if (!model) return undefined;
    const oldest = this.#points.size >= cachedModels ? this.#points.keys().next().value : undefined;
    if (oldest !== undefined) this.#points.delete(oldest);
    const hold = model.points.reduce((longest, point) => Math.max(longest, staleAfter(point)), 0);
    const points = { names: seriesOf(model), hold };
    this.#points.set(key, points);
    return points;
  }

  /** Gives the frames that are stored and those that never can be; the others stay without an answer. */
  async #store(ready: readonly Ready[]): Promise<Outcome> {
    const outcome: Outcome = { stored: [], refused: [] };
    if (ready.length === 0) return outcome;
    const together = await attempt(this.#context, () => this.#commit(ready));
    if ('result' in together) return together.result;
    // One frame that no store can take must not hold up the others.
    let failures = 0;
    const isApart = ready.length > 1 && !this.#context.signal.aborted && !isUnavailable(together.error);
    for (const one of isApart ? ready : []) {
      if (failures === failuresInARow) break;
      const committed = await this.#commit([one]).catch(() => undefined);
      failures = committed ? 0 : failures + 1;
      outcome.stored.push(...(committed?.stored ?? []));
      outcome.refused.push(...(committed?.refused ?? []));
    }
    this.#context.tally.unanswered += ready.length - outcome.stored.length - outcome.refused.length;
    return outcome;
  }

  async #commit(ready: readonly Ready[]): Promise<Outcome> {
    const { records, clock, tally } = this.#context;
    const frames = ready.map(({ header, samples }) => ({ frame: entryOf(header), samples }));
    const rejections = new Map((await this.#timeSeries.write(frames)).map((r) => [r.frame, r]));
    const outcome: Outcome = { stored: [], refused: [] };
    for (const [n, one] of ready.entries()) {
      const rejection = rejections.get(frames[n]?.frame ?? entryOf(one.header));
      if (rejection) outcome.refused.push({ ...one, rejection });
      else outcome.stored.push(one);
    }
    const entries = outcome.stored.map(({ header, samples, hold }) => ({
      entry: entryOf(header),
      samples: samples.times.length,
      ...gatewayTimes(samples),
      quarters: touchedQuarters(samples, hold),
    }));
    if (entries.length > 0) await records.commitTelemetry(entries, clock.now());
    tally.frames += entries.length;
    tally.samples += entries.reduce((sum, e) => sum + e.samples, 0);
    return outcome;
  }

  /** Tells followers of what has not been told yet. */
  stop(): void {
    this.#announcer.stop();
  }
}

/** Frames of a batch, each once, and what cannot be read. */
function readFrames(received: readonly Received[]) {
  const frames = new Map<string, { from: GatewayAddress; frame: ColumnFrame; entry: EntryName; received: Received }>();
  const unread: { from: GatewayAddress; header: FrameHeader | undefined; rejection: Rejection }[] = [];
  for (const one of received) {
    const { from, bytes } = one;
    const read = readTelemetry(bytes, from);
    if (!('frame' in read)) {
      unread.push({ from, ...read });
      continue;
    }
    const entry = entryOf(read.frame.header);
    const key = `${entry.site}/${entry.gateway}/${entry.epoch}/${entry.sequence}`;
    frames.set(key, { from, frame: read.frame, entry, received: one });
  }
  return { frames: [...frames.values()], unread };
}

function gatewayTimes({ times, lags }: StoredColumns) {
  let [oldest, newest] = [Number.POSITIVE_INFINITY, 0];
  for (let row = 0; row < times.length; row++) {
    const time = (times[row] ?? 0) + (lags[row] ?? 0);
    oldest = Math.min(oldest, time);
    newest = Math.max(newest, time);
  }
  return { oldestGatewayTime: Math.min(oldest, newest), newestGatewayTime: newest };
}

/** A store said itself that it is not a frame's fault. */
const isUnavailable = (error: Error) =>
  ['time-series-unavailable', 'records-unavailable'].includes(errorCode(error) ?? '');
