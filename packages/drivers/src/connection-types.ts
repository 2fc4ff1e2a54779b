import { z } from 'zod';
import { modbusConfig, modbusOptions, modbusRtuConfig, modbusRtuOverTcpConfig } from './modbus/config.ts';
import { mqttConfig, mqttOptions, sparkplugOptions } from './mqtt/config.ts';
import { opcUaConfig, opcUaOptions } from './opcua/config.ts';
import type { Profile, Protocol } from './profiles/schema.ts';
import { replayConfig } from './replay/config.ts';

/** The schema of each connection type's settings; none of them loads a protocol library. */
export const connectionTypes = {
  'modbus-tcp': modbusConfig,
  'modbus-rtu': modbusRtuConfig,
  'modbus-rtu-over-tcp': modbusRtuOverTcpConfig,
  'opc-ua': opcUaConfig,
  mqtt: mqttConfig,
  replay: replayConfig,
} as const;
export type ConnectionType = keyof typeof connectionTypes;

/** The protocols that a connection type carries; a replay has none, any profile may stand on it. */
export const protocolsOf: Readonly<Record<ConnectionType, readonly Protocol[]>> = {
  'modbus-tcp': ['modbus'],
  'modbus-rtu': ['modbus'],
  'modbus-rtu-over-tcp': ['modbus'],
  'opc-ua': ['opc-ua'],
  mqtt: ['mqtt', 'sparkplug'],
  replay: [],
};

/** Keys that an equipment's entry has besides its profile's parameters, by protocol. */
export const equipmentOptions = {
  modbus: modbusOptions,
  'opc-ua': opcUaOptions,
  mqtt: mqttOptions,
  sparkplug: sparkplugOptions,
} as const satisfies Record<Protocol, z.ZodRawShape>;

/** All protocol keys of an equipment with this profile: the protocol's own and the profile's parameters (`ctRatio`). */
export function equipmentOptionsOf(profile: Profile, protocol: Protocol = profile.protocol): z.ZodRawShape {
  const parameters = Object.keys(profile.parameters).map((name) => [name, z.number().positive().optional()]);
  return { ...equipmentOptions[protocol], ...Object.fromEntries(parameters) };
}
