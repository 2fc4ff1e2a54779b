import { alarmStateOf, longestShelving } from '@plantroom/model';
import type { CommandAction, CommandOutcome, DetectionCommand } from '../types.ts';
import type { AlarmBook } from './alarm-book.ts';
import type { Instance } from './instance.ts';

/** The commands answered last, by id: the cloud sends one again until it sees the echo. */
export type CommandLog = Map<string, CommandOutcome>;

const remembered = 256;
const hour = 3_600_000;
const usualShelving = 8 * hour;
/** Clocks differ; a command from further ahead is of a clock that is wrong. */
const tolerance = 10 * 60_000;

/** The command by the gateway's clock: one from a clock that is far ahead counts from now, for as long as it was meant to. */
export function inGatewayTime(command: DetectionCommand, now: number): DetectionCommand {
  const ahead = command.time - now;
  if (ahead <= tolerance) return command;
  return { ...command, time: now, ...(command.until !== undefined && { until: command.until - ahead }) };
}

/**
 * Carries out a command on its alarm (undefined: not open here). The alarm's next version echoes the command's id even if
 * nothing changed. Returns an outcome when there is something to say beyond that echo: it did nothing, or came twice.
 */
export function answerCommand(
  command: DetectionCommand,
  instance: Instance | undefined,
  book: AlarmBook,
  log: CommandLog,
): CommandOutcome | undefined {
  const earlier = log.get(command.id);
  if (earlier) return { ...earlier, reason: 'this command has been answered before' };
  const { id, action, time, actor, comment } = command;
  if (!instance?.open) {
    const reason = 'the alarm is over or not known to this gateway';
    return remember(log, { command: id, applied: false, reason, isUnknown: true });
  }
  const before = alarmStateOf(instance.open.alarm.facts);
  const shelving = { until: shelvingEnd(command), oneShot: command.oneShot ?? false };
  const cause = { at: time, actor, comment, command: id, shelving, reasons: [{ stage: 'command', reason: action }] };
  const applied = book.apply(instance, action, cause);
  if (applied) {
    remember(log, { command: id, applied, reason: action });
    return undefined;
  }
  book.touch(instance, 'none', undefined, cause);
  return remember(log, { command: id, applied, reason: whyNot(action, instance.fault.safety, before) });
}

function shelvingEnd({ time, until }: DetectionCommand): number {
  return Math.min(time + longestShelving, Math.max(time + 60_000, until ?? time + usualShelving));
}

function whyNot(action: CommandAction, safety: boolean, state: string): string {
  if (safety && (action === 'shelve' || action === 'remove-from-service')) {
    return 'alarms of fire and lift safety can be neither shelved nor taken out of service';
  }
  return `${action} has no effect on an alarm that is ${state}`;
}

function remember(log: CommandLog, outcome: CommandOutcome): CommandOutcome {
  log.set(outcome.command, outcome);
  for (const oldest of log.keys()) {
    if (log.size <= remembered) break;
    log.delete(oldest);
  }
  return outcome;
}
