import { describeError, PlantroomError } from '@plantroom/base';
import { z } from 'zod';
import type { EquipmentBinding } from '../binding.ts';
import type { DriverContext, FieldConnection, FieldDevice, ProbeResult, Reading } from '../contract.ts';
import { parametersOf } from '../parameters.ts';
import { describeProbe } from '../probe-text.ts';
import type { ModbusProfile } from '../profiles/schema.ts';
import { ModbusClient } from './client.ts';
import { type ModbusConfig, modbusOptions } from './config.ts';
import { ModbusDevice } from './device.ts';
import { itemsOf } from './items.ts';

export type { BusPlan, HolePlan, PlanWarning, RequestPlan, UnitPlan } from './bus-plan.ts';
export { type Interpretation, probeRegisters, type RegisterProbe, type RegisterQuery } from './probe-registers.ts';
export { type FoundUnit, type ScanProgress, type ScanQuery, scanUnits } from './scan-units.ts';
export { type ModbusTarget, type ModbusType, modbusTypes } from './target.ts';
export type { WireEvent, WireListener } from './wire.ts';

interface Bound {
  readonly unit: number;
  readonly device: ModbusDevice;
}

/** A Modbus TCP server and the units behind it; polled. */
class ModbusConnection implements FieldConnection {
  readonly id: string;
  readonly devices: readonly FieldDevice[];
  readonly #client: ModbusClient;
  readonly #bound: ReadonlyMap<string, Bound>;

  constructor(id: string, client: ModbusClient, devices: readonly FieldDevice[], bound: ReadonlyMap<string, Bound>) {
    this.id = id;
    this.devices = devices;
    this.#client = client;
    this.#bound = bound;
  }

  open(): Promise<void> {
    return this.#client.open();
  }

  async poll(equipment: string): Promise<readonly Reading[]> {
    const { unit, device } = this.#find(equipment);
    return device.poll((block) => this.#client.read(unit, block.area, block.address, block.length));
  }

  async probe(equipment: string): Promise<ProbeResult> {
    const { unit } = this.#find(equipment);
    const where = `Unit ${unit} at ${this.#client.name}`;
    try {
      await this.#client.open();
      return describeProbe(where, await this.poll(equipment));
    } catch (thrown) {
      return { ok: false, message: describeError(thrown) };
    }
  }

  close(): Promise<void> {
    return this.#client.close();
  }

  #find(equipment: string): Bound {
    const bound = this.#bound.get(equipment);
    if (bound) return bound;
    throw new PlantroomError('unknown-equipment', `Connection ${this.id} has no equipment ${equipment}.`);
  }
}

/** Plans the reads of every equipment; opens nothing. */
export async function prepareModbus(
  config: ModbusConfig,
  id: string,
  bindings: readonly EquipmentBinding[],
  context: DriverContext,
): Promise<FieldConnection> {
  const bound = new Map<string, Bound>();
  const devices: FieldDevice[] = [];
  for (const binding of bindings) {
    const { profile } = binding;
    if (profile.protocol !== 'modbus') continue;
    const { unit, addressOffset } = z.object(modbusOptions).parse(binding.options);
    const items = itemsOf({ kind: binding.kind, profile, addressOffset, parameters: parametersOf(binding) });
    const device = new ModbusDevice(binding.id, items, limitsOf(config, profile), context.clock, context.logger);
    bound.set(binding.id, { unit, device });
    devices.push({ equipment: binding.id, period: binding.period ?? profile.period, points: device.points });
  }
  const client = new ModbusClient(config, context.clock, context.logger);
  return new ModbusConnection(id, client, devices, bound);
}

function limitsOf(config: ModbusConfig, { modbus }: ModbusProfile) {
  return {
    maximumRegisters: Math.min(config.maximumRegisters, modbus.maximumRegisters),
    maximumGap: config.maximumGap ?? modbus.maximumGap,
  };
}
