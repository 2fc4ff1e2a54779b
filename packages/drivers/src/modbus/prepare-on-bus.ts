import { z } from 'zod';
import type { EquipmentBinding } from '../binding.ts';
import type { DriverContext } from '../contract.ts';
import { parametersOf } from '../parameters.ts';
import type { ModbusProfile } from '../profiles/schema.ts';
import type { Bus, BusSettings } from './bus.ts';
import { ModbusClient } from './client.ts';
import { type ModbusOptions, modbusOptions } from './config.ts';
import { type BoundDevice, ModbusConnection } from './connection.ts';
import { ModbusDevice, type PolledDevice } from './device.ts';
import { DeviceMemory } from './device-memory.ts';
import { type DeviceSettings, itemsOf } from './items.ts';
import { lesson } from './lesson.ts';
import { type Block, type Item, type Limits, planBlocks } from './plan.ts';
import { propertiesOf } from './properties.ts';
import type { DeviceCare } from './read-block.ts';
import { SunSpecDevice, sunSpecFinding } from './sunspec-device.ts';

const optionsSchema = z.object(modbusOptions);

/** Plans the reads of every equipment on the bus, with what was learned of it before; opens nothing. */
export async function prepareOnBus(
  bus: Bus,
  id: string,
  bindings: readonly EquipmentBinding[],
  { clock, logger, directory }: DriverContext,
): Promise<ModbusConnection> {
  const memory = await DeviceMemory.load(directory, 'holes.json', lesson, logger);
  const findings = await DeviceMemory.load(directory, 'sunspec.json', sunSpecFinding, logger);
  const plans: KnownPlans = new Map();
  const bound = bindings.flatMap((binding): BoundDevice[] => {
    const { profile } = binding;
    if (profile.protocol !== 'modbus') return [];
    const options = optionsSchema.parse(binding.options);
    const { addressOffset } = options;
    const care = careOf(options, profile, bus.settings);
    const settings = { kind: binding.kind, profile, addressOffset, parameters: parametersOf(binding) };
    const limits = limitsOf(bus.settings, profile, care);
    const common = { equipment: binding.id, unit: care.unit, memory, clock, logger };
    const device: PolledDevice = profile.sunspec
      ? new SunSpecDevice({ ...common, settings, limits, findings })
      : new ModbusDevice({
          ...common,
          ...planOf(settings, limits, plans),
          properties: propertiesOf(profile, addressOffset),
        });
    const field = { equipment: binding.id, period: binding.period ?? profile.period, points: device.points };
    return [{ field, device, care }];
  });
  const client = new ModbusClient(bus, clock, logger, Math.max(0, ...bound.map((b) => b.care.timeout ?? 0)));
  return new ModbusConnection({ id, client, bound, memories: [memory, findings], clock });
}

interface ReadPlan {
  readonly items: readonly Item[];
  readonly blocks: readonly Block[];
}

/** Plans that are known, by profile and by all else that makes a difference. */
type KnownPlans = Map<ModbusProfile, Map<string, ReadPlan>>;

/** Devices that are read alike share one plan, which holds nothing of any of them: a bus has many of a kind. */
function planOf(settings: DeviceSettings, limits: Limits, known: KnownPlans): ReadPlan {
  const { kind, profile, addressOffset, parameters } = settings;
  const ofProfile = known.get(profile) ?? new Map<string, ReadPlan>();
  known.set(profile, ofProfile);
  const key = JSON.stringify([kind, addressOffset, parameters, limits]);
  const shared = ofProfile.get(key);
  if (shared) return shared;
  const items = itemsOf(settings);
  const plan = { items, blocks: planBlocks(items, limits) };
  ofProfile.set(key, plan);
  return plan;
}

/** The equipment's own word counts before its profile's; of pauses the longer, of quirks all. */
function careOf(options: ModbusOptions, { modbus }: ModbusProfile, bus: BusSettings): DeviceCare {
  const { unit, timeout, pauseBetweenRequests = 0, quirks = [] } = options;
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
