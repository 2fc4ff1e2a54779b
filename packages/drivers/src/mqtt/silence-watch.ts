import type { Clock } from '@plantroom/base';
import type { FieldDevice, FieldSink } from '../contract.ts';

interface Watched {
  readonly period: number;
  lastHeard: number;
  silent: boolean;
}

/** Missed messages in a row that make a publishing device silent. */
const missed = 3;

/** Knows when each publishing device was last heard, and says so once when it falls silent or comes back. */
export class SilenceWatch {
  readonly #clock: Clock;
  readonly #devices: Map<string, Watched>;

  constructor(devices: readonly FieldDevice[], clock: Clock) {
    this.#clock = clock;
    const lastHeard = clock.monotonic();
    this.#devices = new Map(devices.map((d) => [d.equipment, { period: d.period, lastHeard, silent: false }]));
  }

  /** Time counts from now on: there was no way to hear anyone before. */
  restart(): void {
    for (const device of this.#devices.values()) device.lastHeard = this.#clock.monotonic();
  }

  hear(equipment: string, sink: FieldSink): void {
    const device = this.#devices.get(equipment);
    if (!device) return;
    device.lastHeard = this.#clock.monotonic();
    if (device.silent) sink.silence(equipment, false, 'publishes again');
    device.silent = false;
  }

  check(sink: FieldSink | undefined): void {
    const now = this.#clock.monotonic();
    for (const [equipment, device] of this.#devices) {
      if (now - device.lastHeard <= missed * device.period) continue;
      this.lose(equipment, `published nothing for ${Math.round((now - device.lastHeard) / 1000)} s`, sink);
    }
  }

  lose(equipment: string, detail: string, sink: FieldSink | undefined): void {
    const device = this.#devices.get(equipment);
    if (!device || device.silent || !sink) return;
    device.silent = true;
    sink.silence(equipment, true, detail);
  }
}
