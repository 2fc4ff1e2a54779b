import { type Clock, describeError } from '@plantroom/base';
import type { FieldConnection, FieldSink } from '@plantroom/drivers';
import { readDetailed } from '@plantroom/drivers/modbus';
import type { WatchTable } from './watch-table.ts';

/** Milliseconds until a device or connection that failed is tried again. */
const retry = 2000;

export interface WatchedConnection {
  readonly type: string;
  readonly connection: FieldConnection;
}

export interface WatchOptions {
  readonly table: WatchTable;
  /** The equipment to read; others on the same connection are left alone. */
  readonly wanted: ReadonlySet<string>;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** Reads and listens into the table until the signal; failures are lines of the table. Never rejects. */
export async function watchConnection({ type, connection }: WatchedConnection, options: WatchOptions): Promise<void> {
  const { clock, signal, table } = options;
  const mine = connection.devices.filter((d) => options.wanted.has(d.equipment));
  if (mine.length === 0) return;
  while (!signal.aborted) {
    try {
      await connection.open();
      const isModbus = type.startsWith('modbus-');
      if (!isModbus) await connection.subscribe?.(sinkOf(options));
      await (isModbus ? pollInTurn : pollPlain)(connection, options);
    } catch (thrown) {
      for (const { equipment } of mine) table.fail(equipment, describeError(thrown));
      await connection.close().catch(() => undefined);
      await clock.sleep(retry, signal);
    }
  }
  await connection.close().catch(() => undefined);
}

/** Each device at its own period; one that fails waits and does not hold up the others for longer than its timeout. */
async function pollInTurn(connection: FieldConnection, { table, wanted, clock, signal }: WatchOptions): Promise<void> {
  const due = new Map(connection.devices.filter((d) => wanted.has(d.equipment)).map((d) => [d, clock.monotonic()]));
  while (!signal.aborted) {
    const [next] = [...due].sort(([, a], [, b]) => a - b);
    if (!next) return;
    const [device, at] = next;
    await clock.sleep(Math.max(0, at - clock.monotonic()), signal);
    if (signal.aborted) return;
    try {
      const details = await readDetailed(connection, device.equipment);
      for (const { reading, source } of details) table.note(reading, clock.monotonic(), source?.words);
      due.set(device, Math.max(at + device.period, clock.monotonic()));
    } catch (thrown) {
      table.fail(device.equipment, describeError(thrown));
      due.set(device, clock.monotonic() + Math.max(retry, device.period));
    }
  }
}

/** A driver that pushes may poll as well; else there is nothing to do but wait. */
async function pollPlain(connection: FieldConnection, { table, wanted, clock, signal }: WatchOptions): Promise<void> {
  while (!signal.aborted) {
    for (const { equipment } of connection.devices) {
      if (!connection.poll || !wanted.has(equipment) || signal.aborted) continue;
      for (const reading of await connection.poll(equipment)) table.note(reading, clock.monotonic());
    }
    await clock.sleep(connection.poll ? 1000 : retry, signal);
  }
}

function sinkOf({ table, wanted, clock }: WatchOptions): FieldSink {
  return {
    readings(batch) {
      for (const reading of batch) if (wanted.has(reading.equipment)) table.note(reading, clock.monotonic());
    },
    silence(equipment, silent, detail) {
      if (silent && wanted.has(equipment)) table.fail(equipment, detail);
    },
    event() {},
    property() {},
  };
}
