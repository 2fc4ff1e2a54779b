import type { Command } from 'commander';
import { run, strictUsage } from '../field/usage.ts';

/** `plantroom gateway backlog` and `quarantine`: what the log holds, of a gateway that runs or one that is stopped. */
export function declareLog(command: Command): void {
  strictUsage(command.command('backlog <data-dir>'))
    .description('say what waits for the cloud, since when, what became of the rest, and when the log is full')
    .action((directory: string) => run(async () => (await import('./gateway-log.ts')).backlog(directory)));
  const quarantine = command.command('quarantine').description('frames that the cloud has rejected');
  strictUsage(quarantine.command('list <data-dir>'))
    .description('list them with their reasons; exit code 1 when there are any')
    .action((directory: string) => run(async () => (await import('./gateway-log.ts')).listQuarantine(directory)));
  strictUsage(quarantine.command('replay <data-dir> [frame]'))
    .description('send one again, or all')
    .action((directory: string, frame = 'all') => treat(directory, 'replay', frame));
  strictUsage(quarantine.command('drop <data-dir> <frame>'))
    .description('give one up for good, or `all`; a gap record says what is missing')
    .action((directory: string, frame: string) => treat(directory, 'drop', frame));
}

function treat(directory: string, action: 'replay' | 'drop', frame: string): Promise<void> {
  return run(async () => (await import('./gateway-log.ts')).treatQuarantine(directory, action, frame));
}
