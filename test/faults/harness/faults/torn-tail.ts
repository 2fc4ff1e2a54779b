import { appendFileSync, existsSync } from 'node:fs';
import { between, type FaultKind, restartGateway } from './fault.ts';

/** What a write that never ended may leave behind the last that did: nonsense. */
export const tornTail: FaultKind = {
  name: 'torn tail',
  weight: 1,
  parts: ['gateway'],
  run: (context) =>
    restartGateway(context, () => {
      const { plant, random } = context;
      const wal = plant.path('gateway', 'outbox.sqlite-wal');
      const length = between(random, 1, 4096);
      if (existsSync(wal)) appendFileSync(wal, Buffer.from(Array.from({ length }, () => between(random, 0, 255))));
    }),
};
