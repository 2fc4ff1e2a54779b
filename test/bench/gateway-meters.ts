import { loadProfile } from '../../packages/drivers/src/profiles/load.ts';
import type { ModbusProfile } from '../../packages/drivers/src/profiles/schema.ts';

/** A meter that gives 16 values in one answer of 78 registers: a dense map, as a bare loop would like to have it. */
const profileName = 'janitza-umg96rm';
/** Meters behind one socket, as on a Modbus gateway with a cable of RS-485. */
const perConnection = 20;
/** Points of the largest site; what is more is read more often. */
const mostPoints = 20_000;
/** Registers. */
const float32 = 2;

export interface Register {
  readonly point: string;
  readonly address: number;
}

/** The one request that reads all of a meter. */
export interface MeterRequest {
  readonly address: number;
  readonly length: number;
}

export function meterProfile(): ModbusProfile {
  const profile = loadProfile(profileName);
  if (profile.protocol !== 'modbus') throw new Error(`${profileName} is no Modbus profile`);
  return profile;
}

export function registersOfMeter(): Register[] {
  return Object.entries(meterProfile().points).map(([point, { address }]) => ({ point, address }));
}

export function requestOfMeter(): MeterRequest {
  const addresses = registersOfMeter().map((r) => r.address);
  const address = Math.min(...addresses);
  return { address, length: Math.max(...addresses) + float32 - address };
}

/** What is read so that about `rate` points come in a second. */
export interface MeterLoad {
  /** Unit ids by connection. */
  readonly buses: readonly (readonly number[])[];
  /** Milliseconds. */
  readonly period: number;
  /** All points of all meters. */
  readonly points: number;
}

export function loadFor(rate: number): MeterLoad {
  const points = registersOfMeter().length;
  const period = rate <= mostPoints ? 1000 : (1000 * mostPoints) / rate;
  const meters = Math.round((rate * period) / 1000 / points);
  const buses = Array.from({ length: Math.ceil(meters / perConnection) }, (_, bus) =>
    Array.from({ length: Math.min(perConnection, meters - bus * perConnection) }, (_, n) => n + 1),
  );
  return { buses, period, points: meters * points };
}

/** The site file of a gateway that reads all these meters from one server. */
export function meterSite({ buses, period }: MeterLoad, port: number): string {
  const connections = buses.map((_, bus) => `  bus-${bus}: { modbus-tcp: 127.0.0.1:${port} }`);
  const equipment = buses.flatMap((units, bus) =>
    units.map(
      (unit) =>
        `  meter-${bus}-${unit}: { profile: ${profileName}, on: bus-${bus}, unit: ${unit}, period: ${period}, name: M${bus}-${unit} }`,
    ),
  );
  return [
    'site: { id: bench, name: { en: Bench, zh: 测试 }, timezone: UTC }',
    'connections:',
    ...connections,
    'equipment:',
    ...equipment,
    '',
  ].join('\n');
}
