import type { ModbusConfig, ModbusRtuConfig, ModbusRtuOverTcpConfig } from './config.ts';
import type { Framing } from './framing.ts';
import { describeLine, type SerialLine } from './line.ts';
import type { Connector } from './link.ts';
import { rtuFraming } from './rtu-framing.ts';
import { serialConnector } from './serial-client.ts';
import { socketConnector } from './socket-client.ts';
import { tcpFraming } from './tcp-framing.ts';

export const modbusTypes = ['modbus-tcp', 'modbus-rtu', 'modbus-rtu-over-tcp'] as const;
export type ModbusType = (typeof modbusTypes)[number];

/** A transport and how it is to be treated. */
export interface Bus {
  readonly type: ModbusType;
  /** As a person knows it, the line's settings included. */
  readonly name: string;
  /** The first way to the devices, then the backup if there is one. */
  readonly connectors: readonly Connector[];
  readonly framing: Framing;
  /** Answers carry the number of their question (TCP): a late one cannot be taken for the next. */
  readonly isNumbered: boolean;
  /** The serial line; undefined for plain TCP. */
  readonly line: SerialLine | undefined;
  readonly settings: BusSettings;
}

export type BusSettings = Omit<ModbusConfig, 'host' | 'port' | 'backup'> & { readonly drain: number };

export function tcpBus(config: ModbusConfig): Bus {
  const connectors = socketConnectors(config);
  const settings = { ...config, drain: 0 };
  const name = namesOf(connectors);
  return { type: 'modbus-tcp', name, connectors, framing: tcpFraming, isNumbered: true, line: undefined, settings };
}

export function rtuOverTcpBus(config: ModbusRtuOverTcpConfig): Bus {
  const connectors = socketConnectors(config, true);
  return rtuBus('modbus-rtu-over-tcp', connectors, config);
}

export function serialBus(config: ModbusRtuConfig): Bus {
  return rtuBus('modbus-rtu', [serialConnector(config.path, config)], config);
}

function rtuBus(
  type: ModbusType,
  connectors: readonly Connector[],
  config: ModbusRtuConfig | ModbusRtuOverTcpConfig,
): Bus {
  const settings = { ...config, drain: config.drain ?? 3 * config.timeout };
  const name = `${namesOf(connectors)} ${describeLine(config)}`;
  return { type, name, connectors, framing: rtuFraming, isNumbered: false, line: config, settings };
}

function socketConnectors(
  { host, port, backup }: Pick<ModbusConfig, 'host' | 'port' | 'backup'>,
  isLine = false,
): Connector[] {
  const first = socketConnector(host, port, isLine);
  return backup ? [first, socketConnector(backup.host, backup.port, isLine)] : [first];
}

function namesOf(connectors: readonly Connector[]): string {
  return connectors.map((c) => c.name).join(' or ');
}
