/** What the two databases call the same things. */
export interface Words {
  /** Compared byte by byte. */
  readonly text: string;
  /** 64 bits. */
  readonly integer: string;
  /** A double. */
  readonly real: string;
  /** How a table ends that is read by its rows, or along its primary key alone. */
  readonly rows: string;
  readonly keyed: string;
}

/** What gateways send. Times are ms since 1970 UTC; `body` and the like are JSON; flags are 0 or 1. */
export const plantTables = ({ text, integer, real, rows, keyed }: Words) => `
CREATE TABLE ledger (
  site ${text} NOT NULL, gateway ${text} NOT NULL, epoch ${text} NOT NULL, lane ${text} NOT NULL,
  first ${integer} NOT NULL, last ${integer} NOT NULL CHECK (last >= first),
  PRIMARY KEY (site, gateway, epoch, lane, first)
)${keyed};

CREATE TABLE models (
  site ${text} NOT NULL, gateway ${text} NOT NULL, revision ${text} NOT NULL, body ${text} NOT NULL, received_at ${integer} NOT NULL,
  PRIMARY KEY (site, gateway, revision)
)${rows};

CREATE TABLE gateways (
  site ${text} NOT NULL, gateway ${text} NOT NULL, status ${text}, heard_at ${integer},
  samples ${integer} NOT NULL DEFAULT 0, lag ${integer}, newest_sample_at ${integer},
  model ${text}, model_epoch ${text}, model_sequence ${integer}, secret_hash ${text},
  PRIMARY KEY (site, gateway)
)${rows};

CREATE TABLE alarms (
  id ${text} PRIMARY KEY, site ${text} NOT NULL, gateway ${text} NOT NULL,
  equipment ${text} NOT NULL, fault ${text} NOT NULL, subject ${text} NOT NULL,
  priority ${integer} NOT NULL, raised_at ${integer} NOT NULL, ended_at ${integer},
  version ${integer} NOT NULL, open ${integer} NOT NULL CHECK (open IN (0, 1)), facts ${text} NOT NULL, body ${text} NOT NULL
)${rows};
CREATE UNIQUE INDEX one_open_alarm ON alarms (site, equipment, fault, subject) WHERE open = 1;
CREATE INDEX alarms_by_identity ON alarms (site, equipment, fault, subject, raised_at);
CREATE INDEX alarms_by_time ON alarms (raised_at, id);

CREATE TABLE commands (
  id ${text} PRIMARY KEY, site ${text} NOT NULL, gateway ${text} NOT NULL, alarm ${text} NOT NULL, action ${text} NOT NULL,
  actor ${text} NOT NULL, time ${integer} NOT NULL, body ${text} NOT NULL, done ${integer} NOT NULL DEFAULT 0,
  applied ${integer}, reason ${text}
)${rows};
CREATE INDEX pending_commands ON commands (site, gateway) WHERE done = 0;
CREATE INDEX commands_by_alarm ON commands (alarm) WHERE done = 0;

CREATE TABLE orders (
  id ${text} PRIMARY KEY, number ${text} NOT NULL UNIQUE, site ${text} NOT NULL, gateway ${text} NOT NULL,
  equipment ${text} NOT NULL, fault ${text} NOT NULL, subject ${text} NOT NULL, alarm ${text},
  priority ${integer} NOT NULL, trade ${text} NOT NULL, state ${text} NOT NULL, version ${integer} NOT NULL,
  open ${integer} NOT NULL CHECK (open IN (0, 1)), title ${text} NOT NULL, assignee ${text},
  raised_at ${integer} NOT NULL, occurrences ${integer} NOT NULL, steps ${text} NOT NULL
)${rows};
CREATE UNIQUE INDEX one_open_order ON orders (site, equipment, fault, subject) WHERE open = 1;
CREATE INDEX orders_by_time ON orders (raised_at, id);

CREATE TABLE order_requests (
  id ${text} PRIMARY KEY, site ${text} NOT NULL, gateway ${text} NOT NULL, alarm ${text} NOT NULL,
  order_id ${text} NOT NULL REFERENCES orders (id)
)${rows};
CREATE INDEX order_requests_by_alarm ON order_requests (alarm);
CREATE INDEX order_requests_by_order ON order_requests (order_id);

CREATE TABLE order_history (
  order_id ${text} NOT NULL REFERENCES orders (id), n ${integer} NOT NULL, time ${integer} NOT NULL, actor ${text} NOT NULL,
  action ${text} NOT NULL, from_state ${text}, to_state ${text} NOT NULL, comment ${text} NOT NULL, reference ${text},
  PRIMARY KEY (order_id, n)
)${keyed};
CREATE UNIQUE INDEX history_once ON order_history (order_id, action, reference) WHERE reference IS NOT NULL;

CREATE TABLE sequences (name ${text} PRIMARY KEY, value ${integer} NOT NULL)${rows};
INSERT INTO sequences VALUES ('work-order', 1000);

CREATE TABLE intervals (
  site ${text} NOT NULL, equipment ${text} NOT NULL, start ${integer} NOT NULL, kwh ${real}, status ${text} NOT NULL, reason ${text},
  revision ${integer} NOT NULL,
  PRIMARY KEY (site, equipment, start)
)${keyed};

CREATE TABLE device_events (
  site ${text} NOT NULL, gateway ${text} NOT NULL, id ${text} NOT NULL, equipment ${text} NOT NULL, time ${integer} NOT NULL,
  body ${text} NOT NULL,
  PRIMARY KEY (site, gateway, id)
)${rows};
CREATE INDEX device_events_by_time ON device_events (site, equipment, time);

CREATE TABLE gaps (
  site ${text} NOT NULL, gateway ${text} NOT NULL, id ${text} NOT NULL, from_time ${integer} NOT NULL, body ${text} NOT NULL,
  PRIMARY KEY (site, gateway, id)
)${rows};
`;

/** When the first and last frame of a range were taken, and which rollups are behind their samples. */
export const rollupTables = ({ text, integer, keyed }: Words) => `
ALTER TABLE ledger ADD COLUMN first_time ${integer};
ALTER TABLE ledger ADD COLUMN last_time ${integer};

CREATE TABLE rollup_marks (
  site ${text} NOT NULL, gateway ${text} NOT NULL, width ${text} NOT NULL, start ${integer} NOT NULL,
  version ${integer} NOT NULL, marked_at ${integer} NOT NULL,
  PRIMARY KEY (site, gateway, width, start)
)${keyed};
CREATE INDEX rollup_marks_by_time ON rollup_marks (width, start);
`;

/** Intervals summed up by days of the wall clock: a year of a meter is read in 365 rows. */
export const intervalDays = ({ text, integer, real, keyed }: Words) => `
CREATE TABLE interval_days (
  site ${text} NOT NULL, equipment ${text} NOT NULL, timezone ${text} NOT NULL, start ${integer} NOT NULL,
  kwh ${real} NOT NULL, figures ${integer} NOT NULL, estimated ${real} NOT NULL,
  PRIMARY KEY (site, equipment, timezone, start)
)${keyed};
`;

/**
 * What a gateway sends is told apart by the gateway too: `own` is what it calls an alarm, and an order request's `id` and
 * `alarm` are its own ids.
 */
export const ownIds = ({ text, rows }: Words) => `
ALTER TABLE alarms ADD COLUMN own ${text} NOT NULL DEFAULT '';
UPDATE alarms SET own = id;
CREATE UNIQUE INDEX alarms_by_own ON alarms (own, site, gateway);
DROP INDEX one_open_alarm;
CREATE UNIQUE INDEX one_open_alarm ON alarms (site, gateway, equipment, fault, subject) WHERE open = 1;

CREATE TABLE own_requests (
  site ${text} NOT NULL, gateway ${text} NOT NULL, id ${text} NOT NULL, alarm ${text} NOT NULL,
  order_id ${text} NOT NULL REFERENCES orders (id),
  PRIMARY KEY (site, gateway, id)
)${rows};
INSERT INTO own_requests SELECT site, gateway, id, alarm, order_id FROM order_requests;
DROP TABLE order_requests;
ALTER TABLE own_requests RENAME TO order_requests;
CREATE INDEX order_requests_by_alarm ON order_requests (alarm);
CREATE INDEX order_requests_by_order ON order_requests (order_id);
`;

/** Intervals of each gateway apart. Those of before are its site's first one's. */
export const intervalOrigins = ({ text, integer, real, keyed }: Words) => `
CREATE TABLE own_intervals (
  site ${text} NOT NULL, gateway ${text} NOT NULL, equipment ${text} NOT NULL, start ${integer} NOT NULL, kwh ${real},
  status ${text} NOT NULL, reason ${text}, revision ${integer} NOT NULL,
  PRIMARY KEY (site, equipment, start, gateway)
)${keyed};
INSERT INTO own_intervals
  SELECT i.site, coalesce((SELECT min(m.gateway) FROM models m WHERE m.site = i.site), ''), i.equipment, i.start, i.kwh,
    i.status, i.reason, i.revision
  FROM intervals i;
DROP TABLE intervals;
ALTER TABLE own_intervals RENAME TO intervals;
`;
