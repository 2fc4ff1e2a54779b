import { type SpawnOptions, spawn } from 'node:child_process';
import { systemClock } from '@plantroom/base';

export interface RunResult {
  /** null when a signal ended it. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunningProcess {
  readonly pid: number;
  readonly ended: Promise<RunResult>;
  stdout(): string;
  stderr(): string;
  kill(signal: NodeJS.Signals): void;
  /** The signal, and SIGKILL when it has not ended `grace` ms later. */
  stop(signal?: NodeJS.Signals, grace?: number): Promise<RunResult>;
}

/**
 * Starts a program and collects what it prints. With `detached` it leads a process group of its own, and signals go to all
 * of the group, as a Ctrl-C in a terminal does.
 */
export function startProcess(command: string, args: readonly string[], options: SpawnOptions = {}): RunningProcess {
  const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  const kill = (signal: NodeJS.Signals) => {
    if (!options.detached) child.kill(signal);
    else if (child.pid !== undefined) killGroup(child.pid, signal);
  };
  const out: string[] = [];
  const err: string[] = [];
  child.stdout?.setEncoding('utf8').on('data', (text: string) => void out.push(text));
  child.stderr?.setEncoding('utf8').on('data', (text: string) => void err.push(text));
  const ended = new Promise<RunResult>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve({ code, signal, stdout: out.join(''), stderr: err.join('') }));
  });
  ended.catch(() => {});
  return {
    pid: child.pid ?? 0,
    ended,
    stdout: () => out.join(''),
    stderr: () => err.join(''),
    kill,
    async stop(signal = 'SIGTERM', grace = 15_000) {
      kill(signal);
      const late = new AbortController();
      void systemClock.sleep(grace, late.signal).then(() => late.signal.aborted || kill('SIGKILL'));
      const result = await ended;
      late.abort();
      return result;
    },
  };
}

function killGroup(leader: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-leader, signal);
  } catch {
    // All of it has ended.
  }
}

/** Runs a program to its end; one that outlives `timeout` ms (30 s unless told) is killed. */
export function run(
  command: string,
  args: readonly string[],
  timeout = 30_000,
  options: SpawnOptions = {},
): Promise<RunResult> {
  return startProcess(command, args, { ...options, timeout, killSignal: 'SIGKILL' }).ended;
}
