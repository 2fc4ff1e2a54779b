import { type Clock, type Logger, PlantroomError } from '@plantroom/base';
import type { CloudOptions } from './config.ts';
import type { HeldLock, LockRecords } from './records/contract.ts';

/** What a process of the cloud does: store what gateways send, serve people, do what one process does for all. */
export const cloudRoles = ['ingest', 'api', 'jobs'] as const;
export type CloudRole = (typeof cloudRoles)[number];

/** Takes `ingest,jobs` apart; throws PlantroomError `option`. */
export function parseRoles(text: string): CloudRole[] {
  const names = [...new Set(text.split(',').map((name) => name.trim()))];
  const roles = cloudRoles.filter((role) => names.includes(role));
  if (roles.length === names.length) return roles;
  throw new PlantroomError('option', `--roles ${text} is not understood`, {
    hint: `Write some of ${cloudRoles.join(',')}, with commas between.`,
  });
}

/** Whether other processes may work on the same stores, at the same broker. */
export function isShared({ broker, records, timeSeries }: CloudOptions): boolean {
  return broker !== undefined && records?.store === 'postgres' && (timeSeries?.store ?? 'duckdb') !== 'duckdb';
}

const needed = 'Several processes need a broker of their own, PostgreSQL for records and InfluxDB for time series';

/** The roles of this process. Throws PlantroomError `roles` for a part of the work where no other process can do the rest. */
export function rolesOf(options: CloudOptions): ReadonlySet<CloudRole> {
  const roles = new Set(options.roles ?? cloudRoles);
  if (roles.size === cloudRoles.length || isShared(options)) return roles;
  throw new PlantroomError(
    'roles',
    `this process has the roles ${[...roles].join(',')}, and no other can have the rest`,
    {
      hint: `${needed}: name all three in the file of --config, or leave --roles out.`,
    },
  );
}

/** ms for which a process that ended, or whose machine vanished, may still count as there; and between two looks. */
const patience = 30_000;
const pause = 2000;
const lock = 'alone';

/**
 * Makes sure that no other process works on the same records, where something else of this one (its broker, its time series)
 * is its own; gives what ends that. When the lock is lost with its connection, it is taken again. Throws PlantroomError
 * `alone`.
 */
export async function beAlone(
  records: LockRecords,
  clock: Clock,
  logger: Logger,
  signal?: AbortSignal,
): Promise<() => Promise<void>> {
  let held = await records.hold(lock);
  for (const end = clock.monotonic() + patience; !held; held = await records.hold(lock)) {
    if (clock.monotonic() >= end || signal?.aborted)
      throw new PlantroomError('alone', 'another process of the cloud works on the same records', {
        hint: `Stop it first. ${needed}; here something is embedded in the process.`,
      });
    logger.warn({ code: 'alone' }, 'Another process of the cloud works on the same records; waiting for its end.');
    await clock.sleep(pause, signal);
  }
  let current = held;
  let stopped = false;
  const again = async (): Promise<void> => {
    for (let next: HeldLock | undefined; !stopped; await clock.sleep(pause)) {
      // While the server is away nobody else gets it either.
      next = await records.hold(lock).catch(() => undefined);
      if (!next) continue;
      current = next;
      watch();
      return;
    }
  };
  const watch = () => current.lost.addEventListener('abort', () => void (stopped || again()), { once: true });
  watch();
  return () => {
    stopped = true;
    return current.release();
  };
}
