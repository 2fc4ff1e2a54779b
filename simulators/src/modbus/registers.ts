/** How a value lies in registers. `LSW`: least significant word first; bytes inside a word are always big-endian. */
export type RegisterType = 'u16' | 's16' | 'u32' | 's32' | 'u64' | 's64' | 'f32';
export type WordOrder = 'BE' | 'LSW';

/** One value of a map: `read` gives the number as it stands in the register, that is already divided by the scale. */
export interface Entry<Device> {
  address: number;
  type: RegisterType;
  order?: WordOrder;
  read(device: Device): number;
}

/** Registers `first` to `last` (both included, 0-based) exist; those that hold no entry read as the map's fill. */
export interface Block {
  first: number;
  last: number;
}

export interface RegisterTable<Device> {
  functions: readonly number[];
  blocks: readonly Block[];
  entries: readonly Entry<Device>[];
  /** What a register inside a block reads when nothing is there. */
  fill: number;
  /** Most registers that one request may ask for; the specification's 125 unless the device is narrower. */
  maximum: number;
}

const words: Record<RegisterType, number> = { u16: 1, s16: 1, u32: 2, s32: 2, f32: 2, u64: 4, s64: 4 };

const bounds = {
  u16: [0, 0xffff],
  s16: [-0x8000, 0x7fff],
  u32: [0, 0xffff_ffff],
  s32: [-0x8000_0000, 0x7fff_ffff],
} as const;

/** How many registers a type takes. */
export function wordCount(type: RegisterType): number {
  return words[type];
}

/** The bytes of a value as they go over the wire. Integers are rounded; what does not fit is clamped to the type. */
export function encode(type: RegisterType, value: number, order: WordOrder = 'BE'): Buffer {
  const bytes = Buffer.alloc(2 * words[type]);
  write(bytes, 0, type, value);
  return order === 'LSW' ? swapWords(bytes) : bytes;
}

/** Writes a value with its most significant word first. */
function write(bytes: Buffer, at: number, type: RegisterType, value: number): void {
  if (type === 'f32') bytes.writeFloatBE(value, at);
  else if (type === 'u64') bytes.writeBigUInt64BE(BigInt(Math.max(0, Math.round(value))), at);
  else if (type === 's64') bytes.writeBigInt64BE(BigInt(Math.round(value)), at);
  else {
    const [low, high] = bounds[type];
    const raw = Math.min(high, Math.max(low, Math.round(value)));
    if (words[type] === 1) bytes.writeUInt16BE(raw & 0xffff, at);
    else bytes.writeUInt32BE(raw >>> 0, at);
  }
}

function swapWords(bytes: Buffer): Buffer {
  const swapped = Buffer.alloc(bytes.length);
  for (let at = 0; at < bytes.length; at += 2) bytes.copy(swapped, bytes.length - 2 - at, at, at + 2);
  return swapped;
}

/** True if every register of [address, address + count) exists. */
export function covers(table: Pick<RegisterTable<never>, 'blocks'>, address: number, count: number): boolean {
  let next = address;
  for (const { first, last } of table.blocks) if (next >= first && next <= last) next = last + 1;
  return next >= address + count;
}

/** The bytes of registers [address, address + count); the caller has checked that they exist. */
export function readRegisters<D>(table: RegisterTable<D>, device: D, address: number, count: number): Buffer {
  const image = Buffer.alloc(2 * count);
  for (let at = 0; at < count; at += 1) image.writeUInt16BE(table.fill, 2 * at);
  for (const entry of table.entries) {
    const offset = entry.address - address;
    if (offset >= count || offset + words[entry.type] <= 0) continue;
    if (entry.order !== 'LSW' && offset >= 0 && offset + words[entry.type] <= count) {
      write(image, 2 * offset, entry.type, entry.read(device));
      continue;
    }
    const bytes = encode(entry.type, entry.read(device), entry.order);
    const from = Math.max(0, -offset);
    bytes.copy(image, 2 * Math.max(0, offset), 2 * from);
  }
  return image;
}

/** Entries that follow each other at a fixed distance, as the lists "L1/L2/L3" of a register table do. */
export function sequence<D>(
  address: number,
  step: number,
  type: RegisterType,
  reads: readonly ((device: D) => number)[],
  order: WordOrder = 'BE',
): Entry<D>[] {
  return reads.map((read, index) => ({ address: address + index * step, type, order, read }));
}
