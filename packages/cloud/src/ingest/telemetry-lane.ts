import type { ModelRevision } from '@plantroom/model';
import type { FrameHeader, GatewayAddress, TelemetryFrame } from '@plantroom/model/wire';
import type { StoredSample, TimeSeriesStore } from '../time-series/contract.ts';
import { Answers } from './answers.ts';
import { attempt } from './attempts.ts';
import type { Received } from './frame-queue.ts';
import { entryOf, type LaneContext, reject, sendAnswers } from './lane-context.ts';
import { Present } from './present.ts';
import { namedSamples, readTelemetry } from './read-frame.ts';

/** A frame that is ready for the stores. */
interface Ready {
  readonly from: GatewayAddress;
  readonly header: FrameHeader;
  readonly samples: readonly StoredSample[];
}

/** Revisions that are kept in memory; a site has few at a time. */
const cachedModels = 1000;
/** Samples of one live message, so that it stays well below the broker's largest packet. */
const liveItems = 2000;
/** When this many frames fail one after the other, it is not a frame's fault. */
const failuresInARow = 3;

/** Telemetry frames: time series first, then the ledger, then the acknowledgement. */
export class TelemetryLane {
  readonly #context: LaneContext;
  readonly #timeSeries: Pick<TimeSeriesStore, 'write'>;
  readonly #models = new Map<string, ModelRevision>();
  readonly #present = new Present();

  constructor(context: LaneContext, timeSeries: Pick<TimeSeriesStore, 'write'>) {
    this.#context = context;
    this.#timeSeries = timeSeries;
  }

  async handle(received: readonly Received[]): Promise<void> {
    const answers = new Answers();
    const prepared = await attempt(this.#context, () => this.#prepare(received));
    if ('error' in prepared) {
      this.#context.tally.unanswered += received.length;
      return;
    }
    for (const answer of prepared.result.answers) answer(answers);
    const stored = await this.#store(prepared.result.ready);
    for (const { from, header } of stored) answers.stored(from, header);
    sendAnswers(this.#context, answers);
    this.#announce(stored);
  }

  /** Reads the frames. Answers are kept back as steps, so that a second attempt does not give them twice. */
  async #prepare(received: readonly Received[]): Promise<{ ready: Ready[]; answers: ((answers: Answers) => void)[] }> {
    const ready: Ready[] = [];
    const answers: ((answers: Answers) => void)[] = [];
    const seen = new Set<string>();
    for (const { from, bytes } of received) {
      const read = readTelemetry(bytes, from);
      if (!('frame' in read)) {
        answers.push((a) => reject(this.#context, a, from, read.header, read.rejection));
        continue;
      }
      const { header } = read.frame;
      const name = `${header.site}/${header.gateway}/${header.epoch}/${header.sequence}`;
      if (seen.has(name)) continue;
      seen.add(name);
      if (await this.#context.records.isStored(entryOf(header))) {
        answers.push((a) => {
          this.#context.tally.duplicates++;
          a.stored(from, header);
        });
        continue;
      }
      const named = await this.#name(read.frame);
      if ('samples' in named) ready.push({ from, header, samples: named.samples });
      else answers.push((a) => reject(this.#context, a, from, header, named.rejection));
    }
    return { ready, answers };
  }

  async #name(frame: TelemetryFrame): Promise<ReturnType<typeof namedSamples>> {
    const model = await this.#modelOf(frame.header);
    if (model) return namedSamples(frame, model, this.#context.clock.now());
    const reason = `model revision ${frame.header.revision} is not known here`;
    return { rejection: { code: 'unknown-model', reason } };
  }

  /** A revision never changes, so a known one is read once. */
  async #modelOf({ site, gateway, revision }: FrameHeader): Promise<ModelRevision | undefined> {
    const key = `${site}/${gateway}/${revision}`;
    const cached = this.#models.get(key);
    if (cached) return cached;
    const model = await this.#context.records.model(site, gateway, revision);
    if (!model) return undefined;
    const oldest = this.#models.size >= cachedModels ? this.#models.keys().next().value : undefined;
    if (oldest !== undefined) this.#models.delete(oldest);
    this.#models.set(key, model);
    return model;
  }

  /** Gives the frames that are stored; the others stay without an answer. */
  async #store(ready: readonly Ready[]): Promise<readonly Ready[]> {
    if (ready.length === 0) return [];
    const together = await attempt(this.#context, () => this.#commit(ready));
    if ('result' in together) return ready;
    // One frame that no store can take must not hold up the others.
    const stored: Ready[] = [];
    let failures = 0;
    for (const one of ready.length > 1 && !this.#context.signal.aborted ? ready : []) {
      if (failures === failuresInARow) break;
      const committed = await this.#commit([one]).then(
        () => true,
        () => false,
      );
      failures = committed ? 0 : failures + 1;
      if (committed) stored.push(one);
    }
    this.#context.tally.unanswered += ready.length - stored.length;
    return stored;
  }

  async #commit(ready: readonly Ready[]): Promise<void> {
    const { records, clock, tally } = this.#context;
    await this.#timeSeries.write(ready.map(({ header, samples }) => ({ frame: entryOf(header), samples })));
    const entries = ready.map(({ header, samples }) => ({
      entry: entryOf(header),
      samples: samples.length,
      newestGatewayTime: samples.reduce((newest, s) => Math.max(newest, s.gatewayTime), 0),
    }));
    await records.commitTelemetry(entries, clock.now());
    tally.frames += ready.length;
    tally.samples += ready.reduce((sum, r) => sum + r.samples.length, 0);
  }

  #announce(stored: readonly Ready[]): void {
    const committedAt = this.#context.clock.now();
    const byGateway = Map.groupBy(stored, ({ from }) => `${from.site}/${from.gateway}`);
    for (const [first, ...rest] of byGateway.values()) {
      if (!first) continue;
      const { site, gateway } = first.from;
      const samples = [first, ...rest].flatMap((r) => r.samples);
      const items = this.#present.advance(site, samples, committedAt);
      for (let at = 0; at < items.length; at += liveItems)
        this.#context.announce({ type: 'samples', site, gateway, committedAt, items: items.slice(at, at + liveItems) });
    }
  }
}
