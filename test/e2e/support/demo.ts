import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort, type RunningProcess, startProcess, temporaryDirectory, until } from '@plantroom/testing';
import { Api } from './api.ts';

const root = join(import.meta.dirname, '..', '..', '..');

/** A demo as a newcomer starts it: `npm run demo`, nothing else known of it than its options, output and API. */
export interface RunningDemo {
  readonly port: number;
  readonly data: string;
  readonly api: Api;
  readonly process: RunningProcess;
  /** Milliseconds (wall clock) at which it was started. */
  readonly startedAt: number;
  readonly signInLink: string;
  /** What it keeps in `demo.json`. */
  readonly ports: Readonly<Record<string, number>>;
  /** Ctrl-C; resolves when all of it has ended. `clean`: without a complaint, and the data directory is free again. */
  stop(): Promise<{ clean: boolean; seconds: number }>;
}

export interface DemoOptions {
  readonly port: number;
  readonly data: string;
  readonly extra?: readonly string[];
}

export function startDemoProcess({ port, data, extra = [] }: DemoOptions): RunningProcess {
  const args = ['run', 'demo', '--silent', '--', '--headless', '--port', String(port), '--data', data, ...extra];
  return startProcess('npm', args, { cwd: root, detached: true });
}

/** Starts a demo and waits until it has printed its link; throws with its output when it ends before. */
export async function startDemo(options: DemoOptions): Promise<RunningDemo> {
  using folder = temporaryDirectory('plantroom-token');
  const tokenFile = join(folder.path, 'token');
  const startedAt = Date.now();
  const process = startDemoProcess({ ...options, extra: ['--token-file', tokenFile, ...(options.extra ?? [])] });
  let over = false;
  void process.ended.then(() => {
    over = true;
  });
  const signInLink = await until(
    'the demo prints its link',
    () => {
      if (over) return 'ended';
      return /^Open (http:\S+)$/m.exec(process.stdout())?.[1];
    },
    { timeout: 180_000 },
  );
  if (signInLink === 'ended') throw new Error(`the demo ended:\n${process.stdout()}\n${process.stderr()}`);
  const state = JSON.parse(readFileSync(join(options.data, 'demo.json'), 'utf8')) as { ports: Record<string, number> };
  return {
    port: options.port,
    data: options.data,
    api: new Api(options.port, readFileSync(tokenFile, 'utf8')),
    process,
    startedAt,
    signInLink,
    ports: state.ports,
    async stop() {
      const before = Date.now();
      const { code, signal, stderr } = await process.stop('SIGINT', 30_000);
      // npm ends by the signal that it was sent, after its child has ended.
      const clean =
        (code === 0 || signal === 'SIGINT') && stderr === '' && !existsSync(join(options.data, 'demo.lock'));
      return { clean, seconds: (Date.now() - before) / 1000 };
    },
  };
}

export { freePort };
