import { SingleBar } from 'cli-progress';

/** Tells the person at the keyboard how far the start is. */
export interface Reporter {
  /** A line of its own. */
  line(text: string): void;
  /** One step of the start: shown as running on a terminal, and as done with its detail. */
  step<T>(name: string, run: () => Promise<T>, detail: (result: T) => string): Promise<T>;
  /** A bar from 0 to `total`; `update` moves it. */
  bar(name: string, total: number, unit: string): { update(value: number): void; stop(): void };
}

const width = 16;
/** Plain output tells a bar's progress in this many lines. */
const plainSteps = 4;

/** `live` for a terminal (bars, lines that are written over); otherwise plain lines. */
export function createReporter(live: boolean, write = (text: string) => void process.stdout.write(text)): Reporter {
  return {
    line: (text) => write(`${text}\n`),
    async step(name, run, detail) {
      if (live) write(`  … ${name.padEnd(width)}`);
      try {
        const result = await run();
        write(`${live ? '\r\u001b[K' : ''}  ✓ ${name.padEnd(width)}${detail(result)}\n`);
        return result;
      } catch (thrown) {
        write(`${live ? '\r\u001b[K' : ''}  ✗ ${name}\n`);
        throw thrown;
      }
    },
    bar: (name, total, unit) => (live ? liveBar(name, total, unit) : plainBar(name, total, unit, write)),
  };
}

function liveBar(name: string, total: number, unit: string): { update(value: number): void; stop(): void } {
  const format = `  … ${name.padEnd(width)}{bar} {percentage} %  {value} of {total} ${unit}`;
  const bar = new SingleBar({ format, hideCursor: true, barsize: 24, clearOnComplete: true });
  bar.start(total, 0);
  return { update: (value) => bar.update(value), stop: () => bar.stop() };
}

function plainBar(
  name: string,
  total: number,
  unit: string,
  write: (text: string) => void,
): { update(value: number): void; stop(): void } {
  let told = 0;
  return {
    update(value) {
      const step = Math.floor((value / Math.max(1, total)) * plainSteps);
      if (step > told && step < plainSteps)
        write(`  … ${name.padEnd(width)}${Math.round((100 * step) / plainSteps)} %  ${value} of ${total} ${unit}\n`);
      told = Math.max(told, step);
    },
    stop() {},
  };
}
