import type { Clock, Timer } from '@plantroom/base';
import type { Sample } from '@plantroom/model';
import type { IndexedSample } from '@plantroom/model/wire';
import { isWorthLogging, type ReportRule } from './exception.ts';

/** A point and its place in the model revision. */
export interface ReportedPoint extends ReportRule {
  readonly index: number;
  readonly equipment: string;
  readonly point: string;
}

export interface TelemetryLog {
  append(
    entries: readonly { readonly lane: 'telemetry'; readonly samples: readonly IndexedSample[] }[],
    options: { readonly urgent: boolean },
  ): Promise<void>;
}

export interface ReporterOptions {
  readonly points: readonly ReportedPoint[];
  readonly log: TelemetryLog;
  readonly clock: Clock;
  /** The log failed: samples can no longer be kept. */
  readonly onFailure: (thrown: unknown) => void;
}

/** Milliseconds that samples are gathered for one frame. */
const framePeriod = 1000;
/** Samples in one frame at most. */
const frameSize = 5000;

interface Slot {
  readonly point: ReportedPoint;
  last: Sample | undefined;
}

/** The last step before the log: drops what says nothing new, and puts the rest into frames of a second. */
export class Reporter {
  /** Samples offered, and those of them that were logged. */
  offered = 0;
  logged = 0;
  readonly #options: ReporterOptions;
  #slots = new Map<string, Map<string, Slot>>();
  #frame: IndexedSample[] = [];
  #timer: Timer | undefined;

  constructor(options: ReporterOptions) {
    this.#options = options;
    this.#place(options.points);
  }

  start(): void {
    this.#timer = this.#options.clock.every(framePeriod, () => void this.#flush());
  }

  samples(batch: readonly Sample[]): void {
    for (const sample of batch) {
      const slot = this.#slots.get(sample.equipment)?.get(sample.point);
      if (!slot) continue;
      this.offered++;
      if (!isWorthLogging(slot.last, sample, slot.point)) continue;
      slot.last = sample;
      this.logged++;
      this.#frame.push(indexed(sample, slot.point.index));
    }
    if (this.#frame.length >= frameSize) void this.#flush();
  }

  /**
   * Goes on with the points of another model revision. What was gathered is handed to the log before this returns, since
   * its places are those of the revision so far; a point that stays is not told anew.
   */
  use(points: readonly ReportedPoint[]): void {
    void this.#flush();
    this.#place(points);
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
      device.set(point.point, { point, last: before.get(point.equipment)?.get(point.point)?.last });
    }
  }

  async #flush(urgent = false): Promise<void> {
    const samples = this.#frame;
    if (samples.length === 0) return;
    this.#frame = [];
    const entries = [];
    for (let i = 0; i < samples.length; i += frameSize)
      entries.push({ lane: 'telemetry' as const, samples: samples.slice(i, i + frameSize) });
    try {
      await this.#options.log.append(entries, { urgent });
    } catch (thrown) {
      this.#options.onFailure(thrown);
    }
  }
}

/** Written out for the plain case, which nearly every sample is: copying the rest of an object is dear. */
function indexed(sample: Sample, index: number): IndexedSample {
  const { time, gatewayTime, value, quality, reason, raw } = sample;
  const plain = { index, time, gatewayTime, value, quality };
  if (reason === undefined && raw === undefined) return plain;
  return { ...plain, ...(reason === undefined ? {} : { reason }), ...(raw === undefined ? {} : { raw }) };
}
