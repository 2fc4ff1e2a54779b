// Run as a process of its own: appends numbered steps to an outbox and says on standard output which are committed.
import { silentLogger } from '@plantroom/base';
import { Outbox } from '../src/outbox/outbox.ts';
import { aModel, aSample, telemetry } from './model.ts';

const file = process.argv[2] ?? '';
const outbox = await Outbox.open({
  file,
  site: 'harbour-tower',
  gateway: 'gw-1',
  capacity: { maximumBytes: 1e9, freeFloor: 0 },
  groupCommit: 5,
  logger: silentLogger,
  onFailure: (error) => {
    throw error;
  },
});
await outbox.useModel(aModel());
for (let n = 1; ; n++) {
  const entries = [telemetry(aSample(0, n), aSample(1, n))];
  await outbox.append(entries, { state: { last: n }, urgent: n % 3 === 0 });
  process.stdout.write(`${n}\n`);
}
