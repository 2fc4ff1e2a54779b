import { closeSync, existsSync, openSync, readFileSync, readSync, statSync, writeSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import type { Random } from '@plantroom/base';
import type { Plant } from '../plant.ts';
import { type FaultKind, pause, restartGateway } from './fault.ts';

/** One bit of what the disk had kept is another now. */
function flipBit(plant: Plant, random: Random): void {
  const main = plant.path('gateway', 'outbox.sqlite');
  const wal = `${main}-wal`;
  const inEntry = random() < 0.5 ? placeInEntry(main, random) : undefined;
  const file = !inEntry && existsSync(wal) && statSync(wal).size > 8192 && random() < 0.7 ? wal : main;
  const at = inEntry ?? Math.floor(random() * statSync(file).size);
  const handle = openSync(file, 'r+');
  try {
    const byte = Buffer.alloc(1);
    readSync(handle, byte, 0, 1, at);
    byte[0] = (byte[0] ?? 0) ^ (1 << Math.floor(random() * 8));
    writeSync(handle, byte, 0, 1, at);
  } finally {
    closeSync(handle);
  }
}

/** Where in the file an entry's own bytes are, once all is in it; undefined when none waits. */
function placeInEntry(file: string, random: Random): number | undefined {
  const database = new DatabaseSync(file);
  database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  const rows = database.prepare("SELECT bytes FROM entries WHERE lane = 'telemetry' AND size < 2000").all();
  database.close();
  const bytes = rows[Math.floor(random() * rows.length)]?.bytes;
  if (!(bytes instanceof Uint8Array)) return undefined;
  const at = readFileSync(file).indexOf(bytes);
  return at < 0 ? undefined : at + Math.floor(random() * bytes.length);
}

export const flippedBit: FaultKind = {
  name: 'flipped bit in a backlog',
  weight: 2,
  parts: ['gateway', 'link'],
  destroys: true,
  async run(context) {
    const { plant, random } = context;
    plant.link.become('cut');
    await pause(random, 2000, 4000);
    await restartGateway(context, () => flipBit(plant, random));
    plant.link.become('open');
  },
};
