import { describeError, errorCode, PlantroomError } from '@plantroom/base';
import { type Command, CommanderError, InvalidArgumentError } from 'commander';

/** The command line itself is wrong: exit code 2. */
export function usage(message: string, hint: string): PlantroomError {
  return new PlantroomError('usage', message, { hint });
}

/** Exit codes of the commands of this folder: nothing to mend, a problem, a command line that is not understood. */
export const exitCodes = { fine: 0, problem: 1, usage: 2 } as const;

/** Makes wrong options and arguments end with exit code 2, as `usage` does. */
export function strictUsage(command: Command): Command {
  return command.exitOverride((error) => {
    throw new CommanderError(error.exitCode === 0 ? 0 : exitCodes.usage, error.code, error.message);
  });
}

/** Runs what a command does: its result says whether all is well; errors are told in a line. Sets the exit code. */
export async function run(work: () => boolean | Promise<boolean>): Promise<void> {
  // Who reads through `head` or quits `less` has seen enough.
  process.stdout.on('error', (error) => {
    if (errorCode(error) === 'EPIPE') process.exit(exitCodes.fine);
  });
  try {
    process.exitCode = (await work()) ? exitCodes.fine : exitCodes.problem;
  } catch (thrown) {
    console.error(describeError(thrown));
    const isUsage = thrown instanceof PlantroomError && thrown.code === 'usage';
    process.exitCode = isUsage ? exitCodes.usage : exitCodes.problem;
  }
}

/** A whole number of an option, within bounds. */
export function wholeNumber(text: string, minimum: number, maximum: number): number {
  const number = /^0x[0-9a-f]+$/i.test(text) || /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (number >= minimum && number <= maximum) return number;
  throw new InvalidArgumentError(`Write a whole number from ${minimum} to ${maximum}.`);
}
