import type { Command } from 'commander';
import { type DemoOptions, defaultDataDirectory, parsePort, parseSeed } from '../demo/options.ts';

/** `plantroom demo`: a living building on this machine, until Ctrl-C. */
export function declare(command: Command): void {
  command
    .option('--port <number>', 'the port of dashboard and API', parsePort, 8080)
    .option('--data <dir>', 'where the demo keeps its data', defaultDataDirectory)
    .option('--token-file <file>', 'write an API token for scripts to this file')
    .option('--headless', 'plain lines for logs and scripts', false)
    .option('--seed <number>', 'another building life: weather, passengers, loads', parseSeed)
    .option('--no-history', 'leave out the 60 days of energy history')
    .action(async (options: DemoOptions) => {
      const { runDemo } = await import('../demo/run-demo.ts');
      // What still waits for an answer of a stopped process must not hold the terminal.
      process.exit(await runDemo(options));
    });
}
