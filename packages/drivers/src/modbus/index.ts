import type { EquipmentBinding } from '../binding.ts';
import type { DriverContext, FieldConnection } from '../contract.ts';
import type { ModbusType } from './bus.ts';
import { prepareOnBus } from './prepare-on-bus.ts';
import { busOf } from './target.ts';

export { type Address, type Notation, notations, parseAddress } from './address.ts';
export { type ModbusType, modbusTypes } from './bus.ts';
export type { BusPlan, HolePlan, PlanWarning, RequestPlan, UnitPlan } from './bus-plan.ts';
export { describePlan, measurePlan } from './describe-plan.ts';
export { type PointDetail, readDetailed, tapWire, unitHistories } from './inspect.ts';
export type { Area } from './pdu.ts';
export { type Interpretation, probeRegisters, type RegisterProbe, type RegisterQuery } from './probe-registers.ts';
export { type FoundUnit, type ScanProgress, type ScanQuery, scanUnits } from './scan-units.ts';
export type { Discovery, SunSpecModel } from './sunspec.ts';
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
  context: DriverContext,
): Promise<FieldConnection> {
  return prepareOnBus(busOf(type, settings), id, bindings, context);
}
