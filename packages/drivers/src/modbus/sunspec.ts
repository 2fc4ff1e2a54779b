import { DriverFailure } from '../failure.ts';
import type { ReadBlock } from './device.ts';
import { isAddressException } from './exceptions.ts';

/** A SunSpec information model in a device: its id, where its ID word stands, and how many registers follow its length. */
export interface SunSpecModel {
  readonly id: number;
  /** As it stands in the request. */
  readonly address: number;
  readonly length: number;
}

/** Where a device's models were found. */
export interface SunSpecChain {
  readonly base: number;
  readonly models: readonly SunSpecModel[];
  /** The chain has its end model; without it the device refused to be read on. */
  readonly isEnded: boolean;
}

/** What the plan of a bus says of a device whose registers are found. */
export interface Discovery {
  readonly bases: readonly number[];
  /** Undefined until it was found for the first time. */
  readonly found?: SunSpecModel;
  /** The model that the plan is reckoned with until then. */
  readonly assumed: SunSpecModel;
}

/** Where the marker may stand, in the order in which it is looked for (SunSpec Device Information Model, 6.2). */
export const sunSpecBases = [40_000, 50_000, 0] as const;
export const commonModel = 1;
const marker = Buffer.from('SunS');
const endModel = 0xffff;
const registers = 65_536;
/** More than any device has; what has more is no chain. */
const mostModels = 100;

/**
 * Looks for the marker at `bases` and walks from model to model to the end. Every step leads on and the steps are
 * counted, so that no content of a device makes it go round. Undefined when there is no chain at any base. Throws
 * DriverFailure when the device does not answer.
 */
export async function findChain(read: ReadBlock, bases: readonly number[]): Promise<SunSpecChain | undefined> {
  for (const base of bases) {
    const found = await readAt(read, base, 2);
    if (!found?.equals(marker)) continue;
    const chain = await walkChain(read, base);
    // The common model comes first by the standard: what begins otherwise is text that happens to be there.
    if (chain?.models[0]?.id === commonModel) return chain;
  }
  return undefined;
}

async function walkChain(read: ReadBlock, base: number): Promise<SunSpecChain | undefined> {
  const models: SunSpecModel[] = [];
  let address = base + 2;
  while (models.length < mostModels && address + 2 <= registers) {
    const head = await readAt(read, address, 2);
    if (!head) return { base, models, isEnded: false };
    const id = head.readUInt16BE(0);
    if (id === endModel) return { base, models, isEnded: true };
    const length = head.readUInt16BE(2);
    if (id === 0 || address + 2 + length > registers) return undefined;
    models.push({ id, address, length });
    address += 2 + length;
  }
  return undefined;
}

/** The bytes, or undefined where the device has no such registers. Throws DriverFailure for all else. */
export async function readAt(read: ReadBlock, address: number, length: number): Promise<Buffer | undefined> {
  try {
    const bytes = await read({ area: 'holding', address, length, items: [] });
    return bytes.length === length * 2 ? bytes : undefined;
  } catch (thrown) {
    if (thrown instanceof DriverFailure && isAddressException(thrown.context.exception)) return undefined;
    throw thrown;
  }
}

/**
 * The `nth` (from 1) of the models with one of these ids, and the common model that describes it: the last before it, as
 * an inverter carries its meters behind a common model each.
 */
export function pickModel(
  { models }: SunSpecChain,
  ids: ReadonlySet<number>,
  nth: number,
): { readonly model: SunSpecModel; readonly common: SunSpecModel } | undefined {
  const model = models.filter((m) => ids.has(m.id))[nth - 1];
  const common = models.findLast((m) => m.id === commonModel && model && m.address < model.address);
  return model && common && { model, common };
}
