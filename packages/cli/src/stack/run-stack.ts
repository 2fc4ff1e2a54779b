import { copyFileSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { dirname, join, resolve } from 'node:path';
import { describeError, Lifecycle, PlantroomError, systemClock, untilSignal } from '@plantroom/base';
import { processEntries, smallHeap } from '../config.ts';
import type { FolderLock } from '../demo/folder-lock.ts';
import { requirePort } from '../demo/ports.ts';
import { writeSiteFile } from '../demo/site-file.ts';
import { buildWebIfNeeded, webDirectory } from '../demo/web-build.ts';
import { describeInfluxdb, describeMosquitto, describePostgres, makeInfluxUser, requirePrograms } from './databases.ts';
import { makeSecrets, secretFiles } from './secrets.ts';
import { Service, type ServiceOptions } from './service.ts';
import { chooseStackPorts, holdStackFolder, type StackPorts, stackFolders, writeCloudConfig } from './stack-files.ts';

export interface StackOptions {
  /** Where all of it keeps its data. */
  readonly data: string;
  /** The port of dashboard and API. */
  readonly port: number;
  /** The broker's port; the one of last time, or a free one, unless told. */
  readonly mqttPort?: number;
  /** How many processes store what gateways send. */
  readonly workers: number;
}

const site = 'harbour-tower';
const gateway = 'gw-1';
/** ms that a server may take to listen. */
const patience = 60_000;

/**
 * Runs what docker-compose.yml describes from Debian's packages: mosquitto with TLS, InfluxDB, PostgreSQL, the cloud's
 * processes, a gateway and the simulated building. Whatever ends by itself is started again. Resolves to the exit code
 * after Ctrl-C, 1 when it could not start.
 */
export async function runStack(given: StackOptions): Promise<number> {
  const options = { ...given, data: resolve(given.data) };
  const lifecycle = new Lifecycle();
  const stopAsked = untilSignal();
  try {
    requirePrograms();
    // Before anything is touched: what a running stack has in this folder is its own.
    const lock = await holdStackFolder(options.data, options.port);
    lifecycle.onStop('data directory', () => lock.release());
    await requirePort(options.port, 'npm run stack -- --port');
    if (options.mqttPort !== undefined) await requirePort(options.mqttPort, 'npm run stack -- --mqtt-port');
    const started = start(options, lifecycle, lock);
    started.catch(() => {});
    await Promise.race([started, stopAsked]);
    await stopAsked;
    console.log('\nStopping ...');
    return 0;
  } catch (thrown) {
    console.error(`\n${describeError(thrown)}`);
    return 1;
  } finally {
    for (const failure of await lifecycle.stop()) console.error(failure.message);
  }
}

async function start(options: StackOptions, lifecycle: Lifecycle, lock: FolderLock): Promise<void> {
  const folders = stackFolders(options.data);
  for (const folder of [folders.logs, dirname(folders.apiToken)]) mkdirSync(folder, { recursive: true, mode: 0o700 });
  const ports = await choosePortsOf(options);
  makeSecrets(folders.secrets, ['127.0.0.1', 'localhost']);
  writeCloudConfig(folders.config, folders.secrets, ports);
  lifecycle.onStop('state', () => rmSync(folders.state, { force: true }));
  const services = new Map<string, number | undefined>();
  const run = (described: Omit<ServiceOptions, 'logs'>) => {
    const { name } = described;
    const service = new Service({
      ...described,
      logs: folders.logs,
      onStart: (pid) => {
        services.set(name, pid);
        noteRunning(folders.state, lock, ports, services);
      },
      onEnd: (how) => console.log(`${name} ended (${how}) and is started again; see ${folders.logs}/${name}.log`),
    });
    lifecycle.onStop(name, () => service.stop());
  };
  const build = buildWebIfNeeded();
  run(describePostgres(options.data, folders.secrets, ports));
  run(describeInfluxdb(options.data, ports));
  run(describeMosquitto(options.data, folders.secrets, ports));
  await Promise.all([build, ...[ports.postgres, ports.influxdb, ports.mqtt].map(untilListening)]);
  await until('InfluxDB has its account', () => makeInfluxUser(ports, folders.secrets));
  console.log('mosquitto, InfluxDB and PostgreSQL listen');
  await enrol(options.data);
  for (const described of describeCloud(options)) run(described);
  for (const described of describeSite(options.data, ports)) run(described);
  await untilListening(options.port);
  await until('the cloud gives a link', async () => existsSync(folders.signInToken));
  await Promise.all([ports.deviceBroker, ports.http].map(untilListening));
  const token = readFileSync(folders.signInToken, 'utf8').trim();
  console.log(`cloud, ${options.workers} ingest workers, gateway and simulators run; logs in ${folders.logs}`);
  console.log(
    `gateways of your own: mqtts://127.0.0.1:${ports.mqtt}, authority ${secretFiles(folders.secrets).gateway.ca}`,
  );
  console.log(`\nOpen http://127.0.0.1:${options.port}/sign-in#token=${token}`);
}

/** The state file lists what runs, and under which process id, at any time. */
function noteRunning(
  file: string,
  lock: FolderLock,
  ports: StackPorts,
  services: ReadonlyMap<string, number | undefined>,
): void {
  const state = { ports, services: [...services].map(([name, pid]) => ({ name, pid })) };
  writeFileSync(`${file}.new`, JSON.stringify(state), { mode: 0o600 });
  renameSync(`${file}.new`, file);
  lock.noteChildren([...services.values()].filter((pid) => pid !== undefined));
}

/** Says when the broker has moved: site files of gateways of one's own name its port. */
async function choosePortsOf({ data, port, mqttPort }: StackOptions): Promise<StackPorts> {
  const { ports, before } = await chooseStackPorts(stackFolders(data).ports, [port], mqttPort);
  if (before.mqtt !== undefined && before.mqtt !== ports.mqtt)
    console.log(
      `The broker is on port ${ports.mqtt} now, no longer on ${before.mqtt}: correct gateway.cloud.url of your own gateways.`,
    );
  return ports;
}

const node = (entry: string, args: readonly string[], flags: readonly string[] = []) => ({
  command: process.execPath,
  args: [...flags, entry, ...args],
});

/** One process that serves people and does the jobs, and workers that store what gateways send. */
function describeCloud({ data, port, workers }: StackOptions): Omit<ServiceOptions, 'logs'>[] {
  const { config, apiToken, signInToken } = stackFolders(data);
  rmSync(signInToken, { force: true });
  const common = (name: string, roles: string) => ['--config', config, '--data', join(data, name), '--roles', roles];
  const tokens = ['--api-token-file', apiToken, '--sign-in-token-file', signInToken];
  const serve = [...common('cloud', 'api,jobs'), '--port', String(port), '--web', webDirectory, ...tokens];
  const ingest = Array.from({ length: workers }, (_, n) => `ingest-${n + 1}`);
  return [
    { name: 'cloud', ...node(processEntries.cloud, serve) },
    ...ingest.map((name) => ({ name, ...node(processEntries.cloud, common(name, 'ingest')) })),
  ];
}

/** The gateway with its site file, and the building that it reads. */
function describeSite(data: string, ports: StackPorts): Omit<ServiceOptions, 'logs'>[] {
  const { site: siteFile, secrets } = stackFolders(data);
  const files = secretFiles(secrets).gateway;
  const beside = join(dirname(siteFile), 'secrets');
  mkdirSync(beside, { recursive: true, mode: 0o700 });
  copyFileSync(files.secret, join(beside, 'gateway-secret'));
  copyFileSync(files.devicePassword, join(beside, 'device-password'));
  const cloud = { url: `mqtts://127.0.0.1:${ports.mqtt}`, ca: files.ca };
  writeSiteFile(siteFile, { ...ports, cloudMqtt: ports.mqtt }, { name: 'the stack', cloud });
  const building = [
    ...['--data', join(data, 'simulators'), '--http', String(ports.http), '--opcua', String(ports.opcua)],
    ...['--modbus-pumps', String(ports.pumps), '--modbus-fire', String(ports.fire)],
    ...['--modbus-meters-a', String(ports.metersA), '--modbus-meters-b', String(ports.metersB)],
    ...['--mqtt', `mqtt://127.0.0.1:${ports.deviceBroker}`, '--mqtt-user', 'devices'],
    ...['--mqtt-password-file', files.devicePassword],
  ];
  const reading = ['--site', siteFile, '--data', join(data, 'gateway')];
  return [
    { name: 'simulators', ...node(processEntries.simulators, building, smallHeap) },
    { name: 'gateway', ...node(processEntries.gateway, reading, smallHeap) },
  ];
}

/** Gives the cloud and the gateway their rights at the broker, and the gateway its place in the records. */
async function enrol(data: string): Promise<void> {
  const { config, secrets } = stackFolders(data);
  const { enrolAtBroker } = await import('@plantroom/cloud/main');
  await enrolAtBroker(config, [`${site}/${gateway}:${secretFiles(secrets).gateway.secret}`], () => {});
}

function untilListening(port: number): Promise<void> {
  return until(`port ${port} listens`, () => listens(port));
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}

async function until(what: string, is: () => Promise<boolean>): Promise<void> {
  const end = systemClock.monotonic() + patience;
  while (!(await is().catch(() => false))) {
    if (systemClock.monotonic() > end)
      throw new PlantroomError('stack-late', `${what}: not after ${patience / 1000} s`, {
        hint: 'Look into the logs folder of the data directory.',
      });
    await systemClock.sleep(100);
  }
}
