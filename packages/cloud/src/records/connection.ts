import type { HeldLock } from './contract.ts';
import type { Database } from './schema.ts';

/** How the records reach their database: what differs between one file of one process and a server of many. */
export interface Connection {
  /** Runs reads, or one change that may be repeated. */
  run<T>(work: (db: Database) => Promise<T>): Promise<T>;
  /**
   * Runs a transaction that holds `locks` from before its first statement to its end, so that what it reads stays true until
   * it has written. `again` says that an earlier attempt was perhaps committed (the connection was lost meanwhile): the
   * work then looks whether its change is there.
   */
  atomic<T>(locks: readonly string[], work: (db: Database, again: boolean) => Promise<T>): Promise<T>;
  /** Takes a lock that no transaction ends; undefined while another process has it. */
  hold(name: string): Promise<HeldLock | undefined>;
  close(): Promise<void>;
}

/** What transactions lock. An order of a site, its alarm and its model belong together; the audit log has one end. */
export const lockOf = {
  site: (site: string) => `site/${site}`,
  gateway: ({ site, gateway }: { site: string; gateway: string }) => `gateway/${site}/${gateway}`,
  audit: 'audit',
} as const;
