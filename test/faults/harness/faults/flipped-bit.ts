import { closeSync, existsSync, openSync, readSync, statSync, writeSync } from 'node:fs';
import type { Random } from '@plantroom/base';
import type { Plant } from '../plant.ts';
import { type FaultKind, pause, restartGateway } from './fault.ts';

/** One bit of what the disk had kept is another now. */
function flipBit(plant: Plant, random: Random): void {
  const main = plant.path('gateway', 'outbox.sqlite');
  const wal = `${main}-wal`;
  const file = existsSync(wal) && statSync(wal).size > 8192 && random() < 0.7 ? wal : main;
  const { size } = statSync(file);
  const at = Math.floor(random() * size);
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
