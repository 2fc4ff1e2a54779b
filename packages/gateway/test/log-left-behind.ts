import { copyFileSync, existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { decodeEvents, type WireEvent } from '@plantroom/model/wire';

/** The events that stand in the log of a data directory, as the files are now: what a killed gateway would leave. */
export function eventsLeftIn(data: string): WireEvent[] {
  const copy = join(data, 'copy.sqlite');
  for (const end of ['', '-wal']) {
    rmSync(`${copy}${end}`, { force: true });
    const file = `${join(data, 'outbox.sqlite')}${end}`;
    if (existsSync(file)) copyFileSync(file, `${copy}${end}`);
  }
  const database = new DatabaseSync(copy);
  try {
    const rows = database.prepare("SELECT bytes FROM entries WHERE lane = 'events' ORDER BY rowid").all();
    return rows.flatMap(({ bytes }) => (bytes instanceof Uint8Array ? decodeEvents(bytes).events : []));
  } finally {
    database.close();
  }
}
