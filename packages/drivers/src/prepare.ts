import { PlantroomError } from '@plantroom/base';
import type { z } from 'zod';
import type { EquipmentBinding } from './binding.ts';
import { checkBinding } from './check-binding.ts';
import { type ConnectionType, connectionTypes } from './connection-types.ts';
import type { DriverContext, FieldConnection } from './contract.ts';

/**
 * Checks a connection and its equipment without network, loads the driver of its type, and gives the connection, not
 * yet open. `config` is checked again, so it may be the text of the site file or an already parsed value. Throws
 * PlantroomError `driver-config` with everything that is wrong.
 */
export async function prepareConnection(
  type: ConnectionType,
  id: string,
  config: unknown,
  bindings: readonly EquipmentBinding[],
  context: DriverContext,
): Promise<FieldConnection> {
  const problems = bindings.flatMap((b) => checkBinding(type, b)).map((p) => `${p.equipment}: ${p.what}`);
  const settings = readSettings(type, config, problems);
  if (problems.length > 0 || settings === undefined) {
    throw new PlantroomError('driver-config', `Connection ${id} cannot be prepared:\n  ${problems.join('\n  ')}`, {
      hint: 'Correct these entries in the site file.',
      context: { connection: id, type },
    });
  }
  return settings(id, bindings, context);
}

type Prepare = (id: string, bindings: readonly EquipmentBinding[], context: DriverContext) => Promise<FieldConnection>;

function readSettings(type: ConnectionType, config: unknown, problems: string[]): Prepare | undefined {
  const parse = <S extends z.ZodType>(schema: S): z.output<S> | undefined => {
    const read = schema.safeParse(config);
    if (read.success) return read.data;
    problems.push(...read.error.issues.map((i) => `${i.path.join('.') || 'settings'}: ${i.message}`));
    return undefined;
  };
  switch (type) {
    case 'modbus-tcp':
    case 'modbus-rtu':
    case 'modbus-rtu-over-tcp': {
      const settings = parse(connectionTypes[type]);
      return (
        settings && (async (...args) => (await import('./modbus/index.ts')).prepareModbus(type, settings, ...args))
      );
    }
    case 'opc-ua': {
      const settings = parse(connectionTypes[type]);
      return settings && (async (...args) => (await import('./opcua/index.ts')).prepareOpcUa(settings, ...args));
    }
    case 'mqtt': {
      const settings = parse(connectionTypes[type]);
      return settings && (async (...args) => (await import('./mqtt/index.ts')).prepareMqtt(settings, ...args));
    }
    case 'replay': {
      const settings = parse(connectionTypes[type]);
      return settings && (async (...args) => (await import('./replay/index.ts')).prepareReplay(settings, ...args));
    }
  }
}
