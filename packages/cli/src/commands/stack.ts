import type { Command } from 'commander';
import { parsePort } from '../demo/options.ts';
import type { StackOptions } from '../stack/run-stack.ts';

/** `plantroom stack`: the production-shaped stack, and the secrets that its parts share. */
export function declare(command: Command): void {
  command
    .command('run', { isDefault: true })
    .description("run it from Debian's packages, with the simulated building, until Ctrl-C")
    .option('--data <dir>', 'where all of it keeps its data', './data-stack')
    .option('--port <number>', 'the port of dashboard and API', parsePort, 8080)
    .option('--mqtt-port <number>', "the broker's port, for gateways of your own; else the one of last time", parsePort)
    .option('--workers <number>', 'processes that store what gateways send', parseWorkers, 2)
    .action(async (options: StackOptions) => {
      const { runStack } = await import('../stack/run-stack.ts');
      process.exit(await runStack(options));
    });
  command
    .command('secrets <dir>')
    .description('make certificates and a secret for every door between the parts; what is there stays')
    .option('--name <host...>', 'under which gateways and cloud reach the broker', ['localhost', '127.0.0.1'])
    .action(async (folder: string, { name }: { name: string[] }) => {
      const { makeSecrets } = await import('../stack/secrets.ts');
      makeSecrets(folder, name);
    });
}

function parseWorkers(text: string): number {
  const workers = Number(text);
  if (Number.isInteger(workers) && workers >= 1 && workers <= 16) return workers;
  throw new Error(`${text} is no number of workers; write 1 to 16.`);
}
