import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { randomSecret } from '@plantroom/base';
import { processEntries, smallHeap } from '../config.ts';
import { type Child, startChild } from './child.ts';
import { writeSiteFile } from './site-file.ts';
import type { DemoPorts } from './state.ts';

/** The one site and gateway of the demo. */
export const site = 'harbour-tower';
export const gateway = 'gw-1';
/** The name under which sensors and fire panel sign in to the gateway's broker for devices. */
export const deviceUser = 'devices';
export const historyDays = 60;

/** Where the three processes meet: files and ports, nothing else. */
export interface LineSettings {
  /** The folder that holds everything below. */
  readonly directory: string;
  readonly logs: string;
  readonly ports: DemoPorts;
  readonly port: number;
  readonly seed: number;
  readonly history: boolean;
  readonly webDirectory?: string;
  /** The simulators remember every sensor message, so that a test can compare. */
  readonly oracle?: boolean;
}

export function lineFiles(directory: string) {
  const file = (...parts: string[]) => join(directory, ...parts);
  return {
    site: file('site.yaml'),
    history: file('simulators', 'history.csv'),
    devicePassword: file('secrets', 'device-password'),
    gatewaySecret: file('secrets', 'gateway-secret'),
    apiToken: file('secrets', 'api-token'),
    signInToken: file('secrets', 'sign-in-token'),
    simulators: file('simulators'),
    gateway: file('gateway'),
    cloud: file('cloud'),
  };
}

/** Makes the folders, the password of the devices and the site file; what is there already is kept. */
export function prepareLine({ directory, logs, ports }: LineSettings): void {
  const files = lineFiles(directory);
  for (const folder of [logs, files.simulators, files.gateway, files.cloud]) mkdirSync(folder, { recursive: true });
  mkdirSync(join(directory, 'secrets'), { recursive: true, mode: 0o700 });
  if (!existsSync(files.devicePassword)) writeFileSync(files.devicePassword, `${randomSecret()}\n`, { mode: 0o600 });
  writeSiteFile(files.site, ports);
}

export function startSimulators({ directory, logs, ports, seed, history, oracle = false }: LineSettings): Child {
  const files = lineFiles(directory);
  return startChild({
    name: 'simulators',
    entry: processEntries.simulators,
    logDirectory: logs,
    args: [
      ...['--data', files.simulators, '--seed', String(seed), '--http', String(ports.http)],
      ...['--opcua', String(ports.opcua), '--modbus-pumps', String(ports.pumps), '--modbus-fire', String(ports.fire)],
      ...['--modbus-meters-a', String(ports.metersA), '--modbus-meters-b', String(ports.metersB)],
      ...['--mqtt', `mqtt://127.0.0.1:${ports.deviceBroker}`, '--mqtt-user', deviceUser],
      ...['--mqtt-password-file', files.devicePassword],
      ...(history ? ['--history', files.history, '--history-days', String(historyDays)] : []),
      ...(oracle ? ['--oracle'] : []),
    ],
  });
}

export function startCloudProcess({ directory, logs, ports, port, webDirectory }: LineSettings): Child {
  const files = lineFiles(directory);
  return startChild({
    name: 'cloud',
    entry: processEntries.cloud,
    logDirectory: logs,
    args: [
      ...['--data', files.cloud, '--port', String(port), '--mqtt-port', String(ports.cloudMqtt)],
      ...['--api-token-file', files.apiToken, '--sign-in-token-file', files.signInToken],
      ...['--enrol', `${site}/${gateway}:${files.gatewaySecret}`],
      ...(webDirectory === undefined ? [] : ['--web', webDirectory]),
    ],
  });
}

export function startGatewayProcess({ directory, logs, history }: LineSettings): Child {
  const files = lineFiles(directory);
  return startChild({
    name: 'gateway',
    entry: processEntries.gateway,
    nodeFlags: smallHeap,
    logDirectory: logs,
    args: [...['--site', files.site, '--data', files.gateway], ...(history ? ['--history', files.history] : [])],
  });
}
