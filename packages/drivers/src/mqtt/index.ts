import type { EquipmentBinding } from '../binding.ts';
import type { DriverContext, FieldConnection } from '../contract.ts';
import type { MqttConfig } from './config.ts';

export declare function prepareMqtt(
  config: MqttConfig,
  id: string,
  bindings: readonly EquipmentBinding[],
  context: DriverContext,
): Promise<FieldConnection>;
