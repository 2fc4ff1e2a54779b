import { type Clock, type Logger, PlantroomError, silentLogger, systemClock } from '@plantroom/base';
import type { z } from 'zod';
import { type Bus, type ModbusType, modbusTypes, rtuOverTcpBus, serialBus, tcpBus } from './bus.ts';
import { ModbusClient } from './client.ts';
import { hostAndPort, modbusConfig, modbusRtuConfig, modbusRtuOverTcpConfig } from './config.ts';
import type { WireListener } from './wire.ts';

/** A bus that a person names at the keyboard; `settings` as in a site file, text or fields. */
export interface ModbusTarget {
  readonly type: ModbusType;
  readonly settings: unknown;
  readonly clock?: Clock;
  readonly logger?: Logger;
  readonly onWire?: WireListener;
}

/** The bus that settings of a site file describe. Throws PlantroomError `driver-config` with what is wrong in them. */
export function busOf(type: ModbusType, settings: unknown): Bus {
  const parse = <S extends z.ZodType>(schema: S): z.output<S> => {
    const read = schema.safeParse(settings);
    if (read.success) return read.data;
    throw settingsError(type, read.error);
  };
  switch (type) {
    case 'modbus-tcp':
      return tcpBus(parse(modbusConfig));
    case 'modbus-rtu-over-tcp':
      return rtuOverTcpBus(parse(modbusRtuOverTcpConfig));
    case 'modbus-rtu':
      return serialBus(parse(modbusRtuConfig));
  }
}

/** The client of a target, not yet open. `changed` replaces some of its settings. Throws as `busOf`. */
export function clientOf(target: ModbusTarget, changed: Partial<Bus['settings']> = {}): ModbusClient {
  const bus = busOf(target.type, target.settings);
  const { clock = systemClock, logger = silentLogger, onWire } = target;
  const client = new ModbusClient({ ...bus, settings: { ...bus.settings, ...changed } }, clock, logger);
  if (onWire) client.tap(onWire);
  return client;
}

/**
 * A target from a URL: `modbus-tcp://192.0.2.10:502`, `modbus-rtu-over-tcp://192.0.2.11:4001?baudRate=19200`,
 * `modbus-rtu:///dev/ttyUSB0?baudRate=19200&parity=even`. Throws PlantroomError `driver-config`.
 */
export function parseModbusUrl(text: string): ModbusTarget {
  const parts = /^(?<type>modbus-[a-z-]+):\/\/(?<place>[^?]+?)\/?(?:\?(?<query>.*))?$/.exec(text)?.groups;
  const type = modbusTypes.find((t) => t === parts?.type);
  if (!type || !parts?.place) {
    throw new PlantroomError('driver-config', `\`${text}\` is no address of a Modbus bus.`, {
      hint: 'Write modbus-tcp://host:port, modbus-rtu-over-tcp://host:port or modbus-rtu:///dev/ttyUSB0?baudRate=9600.',
    });
  }
  const query = [...new URLSearchParams(parts.query ?? '')].map(([key, value]) => [key, numberOr(value)]);
  const settings = { ...placeOf(type, parts.place), ...Object.fromEntries(query) };
  busOf(type, settings);
  return { type, settings };
}

function placeOf(type: ModbusType, place: string): object {
  if (type === 'modbus-rtu') return { path: place };
  const { v6, host, port } = hostAndPort.exec(place)?.groups ?? {};
  return { host: v6 ?? host ?? '', ...(port ? { port: Number(port) } : {}) };
}

function numberOr(text: string): number | string {
  return /^\d+$/.test(text) ? Number(text) : text;
}

function settingsError(type: ModbusType, error: z.ZodError): PlantroomError {
  const problems = error.issues.map((i) => `${i.path.join('.') || 'settings'}: ${i.message}`);
  return new PlantroomError('driver-config', `These settings of ${type} cannot be used: ${problems.join('; ')}.`, {
    hint: 'Write a host and port, or a serial device with its baud rate.',
  });
}
