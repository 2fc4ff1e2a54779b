import { PlantroomError, withoutCredentials } from '@plantroom/base';
import type { ConnectionType } from '@plantroom/drivers';
import { type ModbusType, parseModbusUrl } from '@plantroom/drivers/modbus';
import { usage } from './usage.ts';

/** What a URL on the command line names: the type and settings of a connection, as a site file has them. */
export interface Endpoint {
  readonly type: Exclude<ConnectionType, 'replay'>;
  readonly settings: unknown;
  /** For people, without anything secret. */
  readonly name: string;
}

export interface ModbusEndpoint extends Endpoint {
  readonly type: ModbusType;
  readonly settings: object;
}

const examples = 'modbus-tcp://192.0.2.10:502, opc.tcp://192.0.2.20:4840 or mqtt://192.0.2.30';

/** Reads `modbus-tcp://...`, `modbus-rtu:///dev/...`, `opc.tcp://...` or `mqtt://...`. Throws PlantroomError `usage`. */
export function parseEndpoint(text: string): Endpoint {
  if (text.startsWith('modbus-')) return parseModbusEndpoint(text);
  if (/^opc\.tcp:\/\/[^/\s]+/.test(text)) return { type: 'opc-ua', settings: text, name: withoutCredentials(text) };
  if (/^(?:mqtts?|wss?):\/\/[^/\s]+/.test(text))
    return { type: 'mqtt', settings: text, name: withoutCredentials(text) };
  throw usage(`\`${text}\` names no connection.`, `Write ${examples}.`);
}

export function parseModbusEndpoint(text: string): ModbusEndpoint {
  try {
    const { type, settings } = parseModbusUrl(text);
    return {
      type,
      settings: { ...(settings as object) },
      name: text.replace(/^[a-z-]+:\/\//, '').replace(/[?/].*$/s, ''),
    };
  } catch (thrown) {
    if (!(thrown instanceof PlantroomError)) throw thrown;
    throw usage(thrown.message, thrown.hint ?? 'Write modbus-tcp://192.0.2.10:502.');
  }
}

export function isModbus(endpoint: Endpoint): endpoint is ModbusEndpoint {
  return endpoint.type !== 'opc-ua' && endpoint.type !== 'mqtt';
}
