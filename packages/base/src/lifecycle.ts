import { coerceError } from './errors.ts';

interface CleanUp {
  readonly name: string;
  run(): void | Promise<void>;
}

/** What must be undone when a process or a part stops: last in, first out, each under its name. */
export class Lifecycle {
  readonly #cleanUps: CleanUp[] = [];
  #stopping: Promise<Error[]> | undefined;

  onStop(name: string, run: () => void | Promise<void>): void {
    this.#cleanUps.push({ name, run });
  }

  /** Runs every clean-up even when one fails; gives the failures. A second call waits for the first. */
  stop(): Promise<Error[]> {
    this.#stopping ??= this.#runAll();
    return this.#stopping;
  }

  async #runAll(): Promise<Error[]> {
    const failures: Error[] = [];
    for (let next = this.#cleanUps.pop(); next; next = this.#cleanUps.pop()) {
      try {
        await next.run();
      } catch (thrown) {
        failures.push(new Error(`could not stop ${next.name}: ${coerceError(thrown).message}`, { cause: thrown }));
      }
    }
    return failures;
  }
}

/** Resolves at the first SIGINT or SIGTERM. */
export function untilSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    process.once('SIGINT', resolve);
    process.once('SIGTERM', resolve);
  });
}

/** Ends the process with code 1 when it has not ended by itself `delay` ms from now; holds nothing up meanwhile. */
export function exitWithin(delay: number): void {
  setTimeout(() => process.exit(1), delay).unref();
}
