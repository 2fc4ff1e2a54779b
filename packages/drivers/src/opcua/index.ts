import type { EquipmentBinding } from '../binding.ts';
import type { DriverContext, FieldConnection } from '../contract.ts';
import type { OpcUaConfig } from './config.ts';

export declare function prepareOpcUa(
  config: OpcUaConfig,
  id: string,
  bindings: readonly EquipmentBinding[],
  context: DriverContext,
): Promise<FieldConnection>;
