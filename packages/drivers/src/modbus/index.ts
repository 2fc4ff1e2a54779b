import type { EquipmentBinding } from '../binding.ts';
import type { DriverContext, FieldConnection } from '../contract.ts';
import type { ModbusConfig } from './config.ts';

export declare function prepareModbus(
  config: ModbusConfig,
  id: string,
  bindings: readonly EquipmentBinding[],
  context: DriverContext,
): Promise<FieldConnection>;
