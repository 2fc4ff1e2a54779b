/** What gateways send. Times are ms since 1970 UTC; `body` and the like are JSON; flags are 0 or 1. */
export const plantTables = `
CREATE TABLE ledger (
  site TEXT NOT NULL, gateway TEXT NOT NULL, epoch TEXT NOT NULL, lane TEXT NOT NULL,
  first INTEGER NOT NULL, last INTEGER NOT NULL CHECK (last >= first),
  PRIMARY KEY (site, gateway, epoch, lane, first)
) STRICT, WITHOUT ROWID;

CREATE TABLE models (
  site TEXT NOT NULL, gateway TEXT NOT NULL, revision TEXT NOT NULL, body TEXT NOT NULL, received_at INTEGER NOT NULL,
  PRIMARY KEY (site, gateway, revision)
) STRICT;

CREATE TABLE gateways (
  site TEXT NOT NULL, gateway TEXT NOT NULL, status TEXT, heard_at INTEGER,
  samples INTEGER NOT NULL DEFAULT 0, lag INTEGER, newest_sample_at INTEGER,
  model TEXT, model_epoch TEXT, model_sequence INTEGER, secret_hash TEXT,
  PRIMARY KEY (site, gateway)
) STRICT;

CREATE TABLE alarms (
  id TEXT PRIMARY KEY, site TEXT NOT NULL, gateway TEXT NOT NULL,
  equipment TEXT NOT NULL, fault TEXT NOT NULL, subject TEXT NOT NULL,
  priority INTEGER NOT NULL, raised_at INTEGER NOT NULL, ended_at INTEGER,
  version INTEGER NOT NULL, open INTEGER NOT NULL CHECK (open IN (0, 1)), facts TEXT NOT NULL, body TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX one_open_alarm ON alarms (site, equipment, fault, subject) WHERE open = 1;
CREATE INDEX alarms_by_identity ON alarms (site, equipment, fault, subject, raised_at);
CREATE INDEX alarms_by_time ON alarms (raised_at, id);

CREATE TABLE commands (
  id TEXT PRIMARY KEY, site TEXT NOT NULL, gateway TEXT NOT NULL, alarm TEXT NOT NULL, action TEXT NOT NULL,
  actor TEXT NOT NULL, time INTEGER NOT NULL, body TEXT NOT NULL, done INTEGER NOT NULL DEFAULT 0,
  applied INTEGER, reason TEXT
) STRICT;
CREATE INDEX pending_commands ON commands (site, gateway) WHERE done = 0;
CREATE INDEX commands_by_alarm ON commands (alarm) WHERE done = 0;

CREATE TABLE orders (
  id TEXT PRIMARY KEY, number TEXT NOT NULL UNIQUE, site TEXT NOT NULL, gateway TEXT NOT NULL,
  equipment TEXT NOT NULL, fault TEXT NOT NULL, subject TEXT NOT NULL, alarm TEXT,
  priority INTEGER NOT NULL, trade TEXT NOT NULL, state TEXT NOT NULL, version INTEGER NOT NULL,
  open INTEGER NOT NULL CHECK (open IN (0, 1)), title TEXT NOT NULL, assignee TEXT,
  raised_at INTEGER NOT NULL, occurrences INTEGER NOT NULL, steps TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX one_open_order ON orders (site, equipment, fault, subject) WHERE open = 1;
CREATE INDEX orders_by_time ON orders (raised_at, id);

CREATE TABLE order_requests (
  id TEXT PRIMARY KEY, site TEXT NOT NULL, gateway TEXT NOT NULL, alarm TEXT NOT NULL,
  order_id TEXT NOT NULL REFERENCES orders (id)
) STRICT;
CREATE INDEX order_requests_by_alarm ON order_requests (alarm);
CREATE INDEX order_requests_by_order ON order_requests (order_id);

CREATE TABLE order_history (
  order_id TEXT NOT NULL REFERENCES orders (id), n INTEGER NOT NULL, time INTEGER NOT NULL, actor TEXT NOT NULL,
  action TEXT NOT NULL, from_state TEXT, to_state TEXT NOT NULL, comment TEXT NOT NULL, reference TEXT,
  PRIMARY KEY (order_id, n)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX history_once ON order_history (order_id, action, reference) WHERE reference IS NOT NULL;

CREATE TABLE sequences (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT;
INSERT INTO sequences VALUES ('work-order', 1000);

CREATE TABLE intervals (
  site TEXT NOT NULL, equipment TEXT NOT NULL, start INTEGER NOT NULL, kwh REAL, status TEXT NOT NULL, reason TEXT,
  revision INTEGER NOT NULL,
  PRIMARY KEY (site, equipment, start)
) STRICT, WITHOUT ROWID;

CREATE TABLE device_events (
  site TEXT NOT NULL, gateway TEXT NOT NULL, id TEXT NOT NULL, equipment TEXT NOT NULL, time INTEGER NOT NULL,
  body TEXT NOT NULL,
  PRIMARY KEY (site, gateway, id)
) STRICT;
CREATE INDEX device_events_by_time ON device_events (site, equipment, time);

CREATE TABLE gaps (
  site TEXT NOT NULL, gateway TEXT NOT NULL, id TEXT NOT NULL, from_time INTEGER NOT NULL, body TEXT NOT NULL,
  PRIMARY KEY (site, gateway, id)
) STRICT;
`;
