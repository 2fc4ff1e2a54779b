import { expect, test } from 'vitest';
import { viewGateway } from './views.ts';

const row = { site: 'harbour', gateway: 'gw-1', heardAt: 1000, samples: 10, lag: 5, conflict: null, corrections: [] };
const status = {
  ...{ online: true, time: 1000, epoch: 'epoch-0001', revision: 'revision-1', version: '0.1.0', quarantined: 0 },
  ...{ backlog: { entries: 0, bytes: 0, oldest: 0 }, connections: [] },
};
const books = { produced: 100, stored: 60, buffered: 10, quarantined: 0, thinned: 20, dropped: 7, corrupt: 3 };

test('what shortage of space has cost a gateway is told, and when its log is full', () => {
  const told = { ...status, books: { events: books, telemetry: books }, fullIn: 5000, logTrouble: 'disk full' };
  expect(viewGateway({ ...row, status: told }, 1000).log).toEqual({
    ...{ thinned: 20, lost: 10, fullIn: 5000, trouble: 'disk full' },
  });
  expect(viewGateway({ ...row, status }, 1000).log).toBeNull();
});
