import { systemClock } from '@plantroom/base';
import { byteOrders, registerTypes } from '../profiles/schema.ts';
import { type ByteOrder, decodeRegisters, type RegisterType, registersOf } from './decode.ts';
import { type Area, isBitArea } from './pdu.ts';
import { clientOf, type ModbusTarget } from './target.ts';

export interface RegisterQuery {
  readonly connection: ModbusTarget;
  readonly unit: number;
  readonly area: Area;
  /** 0-based, as it stands in the request. */
  readonly address: number;
  /** Registers, or bits of a coil area. */
  readonly count: number;
}

/** One way to read the registers from `address` on. */
export interface Interpretation {
  readonly address: number;
  readonly type: RegisterType;
  readonly order: ByteOrder;
  /** Undefined when the bytes make no value of this type; bigint for 64-bit integers. */
  readonly value: number | bigint | undefined;
}

export interface RegisterProbe {
  readonly unit: number;
  readonly area: Area;
  readonly address: number;
  /** Register values 0..65535, or bits 0 and 1, in the order of their addresses. */
  readonly words: readonly number[];
  readonly milliseconds: number;
  /** Every type and order at every address where it fits; empty for bits. */
  readonly interpretations: readonly Interpretation[];
}

/** Reads once and shows what the answer could mean. Opens and closes its own connection. Throws DriverFailure. */
export async function probeRegisters(query: RegisterQuery): Promise<RegisterProbe> {
  const { connection, unit, area, address, count } = query;
  const { clock = systemClock } = connection;
  const client = clientOf(connection);
  try {
    await client.open();
    const begin = clock.monotonic();
    const bytes = await client.read({ unit, area, address, count });
    const milliseconds = clock.monotonic() - begin;
    const words = isBitArea(area) ? bitsIn(bytes, count) : wordsIn(bytes);
    const interpretations = isBitArea(area) ? [] : interpret(bytes, address);
    return { unit, area, address, words, milliseconds, interpretations };
  } finally {
    await client.close();
  }
}

function bitsIn(bytes: Buffer, count: number): number[] {
  return Array.from({ length: count }, (_, i) => (bytes.readUInt8(i >> 3) >> (i & 7)) & 1);
}

function wordsIn(bytes: Buffer): number[] {
  return Array.from({ length: bytes.length >> 1 }, (_, i) => bytes.readUInt16BE(i * 2));
}

/** Every type in every order that makes a difference to it, wherever the value fits. */
function interpret(bytes: Buffer, address: number): Interpretation[] {
  return Array.from({ length: bytes.length >> 1 }, (_, i) => i).flatMap((at) =>
    registerTypes
      .filter((type) => type !== 'bit' && (at + registersOf(type)) * 2 <= bytes.length)
      .flatMap((type) =>
        ordersOf(type).map((order) => ({
          address: address + at,
          type,
          order,
          value: decodeRegisters(bytes, at * 2, type, order),
        })),
      ),
  );
}

/** One register has two orders only; its halves are types of their own. */
function ordersOf(type: RegisterType): readonly ByteOrder[] {
  if (registersOf(type) > 1) return byteOrders;
  return type.endsWith('h') || type.endsWith('l') ? ['ABCD'] : ['ABCD', 'BADC'];
}
