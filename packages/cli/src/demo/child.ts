import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { type Clock, PlantroomError, systemClock } from '@plantroom/base';
import { dieWithParent } from '../config.ts';

export interface ChildOptions {
  /** How people call it: `cloud`. Its log is `{name}.log` in the folder. */
  readonly name: string;
  /** The TypeScript file to run. */
  readonly entry: string;
  readonly args: readonly string[];
  /** For node itself. */
  readonly nodeFlags?: readonly string[];
  /** Its environment; this process's own unless told. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly logDirectory: string;
  readonly clock?: Clock;
}

/** A process of the line, started and watched by this one. */
export interface Child {
  readonly name: string;
  readonly pid: number;
  readonly logFile: string;
  /** Resolves when the process has ended, to `exit code 1` or `signal SIGKILL`. */
  readonly ended: Promise<string>;
  /** Everything that it printed on standard output so far. */
  output(): string;
  /** The end of its log, for a person. */
  lastLines(count: number): string;
  /** SIGTERM, and SIGKILL when that does not help within `grace` ms (6 s unless told). */
  stop(grace?: number): Promise<void>;
  kill(signal: NodeJS.Signals): void;
}

/** Starts a process with this Node; its standard error goes to its log file, as does its standard output. */
export function startChild(options: ChildOptions): Child {
  const { clock = systemClock } = options;
  const logFile = join(options.logDirectory, `${options.name}.log`);
  keepPrevious(logFile);
  const log = openSync(logFile, 'a', 0o600);
  const flags = [...(options.nodeFlags ?? []), '--import', dieWithParent];
  const process_ = spawn(process.execPath, [...flags, options.entry, ...options.args], {
    // A process group of its own: Ctrl-C reaches the parent alone, which then stops the line in order.
    detached: true,
    windowsHide: true,
    stdio: ['pipe', 'pipe', log],
    ...(options.env ? { env: options.env } : {}),
  });
  closeSync(log);
  process_.stdin?.on('error', () => {});
  const output: string[] = [];
  process_.stdout?.setEncoding('utf8').on('data', (text: string) => void output.push(text));
  const ended = endOf(process_);
  return {
    name: options.name,
    pid: process_.pid ?? 0,
    logFile,
    ended,
    output: () => output.join(''),
    lastLines: (count) => lastLines(logFile, output.join(''), count),
    kill: (signal) => void process_.kill(signal),
    async stop(grace = 6_000) {
      process_.kill('SIGTERM');
      const late = new AbortController();
      const patience = clock.sleep(grace, late.signal).then(() => 'late');
      if ((await Promise.race([ended, patience])) === 'late') process_.kill('SIGKILL');
      late.abort();
      await ended;
    },
  };
}

function endOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    child.once('error', (error) => resolve(`could not start: ${error.message}`));
    child.once('exit', (code, signal) => resolve(signal ? `signal ${signal}` : `exit code ${code}`));
  });
}

function keepPrevious(logFile: string): void {
  try {
    renameSync(logFile, logFile.replace(/\.log$/, '.previous.log'));
  } catch {
    // The first start: there is none.
  }
}

function lastLines(logFile: string, output: string, count: number): string {
  const text = `${readFileSync(logFile, 'utf8')}${output}`.trimEnd();
  return text.split('\n').slice(-count).join('\n');
}

/** Rejects, naming the process and the end of its log, when one of the children ends; never resolves. */
export async function firstUnexpectedEnd(children: readonly Child[]): Promise<never> {
  const { child, how } = await Promise.race(children.map((child) => child.ended.then((how) => ({ child, how }))));
  throw new PlantroomError(
    'demo-child-ended',
    `The ${child.name} stopped by itself (${how}). Its last lines:
${indent(child.lastLines(12))}
The whole log: ${child.logFile}`,
  );
}

function indent(text: string): string {
  return text.replace(/^/gm, '    ');
}
