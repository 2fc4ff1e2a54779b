import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type RunningProcess, startProcess, until } from '@plantroom/testing';

const commandLine = join(import.meta.dirname, '..', '..', 'packages', 'cli', 'bin', 'plantroom.js');
const kibibytes = 1024;
/** Milliseconds; a site of thousands of meters takes its time. */
const startPatience = 120_000;

/** The gateway as a person starts it, in a process of its own, measured through its own page of metrics and by the system. */
export class GatewayProcess {
  readonly #process: RunningProcess;
  readonly #page: string;

  private constructor(running: RunningProcess, page: string) {
    this.#process = running;
    this.#page = page;
  }

  /** Resolves when the gateway is ready; throws with its log when it ends before. */
  static async start(site: string, args: readonly string[]): Promise<GatewayProcess> {
    const command = [commandLine, 'gateway', 'run', site, '--status-port', '0', ...args];
    const running = startProcess(process.execPath, command);
    const ended = running.ended.then(({ stderr, stdout }) => {
      throw new Error(`the gateway ended:\n${stderr}${stdout}`);
    });
    const port = () => /"statusPort":(\d+)/.exec(running.stdout())?.[1];
    const ready = await Promise.race([until('the gateway is ready', port, { timeout: startPatience }), ended]);
    ended.catch(() => {});
    return new GatewayProcess(running, `http://127.0.0.1:${ready}/metrics`);
  }

  /** The sum of every metric over its labels, by name. Times of the event loop count from the last call. */
  async metrics(): Promise<ReadonlyMap<string, number>> {
    const text = await (await fetch(this.#page)).text();
    const sums = new Map<string, number>();
    for (const [, name = '', value] of text.matchAll(/^(\w+)(?:\{.*\})? (\S+)$/gm))
      sums.set(name, (sums.get(name) ?? 0) + Number(value));
    return sums;
  }

  /** Memory now and at its highest, MiB; the system gives it on Linux alone. */
  memory(): { now: number; highest: number } {
    const status = readFileSync(`/proc/${this.#process.pid}/status`, 'utf8');
    const of = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)?.[1]) / kibibytes;
    return { now: of('VmRSS'), highest: of('VmHWM') };
  }

  async stop(): Promise<void> {
    await this.#process.stop();
  }
}
