import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

/** A part of the bench in a process of its own, which ends with this one. */
export class BenchChild<Question extends object, Answer> implements Disposable {
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess) {
    this.#child = child;
  }

  /** Starts a file of this folder; gives its first message beside it. */
  static async start<Question extends object, Answer>(
    file: string,
    args: readonly (string | number)[] = [],
  ): Promise<{ child: BenchChild<Question, Answer>; port: number }> {
    const child = fork(join(import.meta.dirname, file), args.map(String), {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    const { port = 0 } = await heard<{ port?: number }>(child);
    return { child: new BenchChild(child), port };
  }

  async ask(question: Question): Promise<Answer> {
    const answer = heard<Answer>(this.#child);
    this.#child.send(question);
    return answer;
  }

  [Symbol.dispose](): void {
    this.#child.kill('SIGKILL');
  }
}

/** The next message; rejects when the process ends instead. */
async function heard<T>(child: ChildProcess): Promise<T> {
  const enough = new AbortController();
  const ended = once(child, 'exit', { signal: enough.signal }).then(([code]): never => {
    throw new Error(`${child.spawnargs[1]} ended with code ${code}`);
  });
  try {
    const [message] = await Promise.race([once(child, 'message', { signal: enough.signal }), ended]);
    return message;
  } finally {
    ended.catch(() => {});
    enough.abort();
  }
}
