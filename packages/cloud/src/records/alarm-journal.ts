import type { AlarmTransition, Priority } from '@plantroom/model';
import type { TransitionOf, TurnRow } from './contract.ts';
import type { Database } from './schema.ts';

/** Keeps each once, as it came first. `ids`: the stored ids by what the gateway calls its alarms. */
export async function storeTransitions(
  db: Database,
  ids: ReadonlyMap<string, string>,
  transitions: readonly TransitionOf[],
): Promise<void> {
  for (const { alarm: own, version, transition } of transitions) {
    const alarm = ids.get(own);
    if (alarm === undefined) continue;
    const { time, input } = transition;
    await db
      .insertInto('alarm_journal')
      .values({ alarm, version, time, input, body: JSON.stringify(transition) })
      .onConflict((c) => c.doNothing())
      .execute();
  }
}

export async function readTransitions(
  db: Database,
  alarm: string,
): Promise<(AlarmTransition & { readonly version: number })[]> {
  const rows = await db
    .selectFrom('alarm_journal')
    .select(['version', 'body'])
    .where('alarm', '=', alarm)
    .orderBy('version')
    .execute();
  return rows.map(({ version, body }) => ({ ...(JSON.parse(body) as AlarmTransition), version }));
}

/**
 * What happened to the alarms of a site in a period, and all that happened before to those that were not over when it began, in
 * the order of time; `limit` at most, the newest.
 */
export async function readTurns(
  db: Database,
  site: string,
  { from, to }: { readonly from: number; readonly to: number },
  limit: number,
): Promise<TurnRow[]> {
  const rows = await db
    .selectFrom('alarm_journal as j')
    .innerJoin('alarms as a', 'a.id', 'j.alarm')
    .select(['j.alarm', 'j.time', 'j.body', 'a.equipment', 'a.fault', 'a.subject', 'a.priority'])
    .where('a.site', '=', site)
    .where('j.time', '<', to)
    .where((e) => e.or([e('j.time', '>=', from), e('a.ended_at', 'is', null), e('a.ended_at', '>=', from)]))
    .orderBy('j.time', 'desc')
    .orderBy('j.version', 'desc')
    .limit(limit)
    .execute();
  return rows.reverse().map(({ alarm, time, body, equipment, fault, subject, priority }) => {
    const { input, to: state } = JSON.parse(body) as AlarmTransition;
    return { alarm, time, input, to: state, equipment, fault, subject, priority: priority as Priority };
  });
}
