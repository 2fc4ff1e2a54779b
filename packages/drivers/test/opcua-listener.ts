import { expect, onTestFinished, vi } from 'vitest';
import type { DriverContext, FieldSink, Reading } from '../src/contract.ts';
import { opcUaConfig } from '../src/opcua/config.ts';
import { prepareOpcUa } from '../src/opcua/index.ts';
import { loadProfile } from '../src/profiles/load.ts';
import { type OpcUaProfile, opcUaProfile } from '../src/profiles/schema.ts';
import { bindingOf, testContext } from './builders.ts';
import { DataType, type OpcUaTestServer, StatusCodes, testNamespace } from './opcua-server.ts';

export const options = { node: 'L1', namespace: testNamespace };
export const lift = () => bindingOf('lift-1', 'lift-opcua', options);
export const quick = { publishingInterval: 100, samplingInterval: 50, timeout: 3000 };

/** Declares the nodes of a lift that has stood still for an hour. */
export function declareLift(server: OpcUaTestServer): void {
  const long = new Date(Date.now() - 3_600_000);
  for (const point of Object.values(loadProfile('lift-opcua').points)) {
    if (!('node' in point)) continue;
    const name = point.node.replace('ns={ns};s={node}', 'L1');
    server.set(name, DataType.Double, 0, StatusCodes.Good, long);
  }
  server.set('L1.Car_Position', DataType.UInt32, 7, StatusCodes.Good, long);
  server.set('L1.Car_Door_Zone', DataType.Boolean, true, StatusCodes.Good, long);
  server.set('L1.Car_Moving_Direction', DataType.UInt32, 3, StatusCodes.Good, long);
  server.set('L1.Door_Reopen_Count', DataType.UInt32, 0, StatusCodes.Good, long);
  server.set('L1.Trip_Count', DataType.UInt32, 0, StatusCodes.Good, long);
  server.set('L1.Drive_Temperature', DataType.Double, 40, StatusCodes.BadNoCommunication, long);
}

/** A profile with one point on `L1.Car_Load`, asked for as `how` says. */
export function loadProfileWith(how: Record<string, unknown>): OpcUaProfile {
  const { points: _, ...rest } = loadProfile('lift-opcua');
  return opcUaProfile.parse({ ...rest, points: { load: { node: 'ns={ns};s={node}.Car_Load', ...how } } });
}

/** What a driver says, kept. */
export class Heard implements FieldSink {
  readonly readings_: Reading[] = [];
  readonly silences: [string, boolean, string][] = [];
  readings(batch: readonly Reading[]): void {
    this.readings_.push(...batch);
  }
  event(): void {}
  property(): void {}
  silence(...told: [string, boolean, string]): void {
    this.silences.push(told);
  }
  newest(point: string): Reading | undefined {
    return this.readings_.findLast((r) => r.point === point);
  }
}

/** Reads the lift of a server until the test ends; resolves with its first values. */
export async function listen(
  server: OpcUaTestServer,
  settings: Record<string, unknown> = {},
  context: DriverContext = testContext(),
  binding = lift(),
) {
  const config = opcUaConfig.parse({ endpoint: server.endpoint, ...quick, ...settings });
  const connection = await prepareOpcUa(config, 'lifts', [binding], context);
  onTestFinished(() => connection.close());
  const heard = new Heard();
  await connection.open();
  await connection.subscribe?.(heard);
  const [first = 'floor'] = connection.devices[0]?.points ?? [];
  const point = connection.devices[0]?.points.includes('floor') ? 'floor' : first;
  await vi.waitFor(() => expect(heard.newest(point)).toBeDefined(), 8000);
  return { connection, heard };
}
