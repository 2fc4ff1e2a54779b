import { createHash } from 'node:crypto';
import type { Clock, Logger } from '@plantroom/base';
import { z } from 'zod';
import type { Reading } from '../contract.ts';
import { DriverFailure } from '../failure.ts';
import type { ModbusProfile } from '../profiles/schema.ts';
import { type Hole, ModbusDevice, type PolledDevice, type ReadBlock, type SeeBlock } from './device.ts';
import type { DeviceMemory } from './device-memory.ts';
import { type DeviceSettings, itemsOf } from './items.ts';
import type { HoleMemory } from './lesson.ts';
import { type Block, type Limits, planBlocks } from './plan.ts';
import { type PropertyItem, propertiesOf } from './properties.ts';
import {
  commonModel,
  type Discovery,
  findChain,
  pickModel,
  readAt,
  type SunSpecModel,
  sunSpecBases,
} from './sunspec.ts';

const model = z.strictObject({ id: z.number().int(), address: z.number().int(), length: z.number().int() });

/** What was found in a device; `identity` is drawn from its whole chain, the place in it and the text of its common model. */
export const sunSpecFinding = z.strictObject({ base: z.number().int(), model, common: model, identity: z.string() });
export type SunSpecFinding = z.output<typeof sunSpecFinding>;

export interface SunSpecOptions {
  readonly equipment: string;
  readonly unit: number;
  readonly settings: DeviceSettings;
  readonly limits: Limits;
  readonly memory: HoleMemory;
  readonly findings: DeviceMemory<SunSpecFinding>;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** A profile for one model: the points of its layout. */
interface Layout {
  readonly models: readonly number[];
  readonly length: number;
  readonly profile: ModbusProfile;
}

/** The registers of a common model that hold text, from manufacturer to serial number, counted from its ID word. */
const commonText = { from: 2, count: 64 } as const;

/**
 * A device whose registers stand where its chain of SunSpec models says. It is looked through before the first poll and
 * again after every failure, as another device may answer then; what was found is remembered, and a poll that meets
 * another model than that one gives no values.
 */
export class SunSpecDevice implements PolledDevice {
  readonly equipment: string;
  readonly unit: number;
  readonly points: readonly string[];
  readonly #options: SunSpecOptions;
  readonly #layouts: readonly Layout[];
  readonly #bases: readonly number[];
  readonly #assumed: SunSpecModel;
  #found: SunSpecFinding | undefined;
  /** As the finding has it, else as assumed, for the plan alone. */
  #device: ModbusDevice;
  #isSure = false;

  constructor(options: SunSpecOptions) {
    this.#options = options;
    this.equipment = options.equipment;
    this.unit = options.unit;
    const { profile, addressOffset } = options.settings;
    this.#layouts = layoutsOf(profile);
    this.#bases = sunSpecBases.map((base) => base + addressOffset).filter((base) => base >= 0);
    const [first] = this.#layouts;
    const [id = 0] = first?.models ?? [];
    // Behind the marker and a common model of 66 registers.
    this.#assumed = { id, address: sunSpecBases[0] + 2 + 68, length: first?.length ?? 0 };
    const known = options.findings.get(options.equipment);
    this.#found = known && this.#layoutOf(known.model) ? known : undefined;
    this.#device = this.#deviceFor(this.#found?.model ?? this.#assumed, this.#found?.common);
    this.points = this.#device.points;
  }

  get blocks(): readonly Block[] {
    return this.#device.blocks;
  }

  get holes(): readonly Hole[] {
    return this.#device.holes;
  }

  get properties(): readonly PropertyItem[] {
    return this.#device.properties;
  }

  get discovery(): Discovery {
    const found = this.#found?.model;
    return { bases: this.#bases, assumed: this.#assumed, ...(found ? { found } : {}) };
  }

  async poll(read: ReadBlock, see?: SeeBlock): Promise<Reading[]> {
    try {
      if (!this.#isSure) await this.#discover(read);
      return await this.#device.poll(this.#guarded(read), see);
    } catch (thrown) {
      this.#isSure = false;
      throw thrown;
    }
  }

  async #discover(read: ReadBlock): Promise<void> {
    const found = await this.#find(read);
    const before = this.#found;
    if (before?.identity !== found.identity) {
      const { equipment, findings, logger } = this.#options;
      const detail = `model ${found.model.id} at ${found.model.address}`;
      if (before) logger.warn({ code: 'sunspec-changed', equipment, detail }, 'another SunSpec device answers');
      else logger.info({ equipment, detail }, 'SunSpec device found');
      this.#found = found;
      this.#device = this.#deviceFor(found.model, found.common);
      findings.note(equipment, found);
    }
    this.#isSure = true;
  }

  async #find(read: ReadBlock): Promise<SunSpecFinding> {
    const known = this.#found?.base;
    const bases = known === undefined ? this.#bases : [known, ...this.#bases.filter((b) => b !== known)];
    const chain = await findChain(read, bases);
    if (!chain) throw this.#notFound(`"SunS" and a chain of models stand at none of ${this.#bases.join(', ')}`);
    const wanted = new Set(this.#layouts.flatMap((layout) => layout.models));
    const nth = this.#options.settings.parameters.meter ?? 1;
    const picked = pickModel(chain, wanted, nth);
    const ids = chain.models.map((m) => m.id).join(', ');
    if (!picked) throw this.#notFound(`no. ${nth} of models ${[...wanted].join(', ')} is not in its chain ${ids}`);
    const layout = this.#layoutOf(picked.model);
    if (!layout) {
      const { id, length } = picked.model;
      throw this.#notFound(`its model ${id} has ${length} registers, too few to be what the standard says`);
    }
    if (!chain.isEnded) {
      const { equipment, logger } = this.#options;
      logger.warn({ code: 'sunspec-open', equipment, models: ids }, 'the chain of SunSpec models has no end');
    }
    const text = await readAt(read, picked.common.address + commonText.from, commonText.count);
    const identity = createHash('sha256')
      .update(JSON.stringify([chain, picked]))
      .update(text ?? '');
    return { base: chain.base, ...picked, identity: identity.digest('hex').slice(0, 16) };
  }

  /** A layout whose every register lies within the model as it says of itself. */
  #layoutOf({ id, length }: SunSpecModel): Layout | undefined {
    return this.#layouts.find((layout) => layout.models.includes(id) && length >= layout.length);
  }

  #deviceFor(at: SunSpecModel, common: SunSpecModel | undefined): ModbusDevice {
    const { equipment, unit, settings, limits, memory, clock, logger } = this.#options;
    const profile = this.#layoutOf(at)?.profile ?? settings.profile;
    const items = itemsOf({ ...settings, profile, addressOffset: at.address });
    const blocks = planBlocks(items, limits).map((block) => withHead(block, at, limits));
    const hasText = common?.id === commonModel && common.length >= commonText.count;
    const properties = hasText ? propertiesOf(profile, common.address) : [];
    return new ModbusDevice({ equipment, unit, items, blocks, properties, memory, clock, logger });
  }

  /** Compares the model's head, which is read along with its first values, with what was found. */
  #guarded(read: ReadBlock): ReadBlock {
    const at = this.#found?.model;
    return async (block) => {
      const bytes = await read(block);
      const isHead = block.address === at?.address && block.length > 1;
      if (isHead && (bytes.readUInt16BE(0) !== at.id || bytes.readUInt16BE(2) !== at.length)) {
        throw this.#notFound(`its registers ${at.address}-${at.address + 1} no longer say model ${at.id}`);
      }
      return bytes;
    };
  }

  #notFound(what: string): DriverFailure {
    return new DriverFailure('device-exception', `Unit ${this.unit} is looked through for SunSpec models: ${what}.`, {
      hint: 'Switch SunSpec on in the device, check its unit id, or read it with a profile of its own.',
      context: { unit: this.unit, equipment: this.equipment },
    });
  }
}

function layoutsOf(profile: ModbusProfile): Layout[] {
  const { sunspec } = profile;
  if (!sunspec) return [];
  const others = sunspec.others.map(({ models, length, points }) => ({
    models,
    length,
    profile: { ...profile, points },
  }));
  return [{ models: sunspec.models, length: sunspec.length, profile }, ...others];
}

/** The block from the model's ID word on, if it begins close behind it. */
function withHead(block: Block, { address }: SunSpecModel, limits: Limits): Block {
  const length = block.address + block.length - address;
  const isClose = block.address - (address + 2) <= limits.maximumGap && length <= limits.maximumRegisters;
  return isClose && !limits.onePerField ? { ...block, address, length } : block;
}
