import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { systemClock } from '@plantroom/base';
import { freePort, temporaryDirectory, until } from '@plantroom/testing';
import type { Child } from '../../../packages/cli/src/demo/child.ts';
import {
  type LineSettings,
  lineFiles,
  prepareLine,
  startCloudProcess,
  startGatewayProcess,
  startSimulators,
} from '../../../packages/cli/src/demo/line.ts';
import { choosePorts } from '../../../packages/cli/src/demo/ports.ts';
import { readyLine } from '../../../packages/cli/src/demo/ready-line.ts';
import { templatePorts } from '../../../packages/cli/src/demo/site-file.ts';
import type { DemoPorts } from '../../../packages/cli/src/demo/state.ts';
import { Api } from './api.ts';

/** Simulators, gateway and cloud as processes that a test may kill one by one. */
export interface RunningLine {
  readonly settings: LineSettings;
  readonly simulators: Child;
  readonly gateway: Child;
  cloud: Child;
  readonly api: Api;
  /** Starts the cloud again, on its old ports and data. */
  startCloud(): Promise<void>;
  /** The simulators' control API. */
  control<T>(method: string, path: string, body?: object): Promise<T>;
  stop(): Promise<void>;
}

/** Starts all three, with the 60 days of energy history or without; resolves when values arrive. */
export async function startLine({ history = false } = {}): Promise<RunningLine> {
  const folder = temporaryDirectory('plantroom-line');
  const names = [...Object.keys(templatePorts), 'http'] as (keyof DemoPorts)[];
  const ports = await choosePorts(names);
  const port = await freePort();
  const logs = join(folder.path, 'logs');
  const settings: LineSettings = { directory: folder.path, logs, ports, port, seed: 3, history, oracle: true };
  const started: Child[] = [];
  const start = async (child: Child) => {
    started.push(child);
    await readyLine(child, 60_000);
    return child;
  };
  const stop = async () => {
    for (const child of started.reverse()) await child.stop();
    folder.remove();
  };
  try {
    prepareLine(settings);
    const simulators = await start(startSimulators(settings));
    const cloud = await start(startCloudProcess(settings));
    const gateway = await start(startGatewayProcess(settings));
    const api = new Api(port, readFileSync(lineFiles(folder.path).apiToken, 'utf8'));
    const startCloud = async () => {
      line.cloud = await start(startCloudProcess(settings));
    };
    const ask: RunningLine['control'] = (method, path, body) => control(ports.http, method, path, body);
    const line: RunningLine = { settings, simulators, gateway, cloud, api, startCloud, control: ask, stop };
    const good = async () => (await api.latest()).filter((p) => p.quality === 'good').length;
    await until('values arrive', async () => (await good()) > 500, { timeout: 60_000, every: 500 });
    return line;
  } catch (thrown) {
    await stop();
    throw thrown;
  }
}

async function control<T>(port: number, method: string, path: string, body?: object): Promise<T> {
  const answer = await fetch(`http://127.0.0.1:${port}${path}`, {
    method,
    ...(body ? { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } } : {}),
  });
  if (!answer.ok) throw new Error(`${method} ${path} was answered ${answer.status}: ${await answer.text()}`);
  return (await answer.json()) as T;
}

export const sleep = (ms: number) => systemClock.sleep(ms);
