import { type Clock, describeError } from '@plantroom/base';
import type { FieldConnection } from '@plantroom/drivers';
import { tapWire, type UnitHistory, unitHistories, type WireEvent } from '@plantroom/drivers/modbus';
import { columns, duration } from './columns.ts';

export interface CaptureOptions {
  /** The equipment to read, in turn. */
  readonly equipment: readonly string[];
  /** Milliseconds between two rounds. */
  readonly pause: number;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly say: (line: string) => void;
}

/** Reads the equipment in turn and says every frame that passes, until the signal; then what each unit did. */
export async function capture(connection: FieldConnection, options: CaptureOptions): Promise<readonly UnitHistory[]> {
  const { equipment, clock, signal, say, pause } = options;
  let sent: number | undefined;
  const stop = tapWire(connection, (event) => {
    say(eventText(event, sent));
    sent = event.direction === 'sent' ? event.time : undefined;
  });
  // A read that hangs ends with the connection.
  signal.addEventListener('abort', () => void connection.close().catch(() => undefined), { once: true });
  try {
    while (!signal.aborted) {
      for (const one of equipment) {
        if (signal.aborted) break;
        await read(connection, one, options);
      }
      await clock.sleep(pause, signal);
    }
    return unitHistories(connection);
  } finally {
    stop();
    await connection.close();
  }
}

async function read(connection: FieldConnection, equipment: string, { signal, say }: CaptureOptions): Promise<void> {
  try {
    await connection.open();
    await connection.poll?.(equipment);
  } catch (thrown) {
    if (!signal.aborted) say(`${' '.repeat(12)} ! ${equipment}: ${describeError(thrown)}`);
  }
}

/** `12:03:04.512 > unit 3: read 2 input registers from 0 (0x0000)   00 01 ...`, an answer with the ms that it took. */
export function eventText({ time, direction, bytes, text }: WireEvent, sent: number | undefined): string {
  const clock = new Date(time).toISOString().slice(11, 23);
  const took = direction === 'received' && sent !== undefined ? ` (${Math.max(0, time - sent)} ms)` : '';
  const hex = bytes.toString('hex').replace(/(..)(?=.)/g, '$1 ');
  return `${clock} ${direction === 'sent' ? '>' : '<'} ${text}${took}\n${' '.repeat(15)}${hex}`;
}

/** What each unit answered, how fast, and its last failures. */
export function historyText(histories: readonly UnitHistory[]): string[] {
  const rows = histories.map(({ unit, asked, answered, refused, silent, damaged, latency, slowest }) => [
    ...[unit, asked, answered, refused, silent, damaged].map(String),
    latency === undefined ? '' : duration(latency),
    slowest === undefined ? '' : duration(slowest),
  ]);
  return [
    ...columns({
      head: ['unit', 'asked', 'answered', 'refused', 'silent', 'damaged', 'mean', 'slowest'],
      rows,
      right: [0, 1, 2, 3, 4, 5, 6, 7],
    }),
    ...histories.flatMap(({ unit, failures }) =>
      failures
        .slice(-3)
        .map((f) => `unit ${unit} at ${new Date(f.time).toISOString().slice(11, 23)}: ${f.outcome}, ${f.detail}`),
    ),
  ];
}
