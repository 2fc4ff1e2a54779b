import { spawn } from 'node:child_process';
import type { Command } from 'commander';
import { dieWithParent, processEntries } from '../config.ts';
import { type ActiveFault, SimulatorControl } from '../simulators/control.ts';
import { findControlUrl } from '../simulators/find-control-url.ts';
import { describeParameter, parseParameters } from '../simulators/parameters.ts';

interface Where {
  readonly url?: string;
  readonly data?: string;
}

/** `plantroom simulate`: starts the simulated building, or puts faults into one that runs. */
export function declare(command: Command): void {
  command
    .command('run')
    .description('start the simulated building alone; its options are in simulators/README.md')
    .argument('[options...]')
    .allowUnknownOption()
    .helpOption(false)
    .action((options: string[]) => runSimulators(options));
  at(command.command('list').description('list what can go wrong, where, and what is wrong now')).action(list);
  at(
    command
      .command('inject <fault> <target> [parameters...]')
      .description('let a fault happen: inject pump-dry-run booster-1 tripAfter=30'),
  ).action(inject);
  at(
    command.command('clear [what]').description('end a fault by its id, those of an equipment, or all of them'),
  ).action(clear);
}

function at(command: Command): Command {
  return command
    .option('--url <url>', 'the control address of the simulators, http://127.0.0.1:PORT')
    .option('--data <dir>', 'the data directory of the demo whose simulators are meant (./data)');
}

/** The simulators in a process of their own; a signal to this one is theirs. */
async function runSimulators(options: readonly string[]): Promise<void> {
  const child = spawn(process.execPath, ['--import', dieWithParent, processEntries.simulators, ...options], {
    detached: true,
    stdio: ['pipe', 'inherit', 'inherit'],
  });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal));
  const code = await new Promise<number | null>((resolve) => child.once('exit', resolve));
  process.exit(code ?? 1);
}

async function list(where: Where): Promise<void> {
  const { catalogue, active } = await new SimulatorControl(findControlUrl(where)).faults();
  for (const { fault, title, targets, parameters } of catalogue) {
    console.log(`${fault.padEnd(26)} ${title.en}\n${''.padEnd(27)}on ${describeTargets(targets)}`);
    const told = Object.entries(parameters).map(([name, schema]) => describeParameter(name, schema));
    if (told.length > 0) console.log(`${''.padEnd(27)}${told.join(', ')}`);
  }
  console.log('\nUnits, and what each fault does: simulators/README.md, "Faults".');
  console.log(active.length === 0 ? '\nNothing is wrong at the moment.' : `\nActive:`);
  for (const one of active) console.log(`  ${describe(one)}`);
}

async function inject(fault: string, target: string, parameters: readonly string[], where: Where): Promise<void> {
  const control = new SimulatorControl(findControlUrl(where));
  const active = await control.inject(fault, target, parseParameters(parameters));
  console.log(`Active: ${describe(active)}\nEnd it with: npx plantroom simulate clear ${active.id}`);
}

async function clear(what: string | undefined, where: Where): Promise<void> {
  const control = new SimulatorControl(findControlUrl(where));
  const { active } = await control.faults();
  const meant = active.filter((one) => what === undefined || what === one.id || what === one.target);
  if (meant.length === 0)
    console.log(what === undefined ? 'Nothing is wrong.' : `Nothing active has the id or target ${what}.`);
  if (meant.length === 0 && what !== undefined) process.exitCode = 1;
  for (const one of meant) {
    await control.clear(one.id);
    console.log(`Cleared: ${describe(one)}`);
  }
}

function describeTargets(targets: readonly string[]): string {
  const most = 12;
  return targets.length <= most ? targets.join(', ') : `${targets.length} of the equipment, such as ${targets[0]}`;
}

function describe(one: ActiveFault): string {
  return `${one.id}  ${one.fault} on ${one.target}`;
}
