import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { type Clock, systemClock } from '@plantroom/base';

/** A program of the stack, as a service manager would run it. */
export interface ServiceOptions {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  /** Who runs it, when not this process's user. */
  readonly account?: { readonly uid: number; readonly gid: number } | undefined;
  /** SIGTERM unless told. */
  readonly stopSignal?: NodeJS.Signals;
  readonly logs: string;
  /** Told of each start, and how a program ended that was not asked to. */
  readonly onStart?: (pid: number | undefined) => void;
  readonly onEnd?: (how: string) => void;
  readonly clock?: Clock;
}

/** ms between the end of a program and its next start; and how long it may take to stop. */
const pause = 1000;
const grace = 20_000;

/** Runs a program, and again whenever it ends by itself, until it is stopped; its output goes to `{name}.log`. */
export class Service {
  readonly name: string;
  readonly #options: ServiceOptions;
  readonly #clock: Clock;
  readonly #stopping = new AbortController();
  #child: ChildProcess | undefined;
  #run: Promise<void>;

  constructor(options: ServiceOptions) {
    this.name = options.name;
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#run = this.#keepRunning();
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#child?.kill(this.#options.stopSignal ?? 'SIGTERM');
    const late = new AbortController();
    const patience = this.#clock.sleep(grace, late.signal).then(() => 'late');
    if ((await Promise.race([this.#run, patience])) === 'late') this.#child?.kill('SIGKILL');
    late.abort();
    await this.#run;
  }

  async #keepRunning(): Promise<void> {
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      const how = await this.#runOnce();
      if (!signal.aborted) this.#options.onEnd?.(how);
      await this.#clock.sleep(pause, signal);
    }
  }

  #runOnce(): Promise<string> {
    const { name, command, args, env, account, logs } = this.#options;
    const log = openSync(join(logs, `${name}.log`), 'a', 0o600);
    // It must not outlive this process, however this one ends.
    const child = spawn('setpriv', ['--pdeathsig', 'SIGTERM', '--', command, ...args], {
      ...account,
      env: { ...process.env, ...env },
      // A group of its own: Ctrl-C reaches this process alone, which stops the rest in order.
      detached: true,
      stdio: ['ignore', log, log],
    });
    closeSync(log);
    this.#child = child;
    this.#options.onStart?.(child.pid);
    return new Promise((resolve) => {
      child.once('error', ({ message }) => resolve(message));
      child.once('exit', (code, killed) => resolve(killed === null ? `code ${code}` : killed));
    });
  }
}
