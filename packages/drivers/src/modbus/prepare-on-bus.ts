import { z } from 'zod';
import type { EquipmentBinding } from '../binding.ts';
import type { DriverContext } from '../contract.ts';
import { parametersOf } from '../parameters.ts';
import type { ModbusProfile } from '../profiles/schema.ts';
import type { Bus, BusSettings } from './bus.ts';
import { ModbusClient } from './client.ts';
import { modbusOptions } from './config.ts';
import { type BoundDevice, ModbusConnection } from './connection.ts';
import { ModbusDevice } from './device.ts';
import { HoleMemory } from './hole-memory.ts';
import { itemsOf } from './items.ts';
import { planBlocks } from './plan.ts';
import { propertiesOf } from './properties.ts';
import type { DeviceCare } from './read-block.ts';

/** Plans the reads of every equipment on the bus, with what was learned of it before; opens nothing. */
export async function prepareOnBus(
  bus: Bus,
  id: string,
  bindings: readonly EquipmentBinding[],
  { clock, logger, directory }: DriverContext,
): Promise<ModbusConnection> {
  const memory = await HoleMemory.load(directory, logger);
  const bound = bindings.flatMap((binding): BoundDevice[] => {
    const { profile } = binding;
    if (profile.protocol !== 'modbus') return [];
    const { addressOffset } = optionsOf(binding);
    const care = careOf(binding, profile, bus.settings);
    const items = itemsOf({ kind: binding.kind, profile, addressOffset, parameters: parametersOf(binding) });
    const blocks = planBlocks(items, limitsOf(bus.settings, profile, care));
    const device = new ModbusDevice({ equipment: binding.id, unit: care.unit, items, blocks, memory, clock, logger });
    const field = { equipment: binding.id, period: binding.period ?? profile.period, points: device.points };
    return [{ field, device, care, properties: propertiesOf(profile, addressOffset) }];
  });
  return new ModbusConnection({ id, client: new ModbusClient(bus, clock, logger), bound, memory, clock });
}

function optionsOf({ options }: EquipmentBinding) {
  return z.object(modbusOptions).parse(options);
}

/** The equipment's own word counts before its profile's; of pauses the longer, of quirks all. */
function careOf(binding: EquipmentBinding, { modbus }: ModbusProfile, bus: BusSettings): DeviceCare {
  const { unit, timeout, pauseBetweenRequests = 0, quirks = [] } = optionsOf(binding);
  return {
    unit,
    timeout: timeout ?? modbus.timeout,
    pause: Math.max(pauseBetweenRequests, modbus.pauseBetweenRequests),
    quirks: new Set([...bus.quirks, ...modbus.quirks, ...quirks]),
  };
}

function limitsOf(bus: BusSettings, { modbus }: ModbusProfile, { quirks }: DeviceCare) {
  return {
    maximumRegisters: Math.min(bus.maximumRegisters, modbus.maximumRegisters),
    maximumGap: bus.maximumGap ?? modbus.maximumGap,
    onePerField: quirks.has('one-request-per-field'),
  };
}
