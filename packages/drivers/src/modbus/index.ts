import { z } from 'zod';
import type { EquipmentBinding } from '../binding.ts';
import type { DriverContext, FieldConnection } from '../contract.ts';
import { parametersOf } from '../parameters.ts';
import type { ModbusProfile } from '../profiles/schema.ts';
import type { BusSettings, ModbusType } from './bus.ts';
import { ModbusClient } from './client.ts';
import { modbusOptions } from './config.ts';
import { type BoundDevice, ModbusConnection } from './connection.ts';
import { ModbusDevice } from './device.ts';
import { HoleMemory } from './hole-memory.ts';
import { itemsOf } from './items.ts';
import { planBlocks } from './plan.ts';
import { propertiesOf } from './properties.ts';
import type { DeviceCare } from './read-block.ts';
import { busOf } from './target.ts';

export { type Address, type Notation, notations, parseAddress } from './address.ts';
export { type ModbusType, modbusTypes } from './bus.ts';
export type { BusPlan, HolePlan, PlanWarning, RequestPlan, UnitPlan } from './bus-plan.ts';
export { describePlan, measurePlan } from './describe-plan.ts';
export { type PointDetail, readDetailed, tapWire, unitHistories } from './inspect.ts';
export type { Area } from './pdu.ts';
export { type Interpretation, probeRegisters, type RegisterProbe, type RegisterQuery } from './probe-registers.ts';
export { type FoundUnit, type ScanProgress, type ScanQuery, scanUnits } from './scan-units.ts';
export { type ModbusTarget, parseModbusUrl } from './target.ts';
export type { UnitEvent, UnitHistory } from './unit-history.ts';
export type { WireEvent, WireListener } from './wire.ts';

/**
 * Plans the reads of every equipment, with what was learned of it before; opens nothing. `settings` as in a site file or
 * already read. Throws PlantroomError `driver-config` and `profile`.
 */
export async function prepareModbus(
  type: ModbusType,
  settings: unknown,
  id: string,
  bindings: readonly EquipmentBinding[],
  { clock, logger, directory }: DriverContext,
): Promise<FieldConnection> {
  const bus = busOf(type, settings);
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
