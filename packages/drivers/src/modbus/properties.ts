import { PlantroomError } from '@plantroom/base';
import type { ModbusProfile, ModbusProperty } from '../profiles/schema.ts';
import { decodeRegisters, decodeString, registersOf } from './decode.ts';
import { type Area, isBitArea } from './pdu.ts';

/** Text about a device: where it stands, and how its registers are read. */
export interface PropertyItem {
  readonly name: string;
  readonly area: Area;
  readonly address: number;
  /** Registers. */
  readonly length: number;
  /** Undefined when the bytes make no text. */
  readonly read: (bytes: Buffer) => string | undefined;
}

/** The properties of a profile, `offset` added to each address. Throws when one cannot be read. */
export function propertiesOf(profile: ModbusProfile, offset: number): PropertyItem[] {
  return Object.entries(profile.properties).map(([name, property]) => {
    const area = property.area ?? profile.modbus.area;
    const length = property.type === 'string' ? (property.length ?? 0) : registersOf(property.type);
    const address = property.address + offset;
    if (isBitArea(area) || length < 1 || address < 0 || address + length > 65_536) {
      throw new PlantroomError('profile', `Profile ${profile.name}: property \`${name}\` cannot be read.`, {
        hint: 'A property stands in registers; a string says its `length` in registers.',
      });
    }
    return { name, area, address, length, read: (bytes) => textOf(bytes, property, profile) };
  });
}

function textOf(bytes: Buffer, { type, order, texts }: ModbusProperty, { modbus }: ModbusProfile): string | undefined {
  const arrangement = order ?? modbus.order;
  if (type === 'string') return decodeString(bytes, arrangement);
  const value = decodeRegisters(bytes, 0, type, arrangement);
  return value === undefined ? undefined : (texts?.[String(value)] ?? String(value));
}
