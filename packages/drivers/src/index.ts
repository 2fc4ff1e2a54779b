export type { BindingProblem, EquipmentBinding } from './binding.ts';
export { checkBinding } from './check-binding.ts';
export { type ConnectionType, connectionTypes, equipmentOptions, equipmentOptionsOf } from './connection-types.ts';
export type {
  CertificateNotice,
  DriverContext,
  EquipmentProperty,
  FailureKind,
  FieldConnection,
  FieldDevice,
  FieldSink,
  ProbeResult,
  Reading,
} from './contract.ts';
export { DriverFailure } from './failure.ts';
export type { ModbusConfig } from './modbus/config.ts';
export type { UnitHistory } from './modbus/unit-history.ts';
export { embeddedBroker, type MqttConfig } from './mqtt/config.ts';
export type { OpcUaConfig } from './opcua/config.ts';
export { prepareConnection } from './prepare.ts';
export { loadProfile, parseProfile, profileNames } from './profiles/load.ts';
export { type Profile, type Protocol, protocols } from './profiles/schema.ts';
export type { ReplayConfig } from './replay/config.ts';
