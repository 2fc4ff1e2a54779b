import type { Clock, Logger } from '@plantroom/base';
import type { Reading } from '../contract.ts';
import { DriverFailure } from '../failure.ts';
import { bad, type Judged } from '../judge.ts';
import { type Block, type Item, type Limits, planBlocks, splitBlock } from './plan.ts';

/** Reads one block of this device. Throws DriverFailure. */
export type ReadBlock = (block: Block) => Promise<Buffer>;

interface Hole {
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

/** A refused register is tried again after a minute, then ever more rarely: firmware changes, and refusals may pass. */
const firstRetry = 60_000;
const lastRetry = 3_600_000;

/** Illegal address or value: some register in the block is not for reading. */
function isAddressException(answer: Buffer | number): answer is number {
  return answer === 2 || answer === 3;
}

/**
 * What is read of one device, and what it was learned not to give. A block that is refused for its addresses is cut until
 * the refused values stand alone; they are holes from then on, and the other pieces stay as they are.
 */
export class ModbusDevice {
  readonly equipment: string;
  readonly points: readonly string[];
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #planned: readonly Block[];
  #blocks: readonly Block[];
  #holes: Hole[] = [];

  constructor(equipment: string, items: readonly Item[], limits: Limits, clock: Clock, logger: Logger) {
    this.equipment = equipment;
    this.points = items.map((item) => item.point);
    this.#clock = clock;
    this.#logger = logger;
    this.#planned = planBlocks(items, limits);
    this.#blocks = this.#planned;
  }

  /** What one poll asks for. */
  get blocks(): readonly Block[] {
    return this.#blocks;
  }

  /** Reads everything once: a reading for each point, bad with a reason where there is none. Throws DriverFailure. */
  async poll(read: ReadBlock): Promise<Reading[]> {
    const readings: Reading[] = [];
    for (const block of this.#blocks) readings.push(...(await this.#readOrLearn(block, read)));
    const holes = this.#holes;
    readings.push(...(await this.#retryHole(read)));
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
    this.#logger.warn(
      { equipment: this.equipment, area: block.area, address: block.address, length: block.length, exception: answer },
      `device refuses a block; reads it in ${learned.blocks.length} pieces from now on`,
    );
    return learned.readings;
  }

  /** Cuts a refused block in two and reads the halves, as deep as needed. */
  async #learn(block: Block, read: ReadBlock, exception: number): Promise<Learned> {
    const halves = splitBlock(block);
    if (!halves) {
      const hole = { block, exception, retryAt: this.#clock.monotonic() + firstRetry, delay: firstRetry };
      return { blocks: [], holes: [hole], readings: this.#result(block, exception) };
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

  /** Tries one hole whose time has come. If it answers, what was learned is void: the next poll starts afresh. */
  async #retryHole(read: ReadBlock): Promise<Reading[]> {
    const hole = this.#holes.find((h) => h.retryAt <= this.#clock.monotonic());
    if (!hole) return [];
    const answer = await attempt(hole.block, read);
    if (typeof answer !== 'number') {
      this.#blocks = this.#planned;
      this.#holes = [];
      return this.#decode(hole.block, answer);
    }
    hole.delay = Math.min(lastRetry, hole.delay * 2);
    hole.retryAt = this.#clock.monotonic() + hole.delay;
    return [];
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

  #reading(item: Item, judged: Judged): Reading {
    return { equipment: this.equipment, point: item.point, ...judged };
  }
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
