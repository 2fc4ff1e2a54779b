import { access } from 'node:fs/promises';
import { describeError } from '@plantroom/base';
import type { EquipmentBinding } from '../binding.ts';
import type { DriverContext, FieldConnection, FieldDevice, FieldSink, ProbeResult } from '../contract.ts';
import { DriverFailure } from '../failure.ts';
import { expandPoint } from '../point-path.ts';
import type { ReplayConfig } from './config.ts';
import { readHistory } from './read-history.ts';

export { readHistory } from './read-history.ts';

/** A file of past readings; pushes each once, with its own time. */
class ReplayConnection implements FieldConnection {
  readonly id: string;
  readonly devices: readonly FieldDevice[];
  readonly #file: string;
  readonly #context: DriverContext;
  #running: Promise<void> | undefined;
  #stopped = false;

  constructor(id: string, file: string, devices: readonly FieldDevice[], context: DriverContext) {
    this.id = id;
    this.devices = devices;
    this.#file = file;
    this.#context = context;
  }

  async open(): Promise<void> {
    this.#stopped = false;
    try {
      await access(this.#file);
    } catch (cause) {
      throw new DriverFailure('no-answer', `There is no file ${this.#file} to replay.`, {
        hint: 'Write the path of a CSV file, seen from the gateway’s working directory.',
        context: { file: this.#file },
        cause,
      });
    }
  }

  async subscribe(sink: FieldSink): Promise<void> {
    this.#running ??= this.#replay(sink);
  }

  async probe(equipment: string): Promise<ProbeResult> {
    try {
      for await (const batch of readHistory(this.#file)) {
        const first = batch.find((r) => r.equipment === equipment);
        if (first) return { ok: true, message: `${this.#file} has rows of ${equipment}, the first of ${first.point}.` };
      }
      return { ok: false, message: `${this.#file} has no rows of ${equipment}.` };
    } catch (thrown) {
      return { ok: false, message: describeError(thrown) };
    }
  }

  async close(): Promise<void> {
    this.#stopped = true;
    await this.#running;
    this.#running = undefined;
  }

  async #replay(sink: FieldSink): Promise<void> {
    const { logger } = this.#context;
    const known = new Set(this.devices.flatMap((d) => d.points.map((point) => `${d.equipment}/${point}`)));
    let unknown = 0;
    try {
      for await (const batch of readHistory(this.#file)) {
        if (this.#stopped) return;
        const ours = batch.filter((r) => known.has(`${r.equipment}/${r.point}`));
        unknown += batch.length - ours.length;
        sink.readings(ours);
        // Live data waits behind this batch, not behind the file.
        await new Promise((resolve) => setImmediate(resolve));
      }
      logger.info({ file: this.#file, unknown }, 'replay is complete');
    } catch (thrown) {
      logger.error({ file: this.#file }, describeError(thrown));
    }
  }
}

/** Reads nothing yet; the file is opened by `open` and read by `subscribe`. */
export async function prepareReplay(
  config: ReplayConfig,
  id: string,
  bindings: readonly EquipmentBinding[],
  context: DriverContext,
): Promise<FieldConnection> {
  const devices = bindings.map((binding) => ({
    equipment: binding.id,
    period: binding.period ?? binding.profile.period,
    points: Object.keys(binding.profile.points).flatMap((name) => expandPoint(name).points.map((p) => p.name)),
  }));
  return new ReplayConnection(id, config.file, devices, context);
}
