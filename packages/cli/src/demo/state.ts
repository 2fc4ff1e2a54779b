import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { PlantroomError } from '@plantroom/base';
import type { DataDirectory } from './data-directory.ts';
import { choosePorts } from './ports.ts';
import { type SitePort, templatePorts } from './site-file.ts';

/** Ports of the demo besides the dashboard's: those in the site file, and the simulators' control address. */
export type DemoPorts = Record<SitePort | 'http', number>;

/** What a demo keeps from one start to the next, in `demo.json`. */
export interface DemoState {
  readonly seed: number;
  readonly ports: DemoPorts;
  /** The history has arrived, or was not wanted. */
  readonly historyDone: boolean;
}

const portNames = [...(Object.keys(templatePorts) as SitePort[]), 'http'] as const;
const firstPorts = { ...templatePorts, http: 15_020 };

/** The state of the folder with ports that are free now (`port` is the dashboard's): those of last time where possible. */
export async function loadState(directory: DataDirectory, seed: number | undefined, port: number): Promise<DemoState> {
  const before = readState(directory);
  if (before && seed !== undefined && seed !== before.seed)
    throw new PlantroomError('demo-seed', `${directory.path} holds a building with seed ${before.seed}, not ${seed}.`, {
      hint: 'Leave out --seed, or start another building with --data DIR.',
    });
  const ports = await choosePorts(portNames, before?.ports ?? firstPorts, [port]);
  return { seed: before?.seed ?? seed ?? 1, ports, historyDone: before?.historyDone ?? false };
}

export function saveState(directory: DataDirectory, state: DemoState): void {
  writeFileSync(directory.file('demo.json'), `${JSON.stringify(state, undefined, 2)}\n`);
}

function readState(directory: DataDirectory): DemoState | undefined {
  const file = directory.file('demo.json');
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as DemoState) : undefined;
}
