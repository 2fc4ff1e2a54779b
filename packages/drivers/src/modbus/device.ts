import type { Clock, Logger } from '@plantroom/base';
import type { Reading } from '../contract.ts';
import { DriverFailure } from '../failure.ts';
import { bad, type Judged } from '../judge.ts';
import { isAddressException } from './exceptions.ts';
import { fingerprint, type HoleMemory, type Lesson, type Span, spanOf } from './lesson.ts';
import { type Block, blockOf, type Item, splitBlock } from './plan.ts';
import type { PropertyItem } from './properties.ts';
import type { Discovery } from './sunspec.ts';

/** Reads one block of this device. Throws DriverFailure. */
export type ReadBlock = (block: Block) => Promise<Buffer>;

/** Sees the bytes of each answer, for the person who compares raw and scaled. */
export type SeeBlock = (block: Block, bytes: Buffer) => void;

/** What was refused, and when it is asked for again, monotonic ms. */
export interface Hole {
  readonly block: Block;
  readonly exception: number;
  retryAt: number;
  delay: number;
}

interface Learned {
  readonly blocks: Block[];
  readonly holes: Hole[];
  readonly readings: Reading[];
}

export interface DeviceOptions {
  readonly equipment: string;
  readonly unit: number;
  readonly items: readonly Item[];
  readonly blocks: readonly Block[];
  readonly properties: readonly PropertyItem[];
  readonly memory: HoleMemory;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** What was refused is tried again after 10 s, then ever more rarely: refusals may pass, and firmware changes. */
const firstRetry = 10_000;
const lastRetry = 3_600_000;
/** Refused at once, after 10 s and after 30 s: that is the device's way, and worth remembering. */
const lastingDelay = 4 * firstRetry;

/** What a connection needs of a device, whether its registers are known beforehand or have to be found. */
export interface PolledDevice {
  readonly equipment: string;
  readonly unit: number;
  readonly points: readonly string[];
  /** What one poll asks for. */
  readonly blocks: readonly Block[];
  /** What it was learned not to give. */
  readonly holes: readonly Hole[];
  /** Text about it; another array when it is another device. */
  readonly properties: readonly PropertyItem[];
  /** Where its registers were found; undefined when its profile has them. */
  readonly discovery?: Discovery;
  /** Reads everything once: a reading for each point, bad with a reason where there is none. Throws DriverFailure. */
  poll(read: ReadBlock, see?: SeeBlock): Promise<Reading[]>;
}

/**
 * What is read of one device, and what it was learned not to give. A block that is refused for its addresses is cut until
 * the refused values stand alone; they are holes from then on, and the other pieces stay as they are. Holes, and blocks that
 * were refused though all their pieces are given, are tried again: what lasts is remembered, what passes leaves nothing.
 */
export class ModbusDevice implements PolledDevice {
  readonly equipment: string;
  readonly unit: number;
  readonly points: readonly string[];
  readonly properties: readonly PropertyItem[];
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #memory: HoleMemory;
  readonly #planned: readonly Block[];
  readonly #plan: string;
  #blocks: readonly Block[];
  #holes: Hole[] = [];
  /** Blocks that are refused whole and given in pieces. */
  #cuts: Hole[] = [];

  constructor({ equipment, unit, items, blocks, properties, memory, clock, logger }: DeviceOptions) {
    this.equipment = equipment;
    this.unit = unit;
    this.points = items.map((item) => item.point);
    this.properties = properties;
    this.#clock = clock;
    this.#logger = logger;
    this.#memory = memory;
    this.#planned = blocks;
    this.#plan = fingerprint(unit, blocks);
    this.#blocks = blocks;
    const lesson = memory.get(equipment);
    if (lesson?.plan === this.#plan) this.#recall(lesson, items);
  }

  get blocks(): readonly Block[] {
    return this.#blocks;
  }

  get holes(): readonly Hole[] {
    return this.#holes;
  }

  async poll(read: ReadBlock, see?: SeeBlock): Promise<Reading[]> {
    const seen = see ? seeing(read, see) : read;
    const readings: Reading[] = [];
    for (const block of this.#blocks) readings.push(...(await this.#readOrLearn(block, seen)));
    await this.#retryCut(read);
    const holes = this.#holes;
    if (holes.length === 0) return readings;
    readings.push(...(await this.#retryHole(seen)));
    const heard = new Set(readings.map((r) => r.point));
    const silent = holes.flatMap(({ block, exception }) => block.items.map((item) => this.#refused(item, exception)));
    return [...readings, ...silent.filter((r) => !heard.has(r.point))];
  }

  async #readOrLearn(block: Block, read: ReadBlock): Promise<Reading[]> {
    const answer = await attempt(block, read);
    if (!isAddressException(answer)) return this.#result(block, answer);
    const learned = await this.#learn(block, read, answer);
    this.#blocks = this.#blocks.flatMap((b) => (b === block ? learned.blocks : [b]));
    this.#holes.push(...learned.holes);
    if (learned.holes.length === 0) this.#cuts.push(this.#refusal(block, answer));
    this.#logger.warn(
      { equipment: this.equipment, area: block.area, address: block.address, length: block.length, exception: answer },
      `device refuses a block; reads it in ${learned.blocks.length} pieces until it gives the whole`,
    );
    return learned.readings;
  }

  /** Cuts a refused block in two and reads the halves, as deep as needed. */
  async #learn(block: Block, read: ReadBlock, exception: number): Promise<Learned> {
    const halves = splitBlock(block);
    if (!halves) {
      return { blocks: [], holes: [this.#refusal(block, exception)], readings: this.#result(block, exception) };
    }
    const parts: Learned[] = [];
    for (const half of halves) {
      const answer = await attempt(half, read);
      parts.push(
        isAddressException(answer)
          ? await this.#learn(half, read, answer)
          : { blocks: [half], holes: [], readings: this.#result(half, answer) },
      );
    }
    return {
      blocks: parts.flatMap((p) => p.blocks),
      holes: parts.flatMap((p) => p.holes),
      readings: parts.flatMap((p) => p.readings),
    };
  }

  /** Tries one hole whose time has come, and gives its values if it answers. */
  async #retryHole(read: ReadBlock): Promise<Reading[]> {
    const hole = this.#dueOf(this.#holes);
    if (!hole) return [];
    const answer = await attempt(hole.block, read);
    if (typeof answer === 'number') return this.#refuseAgain(hole, answer);
    const [first] = hole.block.items;
    this.#restore(this.#planned.find((b) => first && b.items.includes(first)) ?? hole.block);
    return this.#decode(hole.block, answer);
  }

  /** Tries one block whole that is read in pieces, if its time has come. */
  async #retryCut(read: ReadBlock): Promise<void> {
    const cut = this.#dueOf(this.#cuts);
    if (!cut) return;
    const answer = await attempt(cut.block, read);
    if (typeof answer === 'number') this.#refuseAgain(cut, answer);
    else this.#restore(cut.block);
  }

  #dueOf(refused: readonly Hole[]): Hole | undefined {
    const now = this.#clock.monotonic();
    return refused.find((r) => r.retryAt <= now);
  }

  #refusal(block: Block, exception: number, delay = firstRetry): Hole {
    return { block, exception, delay, retryAt: this.#clock.monotonic() + delay };
  }

  /** Remembers on disk what has been refused long enough. */
  #refuseAgain(refused: Hole, exception: number): [] {
    if (isAddressException(exception)) refused.delay = Math.min(lastRetry, refused.delay * 2);
    refused.retryAt = this.#clock.monotonic() + refused.delay;
    if (refused.delay === lastingDelay && this.#isLasting) this.#note();
    return [];
  }

  /** Something of the block that was refused is given, so what was learned of it is void: it is asked for whole again. */
  #restore(block: Block): void {
    const isOther = (b: Block): boolean => !b.items.every((item) => block.items.includes(item));
    this.#blocks = [...this.#blocks.filter(isOther), block].sort(
      (a, b) => a.area.localeCompare(b.area) || a.address - b.address,
    );
    this.#holes = this.#holes.filter((h) => isOther(h.block));
    this.#cuts = this.#cuts.filter((c) => isOther(c.block));
    if (this.#memory.get(this.equipment)) this.#note();
  }

  get #isLasting(): boolean {
    return [...this.#holes, ...this.#cuts].every((r) => r.delay >= lastingDelay);
  }

  /** A device that refuses everything has something else: a wrong unit, or it is starting. That is not kept. */
  #note(): void {
    const isAll = this.#blocks.length === 0;
    const isNothing = this.#holes.length + this.#cuts.length === 0;
    const lesson: Lesson = {
      plan: this.#plan,
      blocks: this.#blocks.map(spanOf),
      holes: this.#holes.map(refusedOf),
      cuts: this.#cuts.map(refusedOf),
    };
    this.#memory.note(this.equipment, isAll || isNothing || !this.#isLasting ? undefined : lesson);
  }

  /** Takes a lesson over if it has a place for each value. */
  #recall(lesson: Lesson, items: readonly Item[]): void {
    const blocks = lesson.blocks.flatMap((span) => blockOf(items.filter((i) => lies(i, span))) ?? []);
    const holes = lesson.holes.flatMap(({ at, exception, delay }) => {
      const block = blockOf(items.filter((i) => lies(i, at)));
      return block ? [this.#refusal(block, exception, delay)] : [];
    });
    const placed = [...blocks, ...holes.map((h) => h.block)].flatMap((b) => b.items);
    if (placed.length !== items.length || new Set(placed).size !== items.length) return;
    this.#blocks = blocks;
    this.#holes = holes;
    this.#cuts = lesson.cuts.flatMap(({ at, exception, delay }) => {
      const block = this.#planned.find((b) => String(spanOf(b)) === String(at));
      return block ? [this.#refusal(block, exception, delay)] : [];
    });
  }

  #result(block: Block, answer: Buffer | number): Reading[] {
    return typeof answer === 'number'
      ? block.items.map((item) => this.#refused(item, answer))
      : this.#decode(block, answer);
  }

  #decode(block: Block, bytes: Buffer): Reading[] {
    return block.items.map((item) => this.#reading(item, item.read(bytes, item.address - block.address)));
  }

  #refused(item: Item, exception: number): Reading {
    return this.#reading(item, { ...bad('device-exception'), raw: exception });
  }

  /** Written out for a value without a reason, which nearly every one is: copying an object's rest is dear. */
  #reading({ point }: Item, judged: Judged): Reading {
    const { equipment } = this;
    if (judged.reason !== undefined || judged.raw !== undefined) return { equipment, point, ...judged };
    return { equipment, point, value: judged.value, quality: judged.quality };
  }
}

function refusedOf({ block, exception, delay }: Hole): Lesson['holes'][number] {
  return { at: spanOf(block), exception, delay };
}

function lies(item: Item, [area, address, length]: Span): boolean {
  return item.area === area && item.address >= address && item.address + item.length <= address + length;
}

function seeing(read: ReadBlock, see: SeeBlock): ReadBlock {
  return async (block) => {
    const bytes = await read(block);
    see(block, bytes);
    return bytes;
  };
}

/** The bytes, or the code of the exception that the device answered; other failures are thrown. */
async function attempt(block: Block, read: ReadBlock): Promise<Buffer | number> {
  try {
    return await read(block);
  } catch (thrown) {
    const code = thrown instanceof DriverFailure && thrown.kind === 'device-exception' && thrown.context.exception;
    if (typeof code === 'number') return code;
    throw thrown;
  }
}
