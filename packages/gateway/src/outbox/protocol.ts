import type { LogOperations, OutboxCapacity, SalvageReport } from './contract.ts';
import type { WalFinding } from './wal.ts';

/** What the thread is started with. */
export interface WorkerSettings {
  readonly file: string;
  readonly site: string;
  readonly gateway: string;
  readonly capacity: OutboxCapacity;
  /** Milliseconds that writes which can wait are collected into one transaction. */
  readonly groupCommit: number;
}

export type Operation = keyof LogOperations;
type CallOf<K extends Operation> = { readonly operation: K; readonly args: Readonly<Parameters<LogOperations[K]>> };

/** A call, checked against the log's own signatures. */
export type OutboxCall =
  | { [K in Operation]: CallOf<K> }[Operation]
  | { readonly operation: 'close'; readonly args: [] };

export interface Request {
  readonly id: number;
  readonly call: OutboxCall;
  /** Commits at once, with all that waits. */
  readonly urgent: boolean;
}

export interface Failure {
  readonly message: string;
  readonly code: string | undefined;
  readonly hint: string | undefined;
}

export type Reply =
  | { readonly type: 'opened'; readonly epoch: string; readonly mended?: WalFinding['damage'] }
  /** The log was broken; from here on it has this epoch. May come before `opened`. */
  | { readonly type: 'salvaged'; readonly epoch: string; readonly report: SalvageReport }
  | { readonly type: 'done'; readonly id: number; readonly result: unknown }
  /** The disk takes no writes, and why; `null` when it does again. */
  | { readonly type: 'trouble'; readonly reason: string | null }
  /** The open log is the file at its path again, or no more. */
  | { readonly type: 'file'; readonly isThere: boolean }
  | { readonly type: 'failed'; readonly id: number | null; readonly error: Failure }
  /** Space was short: so many samples were thinned or dropped; `isFull` when there is no telemetry left that may be. */
  | { readonly type: 'relieved'; readonly thinned: number; readonly dropped: number; readonly isFull: boolean };
