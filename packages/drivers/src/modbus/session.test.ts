import { ManualClock } from '@plantroom/base';
import { expect, it } from 'vitest';
import { rtuFrame } from '../../test/rtu-server.ts';
import { Session } from './session.ts';
import { busOf } from './target.ts';

it('an echo that has the form of an answer, down to its checksum, is not taken for one', async () => {
  const bus = busOf('modbus-rtu-over-tcp', { host: 'memory' });
  const written: Buffer[] = [];
  const hooks = { wire: () => {}, stray: () => {}, late: () => false, strange: () => {} };
  const session = new Session(bus, new ManualClock(), hooks);
  session.attach({ isOpen: true, write: (bytes) => void written.push(bytes), close: async () => {} });
  // The address's high byte stands where an answer has its byte count: 3 bytes for 17 coils.
  const outcome = session.ask({ unit: 9, area: 'coil', address: 0x0300, count: 17 }, 1000);
  const [question = Buffer.alloc(0)] = written;
  session.data(Buffer.concat([question, rtuFrame(9, Buffer.from([1, 3, 0xff, 0xff, 1]))]));
  expect(await outcome).toMatchObject({ is: 'data', bytes: Buffer.from([0xff, 0xff, 1]) });
});
