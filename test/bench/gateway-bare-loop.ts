// The yardstick: reads the same registers as the gateway with modbus-serial and does nothing else. Arguments: the
// server's port and the number of points. Tells its CPU and its reads whenever the parent asks.
import { systemClock } from '@plantroom/base';
import modbusSerial from 'modbus-serial';
import { busesFor, requestOfMeter } from './gateway-meters.ts';

export interface BareUsage {
  /** Microseconds, all threads. */
  readonly cpu: number;
  readonly reads: number;
}

const [port, points] = process.argv.slice(2).map(Number);
const { address, length } = requestOfMeter();
const period = 1000;
let reads = 0;

async function loop(units: readonly number[]): Promise<void> {
  const client = new modbusSerial.default();
  await client.connectTCP('127.0.0.1', { port: port ?? 0 });
  client.setTimeout(period);
  for (let due = systemClock.monotonic(); ; due += period) {
    await systemClock.sleep(due - systemClock.monotonic());
    for (const unit of units) {
      client.setID(unit);
      await client.readHoldingRegisters(address, length);
      reads++;
    }
  }
}

process.once('disconnect', () => process.exit(0));
process.on('message', () => {
  const { user, system } = process.cpuUsage();
  process.send?.({ cpu: user + system, reads } satisfies BareUsage);
});
for (const units of busesFor(points ?? 0)) void loop(units);
process.send?.({});
