#!/usr/bin/env node
import { realpathSync } from 'node:fs';
import { describeError } from '@plantroom/base';
import { Command, CommanderError } from 'commander';
import { version } from './config.ts';

/** What a subcommand's module exports: it declares its options and its action on the given command. */
export interface CommandModule {
  declare(command: Command): void;
}

interface Entry {
  readonly name: string;
  readonly about: string;
  readonly load: () => Promise<CommandModule>;
}

// Only the module of the command that is asked for is loaded: `gateway` on small hardware never pays for the cloud's.
const entries: readonly Entry[] = [
  { name: 'demo', about: 'start Harbour Tower, a simulated building', load: () => import('./commands/demo.ts') },
  { name: 'cloud', about: 'run the cloud service', load: () => import('./commands/cloud.ts') },
  { name: 'gateway', about: 'run a gateway or check its site file', load: () => import('./commands/gateway.ts') },
  { name: 'detect', about: 'find what is unusual in a CSV file', load: () => import('./commands/detect.ts') },
  { name: 'stack', about: 'run the whole stack, with its servers', load: () => import('./commands/stack.ts') },
  { name: 'simulate', about: 'inject faults into simulated plant', load: () => import('./commands/simulate.ts') },
];

/** Runs one command line; resolves to the exit code when the command is done. Never throws. */
export async function runCommandLine(args: readonly string[]): Promise<number> {
  const program = new Command('plantroom')
    .description('Plantroom watches the plant rooms of buildings.')
    .version(version(), '-V, --version', 'print the version')
    .exitOverride()
    // Options that follow a subcommand are its own, even where its parent has one of the same name.
    .enablePositionalOptions()
    .showHelpAfterError('(plantroom --help lists the commands)');
  for (const entry of entries) {
    const command = program.command(entry.name).description(entry.about).exitOverride();
    if (args.find((a) => !a.startsWith('-')) === entry.name) (await entry.load()).declare(command);
  }
  try {
    await program.parseAsync([...args], { from: 'user' });
    return Number(process.exitCode ?? 0);
  } catch (thrown) {
    if (thrown instanceof CommanderError) return thrown.exitCode;
    console.error(describeError(thrown));
    return 1;
  }
}

if (process.argv[1] && realpathSync(process.argv[1]) === import.meta.filename)
  process.exitCode = await runCommandLine(process.argv.slice(2));
