import type { Command } from 'commander';
import { run, strictUsage } from '../field/usage.ts';
import { toArguments } from './to-arguments.ts';

/** `plantroom cloud`: ingest, API, jobs and dashboard in one process, until Ctrl-C; and the enrolment of gateways. */
export function declare(command: Command): void {
  command
    .enablePositionalOptions()
    .option('--data <dir>', 'where records and, unless told otherwise, time series are kept')
    .option('--config <file>', 'which databases are used; without it all is kept in the data directory')
    .option('--broker <url>', 'a broker that runs by itself (mqtts://...), instead of the embedded one')
    .option('--roles <roles>', 'what this process does of ingest,api,jobs; all of it unless told')
    .option('--host <address>', 'the address to listen on (127.0.0.1)')
    .option('--port <number>', 'the port of dashboard and API (0: any free one)')
    .option('--mqtt-port <number>', 'the port that gateways connect to (0: any free one)')
    .option('--web <dir>', 'the built dashboard; without it only the API is served')
    .option('--public-url <url>', 'how people reach the dashboard from outside')
    .option('--sign-in-token-file <file>', 'receives a fresh one-time sign-in token at each start')
    .option('--api-token-file <file>', 'receives a fresh API token at each start')
    .option('--enrol <site/gateway:secret-file...>', 'gateways that may connect; a missing secret file is written')
    .action(async (values: Record<string, string | string[]>) => {
      const { optionsFromArguments, runCloud } = await import('@plantroom/cloud/main');
      await runCloud(optionsFromArguments(toArguments(values)));
    });
  strictUsage(command.command('enrol [site/gateway:secret-file...]'))
    .description('give gateways, and the cloud itself, their rights at the broker that the configuration file names')
    .requiredOption('--config <file>', 'names the broker, and its administrator under `broker.enrolment`')
    .action((gateways: string[], { config }: { config: string }) =>
      run(async () => {
        const { enrolAtBroker } = await import('@plantroom/cloud/main');
        await enrolAtBroker(config, gateways);
        return true;
      }),
    );
}
