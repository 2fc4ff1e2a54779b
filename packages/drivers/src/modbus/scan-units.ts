import { describeError } from '@plantroom/base';
import { DriverFailure } from '../failure.ts';
import { clientOf, type ModbusTarget } from './target.ts';

export interface ScanQuery {
  readonly connection: ModbusTarget;
  /** The first unit id, 1 unless told. */
  readonly from?: number;
  /** The last unit id, 247 unless told. */
  readonly to?: number;
  readonly onProgress?: (progress: ScanProgress) => void;
  readonly signal?: AbortSignal;
}

export interface ScanProgress {
  readonly unit: number;
  /** Units asked so far, this one included. */
  readonly done: number;
  readonly total: number;
  readonly found: readonly FoundUnit[];
}

export interface FoundUnit {
  readonly unit: number;
  /** How it answered: with a value, or with an exception, which proves as well that it is there. */
  readonly answer: string;
}

/**
 * Asks each unit id for holding register 0 and gives those that answer in any way. Opens and closes its own connection.
 * Throws DriverFailure when the connection itself cannot be had.
 */
export async function scanUnits(query: ScanQuery): Promise<FoundUnit[]> {
  const { connection, from = 1, to = 247, onProgress, signal } = query;
  // Who answers late is told by its unit id, so that the line need not be drained for each of the many silent ids.
  const client = clientOf(connection, { drain: 0 });
  const found: FoundUnit[] = [];
  try {
    await client.open();
    for (let unit = from; unit <= to && !signal?.aborted; unit++) {
      const answer = await client
        .read({ unit, area: 'holding', address: 0, count: 1 })
        .then((b) => `register 0 = ${b.readUInt16BE()}`, answerOf);
      if (answer !== undefined) found.push({ unit, answer });
      onProgress?.({ unit, done: unit - from + 1, total: to - from + 1, found });
    }
    return found;
  } finally {
    await client.close();
  }
}

/** An exception of the device itself; undefined for silence, and for a gateway that says that nobody is there. */
function answerOf(thrown: unknown): string | undefined {
  if (thrown instanceof DriverFailure && thrown.kind === 'device-exception') return describeError(thrown);
  return undefined;
}
