import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describeError, errorCode, type Logger } from '@plantroom/base';
import { z } from 'zod';
import { areas } from '../profiles/schema.ts';
import type { Block } from './plan.ts';

const span = z.tuple([z.enum(areas), z.number().int(), z.number().int()]);
const hole = z.strictObject({ at: span, exception: z.number().int(), delay: z.number() });
const lesson = z.strictObject({ plan: z.string(), blocks: z.array(span), holes: z.array(hole) });
const file = z.strictObject({ version: z.literal(1), equipment: z.record(z.string(), lesson) });

/** What one device was learned not to give: how its blocks are cut, and what is left out. */
export type Lesson = z.output<typeof lesson>;
export type Span = z.output<typeof span>;

/** Remembers on disk what devices refuse, so that a restart need not ask again. A lesson fits one plan only. */
export class HoleMemory {
  readonly #path: string;
  readonly #directory: string;
  readonly #logger: Logger;
  readonly #lessons: Map<string, Lesson>;
  #writing: Promise<void> = Promise.resolve();

  private constructor(directory: string, lessons: Map<string, Lesson>, logger: Logger) {
    this.#directory = directory;
    this.#path = join(directory, 'holes.json');
    this.#lessons = lessons;
    this.#logger = logger;
  }

  /** Reads what is there; a file that cannot be understood is as good as none. */
  static async load(directory: string, logger: Logger): Promise<HoleMemory> {
    try {
      const read = file.parse(JSON.parse(await readFile(join(directory, 'holes.json'), 'utf8')));
      return new HoleMemory(directory, new Map(Object.entries(read.equipment)), logger);
    } catch (thrown) {
      if (errorCode(thrown) !== 'ENOENT') {
        logger.warn({ code: 'holes-unreadable', detail: describeError(thrown) }, 'learned holes are learned again');
      }
      return new HoleMemory(directory, new Map(), logger);
    }
  }

  recall(equipment: string, plan: string): Lesson | undefined {
    const lesson = this.#lessons.get(equipment);
    return lesson?.plan === plan ? lesson : undefined;
  }

  /** Notes the lesson, or that there is none any more; it is on disk when `settled` resolves. */
  note(equipment: string, lesson: Lesson | undefined): void {
    if (lesson) this.#lessons.set(equipment, lesson);
    else if (!this.#lessons.delete(equipment)) return;
    this.#writing = this.#writing.then(() => this.#write());
  }

  settled(): Promise<void> {
    return this.#writing;
  }

  /** By a second file and a rename, so that a power cut leaves the old or the new one. */
  async #write(): Promise<void> {
    const content = { version: 1, equipment: Object.fromEntries(this.#lessons) };
    try {
      await mkdir(this.#directory, { recursive: true });
      await writeFile(`${this.#path}.new`, `${JSON.stringify(content)}\n`, { flush: true });
      await rename(`${this.#path}.new`, this.#path);
    } catch (thrown) {
      this.#logger.warn({ code: 'holes-unwritable', detail: describeError(thrown) }, 'learned holes are not kept');
    }
  }
}

/** Tells one plan from another: the same requests to the same unit for the same values. */
export function fingerprint(unit: number, blocks: readonly Block[]): string {
  const shape = blocks.map((b) => [spanOf(b), b.items.map((i) => [i.point, i.address, i.length])]);
  return createHash('sha256')
    .update(JSON.stringify([unit, shape]))
    .digest('hex')
    .slice(0, 16);
}

export function spanOf({ area, address, length }: Block): Span {
  return [area, address, length];
}
