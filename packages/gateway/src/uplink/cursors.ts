import type { Lane } from '@plantroom/model/wire';
import type { EntryName, UplinkEntry, UplinkLog } from './contract.ts';
import type { Stream } from './window.ts';

/** Up to this many waiting telemetry frames go out in order; behind more, current values overtake what an outage left. */
const smallBacklog = 16;

/** Up to which row each stream has been read from the log since the connection came up. */
export class Cursors {
  readonly #log: UplinkLog;
  readonly #after: Record<Stream, number> = { events: 0, live: 0, replay: 0, backfill: 0 };
  /** The first row whose telemetry counts as current. */
  #boundary = 1;
  /** Streams that were read to their end; they are not asked again until the log has something new. */
  readonly #drained = new Set<Stream>();
  #news = 0;

  constructor(log: UplinkLog) {
    this.#log = log;
  }

  /** Begins anew with all that the log holds; `all: false` keeps the places of events and history. */
  async begin(all: boolean): Promise<void> {
    const { nextRow, lanes } = await this.#log.stats();
    this.hasNews();
    this.#boundary = lanes.telemetry.entries > smallBacklog ? nextRow : 1;
    this.#after.live = this.#boundary - 1;
    this.#after.replay = 0;
    if (all) {
      this.#after.events = 0;
      this.#after.backfill = 0;
    }
  }

  /** There may be something new in any stream. */
  hasNews(): void {
    this.#news++;
    this.#drained.clear();
  }

  /** The next frames of a stream, without those that `skip` names; the place moves past all that was read. */
  async take(
    stream: Stream,
    limit: number,
    inFlight: number,
    skip: (entry: EntryName) => boolean,
  ): Promise<UplinkEntry[]> {
    if (limit <= 0 || this.#drained.has(stream) || (stream === 'replay' && this.#boundary === 1)) return [];
    const lane: Lane = stream === 'live' || stream === 'replay' ? 'telemetry' : 'events';
    const from = this.#after[stream];
    const news = this.#news;
    const asked = limit + inFlight;
    // After a rewind the log gives frames in flight again, so ask for as many more.
    const read = await this.#log.next({
      lane,
      history: stream === 'backfill',
      after: from,
      limit: asked,
      ...(stream === 'replay' ? { before: this.#boundary } : {}),
    });
    const wanted = read.filter((e) => !skip(e)).slice(0, limit);
    const last = wanted.length < limit ? read.at(-1) : wanted.at(-1);
    // A place that moved while the log was read was rewound, and stays so.
    if (last && this.#after[stream] === from) this.#after[stream] = last.row;
    if (read.length < asked && wanted.length < limit && news === this.#news) this.#drained.add(stream);
    return wanted;
  }

  /** Makes the streams read a frame again that was taken before. */
  rewind({ lane, row }: Pick<UplinkEntry, 'lane' | 'row'>): void {
    const affected: Stream[] = lane === 'events' ? ['events', 'backfill'] : [row < this.#boundary ? 'replay' : 'live'];
    for (const stream of affected) this.#after[stream] = Math.min(this.#after[stream], row - 1);
    this.hasNews();
  }
}
