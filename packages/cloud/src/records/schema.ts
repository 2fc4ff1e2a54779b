import type { Kysely } from 'kysely';

/** The records' tables as the query builder knows them. Times are ms since 1970 UTC; JSON columns are text. */
export interface Tables {
  ledger: LedgerTable;
  rollup_marks: {
    site: string;
    /** Empty for a day: it is the whole site's. */
    gateway: string;
    width: string;
    start: number;
    /** Counts the commits that touched it. */
    version: number;
    marked_at: number;
  };
  models: { site: string; gateway: string; revision: string; body: string; received_at: number };
  gateways: GatewaysTable;
  alarms: AlarmsTable;
  alarm_journal: { alarm: string; version: number; time: number; input: string; body: string };
  commands: CommandsTable;
  orders: OrdersTable;
  order_requests: { id: string; site: string; gateway: string; alarm: string; order_id: string };
  order_history: OrderHistoryTable;
  sequences: { name: string; value: number };
  intervals: {
    site: string;
    gateway: string;
    equipment: string;
    start: number;
    kwh: number | null;
    status: string;
    reason: string | null;
    revision: number;
  };
  interval_days: {
    site: string;
    equipment: string;
    timezone: string;
    start: number;
    kwh: number;
    figures: number;
    estimated: number;
  };
  device_events: { site: string; gateway: string; id: string; equipment: string; time: number; body: string };
  clock_corrections: { site: string; gateway: string; id: string; from_time: number; body: string };
  gaps: { site: string; gateway: string; id: string; from_time: number; body: string };
  users: { id: string; name: string; role: string };
  tokens: { hash: string; user: string; purpose: string; expires_at: number };
  audit: {
    n: number;
    time: number;
    actor: string;
    action: string;
    target: string;
    detail: string;
    previous: string;
    hash: string;
  };
}

interface LedgerTable {
  site: string;
  gateway: string;
  epoch: string;
  lane: string;
  first: number;
  last: number;
  /** Gateway time of the oldest item of the first entry, and of the newest of the last; null where nobody noted it. */
  first_time: number | null;
  last_time: number | null;
}

interface GatewaysTable {
  site: string;
  gateway: string;
  status: string | null;
  heard_at: number | null;
  samples: number;
  /** ms between the newest sample's gateway time and its commit. */
  lag: number | null;
  newest_sample_at: number | null;
  /** The revision that is the gateway's newest, and the entry that said so. */
  model: string | null;
  model_epoch: string | null;
  model_sequence: number | null;
  secret_hash: string | null;
  /** What was seen of its identity (JSON). */
  identity: string | null;
}

interface AlarmsTable {
  id: string;
  /** What its gateway calls it. */
  own: string;
  site: string;
  gateway: string;
  equipment: string;
  fault: string;
  subject: string;
  priority: number;
  raised_at: number;
  ended_at: number | null;
  version: number;
  /** 1 while it has not ended and no later alarm has its identity. */
  open: number;
  facts: string;
  body: string;
}

interface CommandsTable {
  id: string;
  site: string;
  gateway: string;
  alarm: string;
  action: string;
  actor: string;
  time: number;
  body: string;
  done: number;
  applied: number | null;
  reason: string | null;
}

interface OrdersTable {
  id: string;
  number: string;
  site: string;
  gateway: string;
  equipment: string;
  fault: string;
  subject: string;
  alarm: string | null;
  priority: number;
  trade: string;
  state: string;
  version: number;
  open: number;
  title: string;
  assignee: string | null;
  raised_at: number;
  occurrences: number;
  steps: string;
}

interface OrderHistoryTable {
  order_id: string;
  n: number;
  time: number;
  actor: string;
  action: string;
  from_state: string | null;
  to_state: string;
  comment: string;
  /** What made the entry (a request's or an alarm's id), so that it is made once. */
  reference: string | null;
}

/** A connection, or a transaction on it. */
export type Database = Kysely<Tables>;
