import { covers, type Entry, type RegisterTable, readRegisters } from './registers.ts';

/** What a request asks for, after its bytes were taken apart. */
export interface ReadRequest {
  code: number;
  address: number;
  count: number;
}

/** What the link does to a unit's answers; a fault sets it, null is a healthy link. */
export interface Disturbance {
  silent: boolean;
  /** Exception code for this request, or undefined to let it through. */
  exception(request: ReadRequest): number | undefined;
  /** Milliseconds by which this answer is late. */
  delay(): number;
}

/** A device behind a unit id: answers protocol data units from its register tables. */
export interface Unit {
  id: number;
  equipment: string;
  disturbance(): Disturbance | null;
  /** The answer to a PDU; `count` registers or bits from the tables, or an exception PDU. */
  answer(pdu: Buffer): Buffer;
}

const illegalFunction = 1;
const illegalAddress = 2;
const illegalValue = 3;

/** An exception answer to function `code`. */
export function exceptionPdu(code: number, exception: number): Buffer {
  return Buffer.from([code | 0x80, exception]);
}

/** The address and count of a read request (functions 1 to 4), or undefined when the PDU is something else. */
export function parseRead(pdu: Buffer): ReadRequest | undefined {
  const code = pdu[0];
  if (code === undefined || code < 1 || code > 4 || pdu.length !== 5) return undefined;
  return { code, address: pdu.readUInt16BE(1), count: pdu.readUInt16BE(3) };
}

/** Joins register tables and a living device into a Modbus unit. Order of checks as in the specification, 7: function, count, address. */
export function createUnit<D>(options: {
  id: number;
  equipment: string;
  device: D;
  tables: readonly RegisterTable<D>[];
  disturbance(): Disturbance | null;
}): Unit {
  const { id, equipment, device, tables, disturbance } = options;
  return {
    id,
    equipment,
    disturbance,
    answer(pdu) {
      const code = pdu[0] ?? 0;
      const candidates = tables.filter((t) => t.functions.includes(code));
      if (candidates.length === 0) return exceptionPdu(code, illegalFunction);
      const request = parseRead(pdu);
      if (!request) return exceptionPdu(code, illegalValue);
      return read(candidates, device, request);
    },
  };
}

function read<D>(tables: readonly RegisterTable<D>[], device: D, { code, address, count }: ReadRequest): Buffer {
  const bits = code <= 2;
  const maximum = bits ? 2000 : Math.max(...tables.map((t) => t.maximum));
  if (count < 1 || count > maximum) return exceptionPdu(code, illegalValue);
  const table = tables.find((t) => covers(t, address, count));
  if (!table) return exceptionPdu(code, illegalAddress);
  const data = bits ? packBits(table, device, address, count) : readRegisters(table, device, address, count);
  return Buffer.concat([Buffer.from([code, data.length]), data]);
}

/** Coils and discrete inputs: an entry is true when its value is not 0; the first bit is the lowest of the first byte. */
function packBits<D>(table: RegisterTable<D>, device: D, address: number, count: number): Buffer {
  const bytes = Buffer.alloc(Math.ceil(count / 8));
  for (const entry of table.entries as readonly Entry<D>[]) {
    const at = entry.address - address;
    if (at < 0 || at >= count || entry.read(device) === 0) continue;
    bytes[at >> 3] = (bytes[at >> 3] ?? 0) | (1 << (at & 7));
  }
  return bytes;
}
