import { type Clock, type Logger, PlantroomError, silentLogger, systemClock } from '@plantroom/base';
import type { z } from 'zod';
import { ModbusClient } from './client.ts';
import { modbusConfig } from './config.ts';
import type { WireListener } from './wire.ts';

export const modbusTypes = ['modbus-tcp', 'modbus-rtu', 'modbus-rtu-over-tcp'] as const;
export type ModbusType = (typeof modbusTypes)[number];

/** A bus that a person names at the keyboard; `settings` as in a site file, text or fields. */
export interface ModbusTarget {
  readonly type: ModbusType;
  readonly settings: unknown;
  readonly clock?: Clock;
  readonly logger?: Logger;
  readonly onWire?: WireListener;
}

/** The client of a target, not yet open. Throws PlantroomError `driver-config` with what is wrong in the settings. */
export function clientOf(target: ModbusTarget): ModbusClient {
  const read = modbusConfig.safeParse(target.settings);
  if (read.success) return new ModbusClient(read.data, target.clock ?? systemClock, target.logger ?? silentLogger);
  throw settingsError(target.type, read.error);
}

function settingsError(type: ModbusType, error: z.ZodError): PlantroomError {
  const problems = error.issues.map((i) => `${i.path.join('.') || 'settings'}: ${i.message}`);
  return new PlantroomError('driver-config', `These settings of ${type} cannot be used: ${problems.join('; ')}.`, {
    hint: 'Write a host and port, or a serial device with its baud rate.',
  });
}
