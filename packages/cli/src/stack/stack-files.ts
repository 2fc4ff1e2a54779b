import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
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
  'cloudMqtt',
] as const;
export type StackPorts = Readonly<Record<(typeof portNames)[number], number>>;

export function chooseStackPorts(reserved: readonly number[]): Promise<StackPorts> {
  return choosePorts(portNames, {}, reserved);
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
    apiToken: at('cloud', 'api-token'),
    signInToken: at('cloud', 'sign-in-token'),
  };
}
