import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describeError, errorCode, type Logger } from '@plantroom/base';
import { z } from 'zod';

/** Remembers on disk what was learned of each equipment of a connection, so that a restart need not ask again. */
export class DeviceMemory<T> {
  readonly #path: string;
  readonly #directory: string;
  readonly #logger: Logger;
  readonly #known: Map<string, T>;
  #writing: Promise<void> = Promise.resolve();

  private constructor(directory: string, file: string, known: Map<string, T>, logger: Logger) {
    this.#directory = directory;
    this.#path = join(directory, file);
    this.#logger = logger;
    this.#known = known;
  }

  /** Reads what is there; a file that cannot be understood is as good as none. */
  static async load<T>(directory: string, file: string, entry: z.ZodType<T>, logger: Logger): Promise<DeviceMemory<T>> {
    const content = z.strictObject({ version: z.literal(1), equipment: z.record(z.string(), entry) });
    try {
      const read = content.parse(JSON.parse(await readFile(join(directory, file), 'utf8')));
      return new DeviceMemory(directory, file, new Map(Object.entries(read.equipment)), logger);
    } catch (thrown) {
      if (errorCode(thrown) !== 'ENOENT') {
        logger.warn({ code: 'memory-unreadable', file, detail: describeError(thrown) }, 'devices are learned again');
      }
      return new DeviceMemory(directory, file, new Map<string, T>(), logger);
    }
  }

  get(equipment: string): T | undefined {
    return this.#known.get(equipment);
  }

  /** Notes what was learned, or that it is void; it is on disk when `settled` resolves. */
  note(equipment: string, learned: T | undefined): void {
    if (learned !== undefined) this.#known.set(equipment, learned);
    else if (!this.#known.delete(equipment)) return;
    this.#writing = this.#writing.then(() => this.#write());
  }

  settled(): Promise<void> {
    return this.#writing;
  }

  /** By a second file and a rename, so that a power cut leaves the old or the new one. */
  async #write(): Promise<void> {
    const content = { version: 1, equipment: Object.fromEntries(this.#known) };
    try {
      await mkdir(this.#directory, { recursive: true });
      await writeFile(`${this.#path}.new`, `${JSON.stringify(content)}\n`, { flush: true });
      await rename(`${this.#path}.new`, this.#path);
    } catch (thrown) {
      const detail = describeError(thrown);
      this.#logger.warn({ code: 'memory-unwritable', file: this.#path, detail }, 'what was learned is not kept');
    }
  }
}
