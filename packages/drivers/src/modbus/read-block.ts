import type { ModbusClient, ReadCare } from './client.ts';
import type { Quirk } from './config.ts';
import type { ReadBlock } from './device.ts';
import { isBitArea } from './pdu.ts';

/** What one device needs: its unit, its deadlines and its peculiarities. */
export interface DeviceCare extends ReadCare {
  readonly unit: number;
  readonly quirks: ReadonlySet<Quirk>;
}

/** The most bits in one answer (Modbus Application Protocol 1.1b3, section 6.1). */
const mostBits = 2000;

/** How this device's blocks are read over the client. */
export function blockReader(client: ModbusClient, care: DeviceCare): ReadBlock {
  const { unit, quirks } = care;
  const fromZero = quirks.has('read-coils-from-zero');
  return async ({ area, address, length }) => {
    const end = address + length;
    if (!fromZero || !isBitArea(area) || address === 0 || end > mostBits) {
      return client.read({ unit, area, address, count: length }, care);
    }
    return bitsFrom(await client.read({ unit, area, address: 0, count: end }, care), address, length);
  };
}

/** `count` bits from bit `start` on, packed anew. */
function bitsFrom(bytes: Buffer, start: number, count: number): Buffer {
  const packed = Buffer.alloc(Math.ceil(count / 8));
  for (let i = 0; i < count; i++) {
    const bit = ((bytes[(start + i) >> 3] ?? 0) >> ((start + i) & 7)) & 1;
    packed[i >> 3] = (packed[i >> 3] ?? 0) | (bit << (i & 7));
  }
  return packed;
}
