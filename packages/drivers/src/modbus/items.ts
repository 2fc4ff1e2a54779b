import { PlantroomError } from '@plantroom/base';
import type { KindName } from '@plantroom/model';
import { kinds, pointDefinition } from '@plantroom/model';
import { bad, createJudge, type Judge, type Judged, type Raw } from '../judge.ts';
import { expandPoint, type PointInstance } from '../point-path.ts';
import type { ModbusPoint, ModbusProfile } from '../profiles/schema.ts';
import { type ByteOrder, bitsOf, decodeRegisters, registersOf } from './decode.ts';
import { isBitArea } from './pdu.ts';
import type { Item } from './plan.ts';

export interface DeviceSettings {
  readonly kind: KindName;
  readonly profile: ModbusProfile;
  readonly addressOffset: number;
  readonly parameters: Readonly<Record<string, number>>;
}

/** Every value that a profile finds in the device, indexed points one by one. Throws when an address leaves 0..65535. */
export function itemsOf(settings: DeviceSettings): Item[] {
  return Object.entries(settings.profile.points).flatMap(([name, point]) =>
    expandPoint(name).points.map((instance) => itemOf(instance, point, settings)),
  );
}

function itemOf(instance: PointInstance, point: ModbusPoint, settings: DeviceSettings): Item {
  const { profile, parameters } = settings;
  const definition = pointDefinition(kinds[settings.kind], instance.name);
  if (!definition) throw wrong(`\`${instance.name}\` is not a point of ${settings.kind}`, profile);
  const area = point.area ?? profile.modbus.area;
  const order = point.order ?? profile.modbus.order;
  const field = fieldOf(point, instance);
  if (field.bit + (point.width ?? 1) > 16) throw wrong(`\`${instance.name}\` lies in two registers`, profile);
  const address = point.address + movedBy(point.stride, instance) + field.registers + settings.addressOffset;
  const length = isBitArea(area) ? 1 : registersOf(point.type);
  if (address < 0 || address + length > 65_536) throw wrong(`\`${instance.name}\` is at address ${address}`, profile);
  if (isBitArea(area) && point.type !== 'bit')
    throw wrong(`\`${instance.name}\` is a ${point.type} of a ${area}`, profile);
  if (point.scaleFactor !== undefined) {
    const scaleAt = point.scaleFactor + address - point.address;
    if (scaleAt < 0 || scaleAt > 65_535)
      throw wrong(`the scale of \`${instance.name}\` is at address ${scaleAt}`, profile);
    return scaledItem({ point: instance.name, area, address, length }, point, order, scaleAt, (factor) =>
      createJudge({ ...point, factor }, definition, parameters, bitsOf(point.type)),
    );
  }
  const judge = createJudge(point, definition, parameters, bitsOf(point.type));
  const decode = (bytes: Buffer, offset: number): Raw =>
    isBitArea(area)
      ? (bytes.readUInt8(offset >> 3) >> (offset & 7)) & 1
      : decodeRegisters(bytes, offset * 2, point.type, order, field.bit, point.width);
  return { point: instance.name, area, address, length, read: (bytes, offset) => judge(decode(bytes, offset)) };
}

function movedBy(stride: ModbusPoint['stride'], { steps }: PointInstance): number {
  return Object.entries(stride ?? {}).reduce((sum, [segment, by]) => sum + (steps[segment] ?? 0) * by, 0);
}

/** Where a field lies that moves through the bits of registers, downwards or upwards, and on into the next register. */
function fieldOf({ bit = 0, bitStride }: ModbusPoint, instance: PointInstance): { bit: number; registers: number } {
  const moved = movedBy(bitStride, instance);
  const registers = Math.floor((bit + moved) / 16);
  return { bit: bit + moved - 16 * registers, registers: Math.abs(registers) };
}

/** Powers of ten that a device may name (SunSpec `sunssf`). */
const largestExponent = 10;

/**
 * A value whose power of ten stands in a register of its own. It reaches from the one to the other, so that both come
 * with one answer: a value never gets the scale of another moment.
 */
function scaledItem(
  value: Omit<Item, 'read'>,
  { type, factor = 1 }: ModbusPoint,
  order: ByteOrder,
  scaleAt: number,
  judgeWith: (factor: number) => Judge,
): Item {
  const start = Math.min(value.address, scaleAt);
  const length = Math.max(value.address + value.length, scaleAt + 1) - start;
  const judges = new Map<number, Judge>();
  const judgeOf = (exponent: number): Judge => {
    const judge = judges.get(exponent) ?? judgeWith(factor * 10 ** exponent);
    judges.set(exponent, judge);
    return judge;
  };
  const read = (bytes: Buffer, offset: number): Judged => {
    const exponent = decodeRegisters(bytes, (offset + scaleAt - start) * 2, 'int16', 'ABCD');
    const raw = decodeRegisters(bytes, (offset + value.address - start) * 2, type, order);
    if (exponent === -0x8000) return bad('not-available');
    if (exponent === undefined || Math.abs(Number(exponent)) > largestExponent) return bad('decode');
    return judgeOf(Number(exponent))(raw);
  };
  return { ...value, address: start, length, read };
}

function wrong(what: string, profile: ModbusProfile): PlantroomError {
  return new PlantroomError('profile', `Profile ${profile.name}: ${what}.`, {
    hint: 'Correct the profile, or the equipment’s addressOffset.',
  });
}
