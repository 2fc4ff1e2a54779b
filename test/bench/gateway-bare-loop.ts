// The yardstick: reads the same registers as the gateway with modbus-serial and does nothing else. Arguments: the
// server's port and the points a second. Tells its CPU and its reads whenever the parent asks.
import { systemClock } from '@plantroom/base';
import modbusSerial from 'modbus-serial';
import { loadFor, requestOfMeter } from './gateway-meters.ts';

export interface BareUsage {
  /** Microseconds, all threads. */
  readonly cpu: number;
  readonly reads: number;
}

const [port = 0, rate = 0] = process.argv.slice(2).map(Number);
const { address, length } = requestOfMeter();
const { buses, period } = loadFor(rate);
/** Milliseconds. */
const timeout = 1000;
let reads = 0;

async function loop(units: readonly number[]): Promise<void> {
  const client = new modbusSerial.default();
  await client.connectTCP('127.0.0.1', { port });
  client.setTimeout(timeout);
  for (let due = systemClock.monotonic(); ; due += period) {
    await systemClock.sleep(Math.max(0, due - systemClock.monotonic()));
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
for (const units of buses) void loop(units);
process.send?.({});
