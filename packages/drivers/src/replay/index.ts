import type { EquipmentBinding } from '../binding.ts';
import type { DriverContext, FieldConnection } from '../contract.ts';
import type { ReplayConfig } from './config.ts';

export declare function prepareReplay(
  config: ReplayConfig,
  id: string,
  bindings: readonly EquipmentBinding[],
  context: DriverContext,
): Promise<FieldConnection>;
