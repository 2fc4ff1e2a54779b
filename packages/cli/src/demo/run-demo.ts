import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { describeError, Lifecycle, untilSignal } from '@plantroom/base';
import { SimulatorControl } from '../simulators/control.ts';
import { untilAlive } from './building-alive.ts';
import { type Child, firstUnexpectedEnd } from './child.ts';
import { CloudApi } from './cloud-api.ts';
import { type DataDirectory, openDataDirectory } from './data-directory.ts';
import { injectFirstFault } from './first-fault.ts';
import { followHistory } from './history-progress.ts';
import {
  type LineSettings,
  lineFiles,
  prepareLine,
  startCloudProcess,
  startGatewayProcess,
  startSimulators,
} from './line.ts';
import type { DemoOptions } from './options.ts';
import { requirePort } from './ports.ts';
import { readyLine } from './ready-line.ts';
import { createReporter, type Reporter } from './reporter.ts';
import { type DemoState, loadState, saveState } from './state.ts';
import { buildWebIfNeeded, webDirectory } from './web-build.ts';

/** Milliseconds that a process may take to be ready; the first start of a slow machine is the measure. */
const patience = 120_000;

/** Runs the demo until Ctrl-C; resolves to the exit code, 1 when it could not start or a process of it died. */
export async function runDemo(options: DemoOptions): Promise<number> {
  const reporter = createReporter(!options.headless && process.stdout.isTTY === true);
  const lifecycle = new Lifecycle();
  const stopAsked = untilSignal();
  try {
    await requirePort(options.port);
    const directory = await openDataDirectory(options.data, options.port);
    lifecycle.onStop('data directory', () => directory.release());
    const demo = new Demo(options, directory, reporter, lifecycle);
    const ended = await Promise.race([demo.run(), stopAsked]);
    if (ended === 'SIGINT' || ended === 'SIGTERM') reporter.line('\nStopping ...');
    return 0;
  } catch (thrown) {
    console.error(`\n${describeError(thrown)}`);
    return 1;
  } finally {
    for (const failure of await lifecycle.stop()) console.error(failure.message);
  }
}

class Demo {
  readonly #options: DemoOptions;
  readonly #directory: DataDirectory;
  readonly #reporter: Reporter;
  readonly #lifecycle: Lifecycle;
  readonly #children: Child[] = [];

  constructor(options: DemoOptions, directory: DataDirectory, reporter: Reporter, lifecycle: Lifecycle) {
    this.#options = options;
    this.#directory = directory;
    this.#reporter = reporter;
    this.#lifecycle = lifecycle;
  }

  /** Starts the line in the order in which each part finds what it needs; resolves only by an error. */
  async run(): Promise<never> {
    const { port, history } = this.#options;
    const { path, logs } = this.#directory;
    this.#reporter.line(`Harbour Tower 海港大厦, data in ${path}`);
    const state = await loadState(this.#directory, this.#options.seed, port);
    saveState(this.#directory, state);
    const wantsHistory = history && !state.historyDone;
    const line: LineSettings = {
      directory: path,
      logs,
      ports: state.ports,
      port,
      seed: state.seed,
      history: wantsHistory,
      webDirectory,
    };
    prepareLine(line);
    const api = await this.#startProcesses(line);
    await this.#untilLinked(line, state, api);
    return firstUnexpectedEnd(this.#children);
  }

  async #startProcesses(line: LineSettings): Promise<CloudApi> {
    // The simulators make the history meanwhile.
    const simulators = this.#watch(startSimulators(line));
    const ready = readyLine(simulators, patience);
    ready.catch(() => {});
    await this.#step(
      'dashboard',
      () => buildWebIfNeeded(),
      (built) => (built ? 'built' : 'up to date'),
    );
    await this.#step(
      'simulators',
      () => ready,
      () => '6 lifts, 8 pumps, 2 tanks, 12 meters, 1 fire panel, 10 sensors',
    );
    const cloud = this.#watch(startCloudProcess(line));
    await this.#step(
      'cloud',
      () => readyLine(cloud, patience),
      () => `http://127.0.0.1:${line.port}`,
    );
    const gateway = this.#watch(startGatewayProcess(line));
    await this.#step(
      'gateway',
      () => readyLine(gateway, patience),
      () => 'reads OPC UA, Modbus TCP and MQTT',
    );
    const token = readFileSync(lineFiles(line.directory).apiToken, 'utf8').trim();
    return new CloudApi(`http://127.0.0.1:${line.port}`, token);
  }

  async #untilLinked(line: LineSettings, state: DemoState, api: CloudApi): Promise<void> {
    const control = new SimulatorControl(`http://127.0.0.1:${state.ports.http}`);
    await this.#step(
      'live values',
      () => untilAlive(api, 30_000),
      ({ good, points }) => `${good} of ${points} points good`,
    );
    await this.#step(
      'first fault',
      () => injectFirstFault(control),
      (told) => told,
    );
    if (line.history) await this.#orEnd(followHistory(api, this.#reporter));
    saveState(this.#directory, { ...state, historyDone: state.historyDone || line.history });
    const files = lineFiles(line.directory);
    if (this.#options.tokenFile) writeSecret(this.#options.tokenFile, readFileSync(files.apiToken, 'utf8'));
    const token = readFileSync(files.signInToken, 'utf8').trim();
    this.#reporter.line(`\nOpen http://127.0.0.1:${line.port}/sign-in#token=${token}`);
  }

  #step<T>(name: string, run: () => Promise<T>, detail: (result: T) => string): Promise<T> {
    return this.#reporter.step(name, () => this.#orEnd(run()), detail);
  }

  /** The result, unless a process of the line dies first. */
  #orEnd<T>(work: Promise<T>): Promise<T> {
    return Promise.race([work, firstUnexpectedEnd(this.#children)]);
  }

  #watch(child: Child): Child {
    this.#children.push(child);
    this.#directory.noteChildren(this.#children.map((c) => c.pid));
    this.#lifecycle.onStop(child.name, () => child.stop());
    return child;
  }
}

/** Renamed into place, so that a script never reads half of it. */
function writeSecret(file: string, text: string): void {
  writeFileSync(`${file}.new`, text, { mode: 0o600 });
  renameSync(`${file}.new`, file);
}
