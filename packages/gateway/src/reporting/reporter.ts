import { isDeepStrictEqual } from 'node:util';
import type { Clock, Timer } from '@plantroom/base';
import type { Sample } from '@plantroom/model';
import { type PackedSamples, SamplePacker } from '@plantroom/model/wire';
import { isWorthLogging, type LastLogged, type ReportRule } from './exception.ts';

/** A point and its place in the model revision. */
export interface ReportedPoint extends ReportRule {
  readonly index: number;
  readonly equipment: string;
  readonly point: string;
}

export interface TelemetryLog {
  append(
    entries: readonly { readonly lane: 'telemetry'; readonly samples: PackedSamples }[],
    options: { readonly urgent: boolean },
  ): Promise<void>;
}

export interface ReporterOptions {
  readonly points: readonly ReportedPoint[];
  readonly log: TelemetryLog;
  readonly clock: Clock;
  /** Whether nobody has confirmed the time by which samples are named at the moment. */
  readonly isTimeUnconfirmed?: () => boolean;
  /** The log failed: samples can no longer be kept. */
  readonly onFailure: (thrown: unknown) => void;
}

/** Milliseconds that samples are gathered for one frame. */
const framePeriod = 1000;
/** Samples in one frame at most. */
const frameSize = 5000;

type Writable = { -readonly [K in keyof LastLogged]: LastLogged[K] };

interface Slot {
  readonly point: ReportedPoint;
  last: Writable | undefined;
}

/** The last step before the log: drops what says nothing new, and puts the rest into frames of a second. */
export class Reporter {
  /** Samples offered, and those of them that were logged. */
  offered = 0;
  logged = 0;
  readonly #options: ReporterOptions;
  #slots = new Map<string, Map<string, Slot>>();
  readonly #frame = new SamplePacker(frameSize);
  #timer: Timer | undefined;

  constructor(options: ReporterOptions) {
    this.#options = options;
    this.#place(options.points);
  }

  start(): void {
    this.#timer = this.#options.clock.every(framePeriod, () => this.flush());
  }

  samples(batch: readonly Sample[]): void {
    const isUnconfirmed = this.#options.isTimeUnconfirmed?.() ?? false;
    for (const sample of batch) {
      const slot = this.#slots.get(sample.equipment)?.get(sample.point);
      if (!slot) continue;
      this.offered++;
      if (!isWorthLogging(slot.last, sample, slot.point)) continue;
      slot.last = noted(slot.last, sample);
      this.logged++;
      this.#frame.add(slot.point.index, isUnconfirmed && sample.quality === 'good' ? unsynced(sample) : sample);
      if (this.#frame.isFull) this.flush();
    }
  }

  /**
   * Goes on with the points of another model revision. What was gathered is handed to the log before this returns, since
   * its places are those of the revision so far; a point that stays and means the same is not told anew.
   */
  use(points: readonly ReportedPoint[]): void {
    this.flush();
    this.#place(points);
  }

  /**
   * Gateway time was corrected by `by` ms, and what comes from here on is named by the right one. Silences go on as they were;
   * what was gathered is handed to the log, before this returns.
   */
  correct(by: number): void {
    this.flush();
    for (const device of this.#slots.values()) for (const { last } of device.values()) if (last) last.gatewayTime += by;
  }

  /** Hands what was gathered to the log, before this returns. */
  flush(): void {
    void this.#flush();
  }

  async stop(): Promise<void> {
    this.#timer?.cancel();
    await this.#flush(true);
  }

  #place(points: readonly ReportedPoint[]): void {
    const before = this.#slots;
    this.#slots = new Map();
    for (const point of points) {
      const device = this.#slots.get(point.equipment) ?? new Map<string, Slot>();
      this.#slots.set(point.equipment, device);
      const known = before.get(point.equipment)?.get(point.point);
      const same = known && isDeepStrictEqual(known.point.definition, point.definition);
      device.set(point.point, { point, last: same ? known.last : undefined });
    }
  }

  async #flush(urgent = false): Promise<void> {
    if (this.#frame.isEmpty) return;
    const entry = { lane: 'telemetry', samples: this.#frame.take() } as const;
    try {
      await this.#options.log.append([entry], { urgent });
    } catch (thrown) {
      this.#options.onFailure(thrown);
    }
  }
}

/** The value is as good as ever, its time is not; the mark goes when the time is confirmed before it is sent. */
function unsynced(sample: Sample): Sample {
  return { ...sample, quality: 'uncertain', reason: 'unsynced' };
}

/** In place: samples that are kept until the next ones come are what a garbage collector has most work with. */
function noted(last: Writable | undefined, { value, quality, reason, raw, gatewayTime }: Sample): Writable {
  if (!last) return { value, quality, reason, raw, gatewayTime };
  last.value = value;
  last.quality = quality;
  last.reason = reason;
  last.raw = raw;
  last.gatewayTime = gatewayTime;
  return last;
}
