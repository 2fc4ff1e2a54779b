import type { Command } from 'commander';
import { smallHeap } from '../config.ts';
import { run, strictUsage } from '../field/usage.ts';
import { declareField } from './gateway-field.ts';
import { declareLog } from './gateway-log-commands.ts';
import { restartWith } from './restart-with.ts';
import { toArguments } from './to-arguments.ts';

/** `plantroom gateway`: the process on site, the check of its site file, and what helps to bring devices into service. */
export function declare(command: Command): void {
  strictUsage(command.command('run <site-file>'))
    .description('read the plant that the site file describes, until Ctrl-C')
    .requiredOption('--data <dir>', 'where the gateway keeps its log and state')
    .option('--cloud <url>', "the broker of the cloud, mqtt://host:port, instead of the site file's")
    .option('--user <name>', 'the name to sign in there, instead of {site}/{gateway}')
    .option('--ca <file>', "the authority that the broker's certificate comes from (PEM)")
    .option('--secret-file <file>', 'the credential that the cloud gave to this gateway')
    .option('--history <file>', 'readings from before the gateway was there (CSV), imported once')
    .option('--status-port <number>', 'a loopback port with /health, /status and /metrics')
    .action(async (siteFile: string, values: Record<string, string>) => {
      restartWith(smallHeap);
      const { optionsFromArguments, runGateway } = await import('@plantroom/gateway/main');
      await runGateway(optionsFromArguments(['--site', siteFile, ...toArguments(values)]));
    });
  strictUsage(command.command('check <site-file>'))
    .description('say all that is wrong with a site file, and which faults its equipment cannot report')
    .action((siteFile: string) => run(async () => (await import('./gateway-check.ts')).checkSite(siteFile)));
  strictUsage(command.command('reload <data-dir>'))
    .description(
      'make the gateway that runs on this data directory read its site file again, touching only what changed',
    )
    .action((directory: string) => run(async () => (await import('./gateway-control.ts')).reload(directory)));
  strictUsage(command.command('certificates <data-dir>'))
    .description(
      'list the OPC UA certificates that this gateway has, trusts and turned away; trust one, or trust it no longer',
    )
    .option('--trust <thumbprint>', 'trust a server that was turned away; the first digits are enough')
    .option('--reject <thumbprint>', 'trust a server no longer')
    .action((directory: string, options: { trust?: string; reject?: string }) =>
      run(async () => (await import('./gateway-certificates.ts')).certificates(directory, options)),
    );
  declareLog(command);
  declareField(command);
}
