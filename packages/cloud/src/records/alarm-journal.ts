import type { AlarmTransition } from '@plantroom/model';
import type { TransitionOf } from './contract.ts';
import type { Database } from './schema.ts';

/** Keeps each once, as it came first; call it when the alarms themselves are known to be the gateway's own. */
export async function storeTransitions(db: Database, transitions: readonly TransitionOf[]): Promise<void> {
  for (const { alarm, version, transition } of transitions) {
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
