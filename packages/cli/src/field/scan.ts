import type { Clock } from '@plantroom/base';
import { type FoundUnit, type ModbusTarget, scanUnits } from '@plantroom/drivers/modbus';
import { columns } from './columns.ts';
import type { ModbusEndpoint } from './endpoint.ts';
import type { Progress } from './progress.ts';
import { usage } from './usage.ts';

export interface ScanRange {
  readonly from: number;
  readonly to: number;
  /** Milliseconds that each unit has to answer. */
  readonly timeout: number;
}

/** Unit ids that answer, in any way. Throws DriverFailure when the connection cannot be had. */
export async function scan(
  { type, settings }: ModbusEndpoint,
  { from, to, timeout }: ScanRange,
  progress: Progress,
  { clock, signal }: { clock?: Clock; signal?: AbortSignal } = {},
): Promise<FoundUnit[]> {
  if (from > to) throw usage(`There are no units from ${from} to ${to}.`, 'Write the lower one as --from.');
  // Silence is the rule here, so a unit gets less time than in service.
  const connection: ModbusTarget = { type, settings: { timeout, ...settings }, ...(clock ? { clock } : {}) };
  try {
    return await scanUnits({
      connection,
      from,
      to,
      ...(signal ? { signal } : {}),
      onProgress: ({ unit, done, found }) => progress.update(done, `unit ${unit}, ${found.length} found`),
    });
  } finally {
    progress.stop();
  }
}

/** The units as a table, and what to do next. */
export function scanText(
  url: string,
  { name }: ModbusEndpoint,
  { from, to }: ScanRange,
  found: readonly FoundUnit[],
): string[] {
  if (found.length === 0)
    return [
      `${name}: no unit from ${from} to ${to} answers.`,
      'Check speed and parity of the serial line behind it, A and B, and the termination; then try a longer --timeout.',
    ];
  const example = found[0]?.unit ?? 1;
  return [
    `${name}: ${found.length === 1 ? 'one unit answers' : `${found.length} units answer`} from ${from} to ${to}`,
    '',
    ...columns({
      head: ['unit', 'answer'],
      rows: found.map(({ unit, answer }) => [String(unit), answer]),
      right: [0],
      indent: 2,
    }),
    '',
    // A device that forwards every unit id answers all of them alike.
    ...(found.length === to - from + 1 && found.length > 8 ? [everything] : []),
    `Next: plantroom gateway probe ${url} --unit ${example} --profile NAME`,
  ];
}

const everything = 'Every unit answers: this server does not look at the unit id, and is one device.';
