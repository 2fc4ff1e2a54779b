import { PlantroomError } from '@plantroom/base';
import type { KindName } from '@plantroom/model';
import { kinds, pointDefinition } from '@plantroom/model';
import { createJudge, type Raw } from '../judge.ts';
import { expandPoint, type PointInstance } from '../point-path.ts';
import type { ModbusPoint, ModbusProfile } from '../profiles/schema.ts';
import { bitsOf, decodeRegisters, registersOf } from './decode.ts';
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
  const moved = Object.entries(point.stride ?? {}).map(([segment, by]) => (instance.steps[segment] ?? 0) * by);
  const address = moved.reduce((sum, by) => sum + by, point.address) + settings.addressOffset;
  const length = isBitArea(area) ? 1 : registersOf(point.type);
  if (address < 0 || address + length > 65_536) throw wrong(`\`${instance.name}\` is at address ${address}`, profile);
  if (isBitArea(area) && point.type !== 'bit')
    throw wrong(`\`${instance.name}\` is a ${point.type} of a ${area}`, profile);
  const judge = createJudge(point, definition, parameters, bitsOf(point.type));
  const decode = (bytes: Buffer, offset: number): Raw =>
    isBitArea(area)
      ? (bytes.readUInt8(offset >> 3) >> (offset & 7)) & 1
      : decodeRegisters(bytes, offset * 2, point.type, order, point.bit);
  return { point: instance.name, area, address, length, read: (bytes, offset) => judge(decode(bytes, offset)) };
}

function wrong(what: string, profile: ModbusProfile): PlantroomError {
  return new PlantroomError('profile', `Profile ${profile.name}: ${what}.`, {
    hint: 'Correct the profile, or the equipment’s addressOffset.',
  });
}
