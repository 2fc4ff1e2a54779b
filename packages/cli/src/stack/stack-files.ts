import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PlantroomError } from '@plantroom/base';
import { marker as demoMarker } from '../demo/data-directory.ts';
import { type FolderLock, lockFolder } from '../demo/folder-lock.ts';
import { choosePorts } from '../demo/ports.ts';
import { secretFiles } from './secrets.ts';

const portNames = [
  'mqtt',
  'influxdb',
  'influxdbBackup',
  'postgres',
  'http',
  'opcua',
  'pumps',
  'metersA',
  'metersB',
  'fire',
  'deviceBroker',
] as const;
export type StackPorts = Readonly<Record<(typeof portNames)[number], number>>;

/**
 * Ports that are free now: those of last time, as `file` has them, where possible; `mqtt` for the broker when it is told,
 * since gateways elsewhere name it in their site files. `reserved` are taken already.
 */
export async function chooseStackPorts(
  file: string,
  reserved: readonly number[],
  mqtt?: number,
): Promise<{ readonly ports: StackPorts; readonly before: Partial<StackPorts> }> {
  const before = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Partial<StackPorts>) : {};
  const ports = await choosePorts(portNames, mqtt === undefined ? before : { ...before, mqtt }, reserved);
  writeFileSync(file, `${JSON.stringify(ports, undefined, 2)}\n`);
  return { ports, before };
}

/** Makes and holds the folder of a stack. Throws PlantroomError `data-in-use`, or `stack-data-demo` for a demo's folder. */
export async function holdStackFolder(path: string, port: number): Promise<FolderLock> {
  mkdirSync(path, { recursive: true, mode: 0o755 });
  if (existsSync(join(path, demoMarker)))
    throw new PlantroomError('stack-data-demo', `${path} holds a demo.`, {
      hint: 'Choose an empty or new folder with --data DIR.',
    });
  return await lockFolder(path, { what: 'stack', port });
}

/** What the cloud's processes read: the form of deploy/cloud.yaml, with the servers of this machine. */
export function writeCloudConfig(file: string, secrets: string, ports: StackPorts): void {
  const { cloud } = secretFiles(secrets);
  const quoted = (path: string) => JSON.stringify(path);
  const lines = [
    'broker:',
    `  url: mqtts://127.0.0.1:${ports.mqtt}`,
    '  user: plantroom-cloud',
    `  password: { file: ${quoted(cloud.brokerPassword)} }`,
    `  ca: ${quoted(cloud.ca)}`,
    `  enrolment: { user: admin, password: { file: ${quoted(cloud.adminPassword)} } }`,
    'records:',
    '  store: postgres',
    `  url: postgres://plantroom@127.0.0.1:${ports.postgres}/plantroom`,
    `  password: { file: ${quoted(cloud.postgres)} }`,
    'timeSeries:',
    '  store: influx-v1',
    `  url: http://127.0.0.1:${ports.influxdb}`,
    '  database: plantroom',
    '  user: plantroom',
    `  password: { file: ${quoted(cloud.influxdb)} }`,
  ];
  writeFileSync(file, `${lines.join('\n')}\n`);
}

/** Where the parts of a stack keep what is theirs. */
export function stackFolders(folder: string) {
  const at = (...parts: string[]) => join(folder, ...parts);
  return {
    secrets: at('secrets'),
    logs: at('logs'),
    config: at('cloud.yaml'),
    site: at('site', 'site.yaml'),
    state: at('stack.json'),
    ports: at('ports.json'),
    apiToken: at('cloud', 'api-token'),
    signInToken: at('cloud', 'sign-in-token'),
  };
}
