import { PlantroomError } from '@plantroom/base';
import type { FieldConnection, Reading } from '../contract.ts';
import { ModbusConnection } from './connection.ts';
import { type Area, isBitArea } from './pdu.ts';
import type { UnitHistory } from './unit-history.ts';
import type { WireListener } from './wire.ts';

/** A value beside the registers that it was made of. */
export interface PointDetail {
  readonly reading: Reading;
  /** Undefined for a point whose registers the device refuses. */
  readonly source: PointSource | undefined;
}

export interface PointSource {
  readonly area: Area;
  /** 0-based, as it stands in the request. */
  readonly address: number;
  /** Registers 0..65535, or the bit. */
  readonly words: readonly number[];
}

/** The Modbus side of a prepared connection. Throws PlantroomError `not-modbus`. */
export function asModbus(connection: FieldConnection): ModbusConnection {
  if (connection instanceof ModbusConnection) return connection;
  throw new PlantroomError('not-modbus', `Connection ${connection.id} does not speak Modbus.`, {
    hint: 'Name a connection of type modbus-tcp, modbus-rtu or modbus-rtu-over-tcp.',
  });
}

/** Tells `listener` every frame of a prepared connection, until the returned function is called. */
export function tapWire(connection: FieldConnection, listener: WireListener): () => void {
  return asModbus(connection).client.tap(listener);
}

/** What each unit of a prepared connection has answered so far, and its last failures. */
export function unitHistories(connection: FieldConnection): UnitHistory[] {
  return asModbus(connection).history();
}

/** Polls one equipment and shows each value beside its registers. Throws DriverFailure. */
export async function readDetailed(connection: FieldConnection, equipment: string): Promise<PointDetail[]> {
  const sources = new Map<string, PointSource>();
  const readings = await asModbus(connection).poll(equipment, (block, bytes) => {
    for (const { point, area, address, length } of block.items) {
      const words = wordsAt(bytes, area, address - block.address, length);
      sources.set(point, { area, address, words });
    }
  });
  return readings.map((reading) => ({ reading, source: sources.get(reading.point) }));
}

function wordsAt(bytes: Buffer, area: Area, offset: number, length: number): number[] {
  if (isBitArea(area)) return [(bytes.readUInt8(offset >> 3) >> (offset & 7)) & 1];
  return Array.from({ length }, (_, i) => bytes.readUInt16BE((offset + i) * 2));
}
