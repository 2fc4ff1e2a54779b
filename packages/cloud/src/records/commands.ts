import type { AlarmCommand, CommandOutcome } from '@plantroom/model/wire';
import type { Origin } from './origin.ts';
import type { Database } from './schema.ts';

/** Keeps a click until its gateway has answered; the same id again changes nothing. Gives it as the gateway calls its alarm. */
export async function saveCommand(db: Database, to: Origin, command: AlarmCommand): Promise<AlarmCommand> {
  const { id, alarm, action, actor, time } = command;
  const { site, gateway } = to;
  const known = await db
    .selectFrom('alarms')
    .select('own')
    .where((e) => e.and({ site, gateway, id: alarm }))
    .executeTakeFirst();
  const told = { ...command, alarm: known?.own ?? alarm };
  const row = { id, site, gateway, alarm, action, actor, time, body: JSON.stringify(told) };
  await db
    .insertInto('commands')
    .values({ ...row, done: 0 })
    .onConflict((c) => c.doNothing())
    .execute();
  return told;
}

/** Commands that no event has echoed yet, oldest first. */
export async function readPendingCommands(db: Database, site: string, gateway: string): Promise<AlarmCommand[]> {
  const rows = await db
    .selectFrom('commands')
    .select('body')
    .where((e) => e.and({ site, gateway, done: 0 }))
    .orderBy('time')
    .orderBy('id')
    .execute();
  return rows.map((r) => JSON.parse(r.body) as AlarmCommand);
}

/** Ends the waiting for a command that was sent to this gateway; gives its alarm if it was waiting. */
export async function finishCommand(db: Database, from: Origin, outcome: CommandOutcome): Promise<string | undefined> {
  const row = await db
    .updateTable('commands')
    .set({ done: 1, applied: outcome.applied ? 1 : 0, reason: outcome.reason })
    .where((e) => e.and({ id: outcome.command, site: from.site, gateway: from.gateway, done: 0 }))
    .returning('alarm')
    .executeTakeFirst();
  return row?.alarm;
}
