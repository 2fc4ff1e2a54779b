import type { Alarm, AlarmTransition, DeviceEvent, Interval, ModelRevision, WorkOrderRequest } from '@plantroom/model';
import type { Role } from '@plantroom/model/api';
import type {
  AlarmCommand,
  ClockCorrection,
  CommandOutcome,
  GapRecord,
  GatewayStatus,
  Lane,
} from '@plantroom/model/wire';

export interface EntryName {
  readonly site: string;
  readonly gateway: string;
  readonly epoch: string;
  readonly lane: Lane;
  readonly sequence: number;
}

/** What a meter's intervals of one day of the wall clock add up to. */
export interface IntervalDay {
  readonly start: number;
  readonly kWh: number;
  /** Intervals with a figure. */
  readonly figures: number;
  /** kWh of it that are estimated. */
  readonly estimated: number;
}

export interface PointSince {
  readonly gateway: string;
  readonly equipment: string;
  readonly point: string;
  readonly since: number;
}

/** Sequences without a hole that are stored, of one lane of one epoch. */
export interface LedgerRange {
  readonly gateway: string;
  readonly epoch: string;
  readonly lane: Lane;
  readonly first: number;
  readonly last: number;
  /** Gateway time of the oldest sample of the first entry and of the newest of the last; null where nobody noted it. */
  readonly firstTime: number | null;
  readonly lastTime: number | null;
}

/** A telemetry frame that the time series have committed. */
export interface TelemetryEntry {
  readonly entry: EntryName;
  readonly samples: number;
  readonly oldestGatewayTime: number;
  readonly newestGatewayTime: number;
  /** Starts of the quarters of an hour (UTC) whose rollups its samples change. */
  readonly quarters: readonly number[];
}

/** A stretch of time of which the rollups are behind the samples. */
export interface RollupMark {
  readonly site: string;
  readonly gateway: string;
  /** A quarter of an hour in UTC, or a day of the site (then of no gateway: ''). */
  readonly width: 'quarter' | 'day';
  readonly start: number;
  /** Counts the commits that touched it. */
  readonly version: number;
  /** When it was touched last. */
  readonly markedAt: number;
}

export interface MarkFilter {
  readonly width: RollupMark['width'];
  readonly site?: string;
  /** From when on they start, and before when. */
  readonly from?: number;
  readonly to?: number;
  readonly limit: number;
}

/** What one transaction of ingest changed, for the live feed. */
export interface Committed {
  readonly alarms: readonly string[];
  readonly orders: readonly string[];
  /** Meters (equipment ids) with new or revised intervals. */
  readonly intervals: readonly string[];
  /** Revisions that are new or have become their gateway's newest. */
  readonly models: readonly string[];
}

/** Everything of one events frame, stored with its ledger entry in one transaction. */
export interface EventsBatch {
  readonly entry: EntryName;
  readonly receivedAt: number;
  readonly models: readonly ModelRevision[];
  readonly alarms: readonly Alarm[];
  /** What led to versions of alarms. */
  readonly transitions: readonly TransitionOf[];
  readonly orders: readonly WorkOrderRequest[];
  readonly intervals: readonly Interval[];
  readonly deviceEvents: readonly DeviceEvent[];
  readonly gaps: readonly GapRecord[];
  readonly corrections: readonly ClockCorrection[];
  readonly outcomes: readonly CommandOutcome[];
}

/** The transition that led to a version of an alarm. */
export interface TransitionOf {
  readonly alarm: string;
  readonly version: number;
  readonly transition: AlarmTransition;
}

/** A transition with what its alarm is about. */
export interface TurnRow extends Pick<AlarmTransition, 'time' | 'input' | 'to'> {
  readonly alarm: string;
  readonly equipment: string;
  readonly fault: string;
  readonly subject: string;
  readonly priority: Alarm['priority'];
}

export interface AlarmRow extends Alarm {
  readonly site: string;
  readonly gateway: string;
  /** The order that stands for it. */
  readonly order: { readonly id: string; readonly number: string } | null;
  readonly pending: { readonly command: string; readonly action: string; readonly since: number } | null;
}

/** An order as stored; its machine and clocks are arithmetic over it (package operations). */
export interface OrderRow {
  readonly id: string;
  readonly number: string;
  readonly site: string;
  readonly equipment: string;
  readonly fault: string;
  readonly subject: string;
  readonly alarm: string | null;
  readonly priority: 1 | 2 | 3 | 4;
  readonly trade: string;
  readonly state: string;
  readonly version: number;
  readonly title: { en: string; zh: string };
  readonly assignee: string | null;
  readonly raisedAt: number;
  readonly occurrences: number;
  readonly steps: readonly { doneAt: number | null; doneBy: string | null }[];
  readonly history: readonly OrderEntry[];
}

export interface OrderEntry {
  readonly time: number;
  readonly actor: string;
  readonly action: string;
  readonly from: string | null;
  readonly to: string;
  readonly comment: string;
}

/** Signs that two gateways use one identity. */
export interface IdentityConflict {
  /** `epochs`: two logs take turns, which proves it. `connections`: its connection is lost again and again, for which there are other causes. */
  readonly kind: 'epochs' | 'connections';
  /** When it began, and the newest sign of it; ms since 1970 UTC. */
  readonly since: number;
  readonly at: number;
}

/** ms after its newest sign for which a conflict counts as present: two gateways at one broker find each other within a minute. */
export const conflictPresence = 15 * 60_000;

export interface GatewayRow {
  readonly site: string;
  readonly gateway: string;
  readonly status: GatewayStatus | null;
  /** The last that was seen; it may be long ago. */
  readonly conflict: IdentityConflict | null;
  readonly heardAt: number | null;
  readonly samples: number;
  /** ms between the newest sample's gateway time and its commit. */
  readonly lag: number | null;
  /** Of its clock, the newest first. */
  readonly corrections: readonly ClockCorrection[];
}

export interface UserRow {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
}

export interface AlarmFilter {
  readonly site?: string;
  readonly equipment?: string;
  readonly open?: boolean;
  readonly limit: number;
  /** The cursor of the page before. */
  readonly after?: string;
}

export interface OrderFilter extends AlarmFilter {}

/** What ingest needs of the records. */
export interface IngestRecords {
  /** The newest model revision of every gateway. */
  models(): Promise<ModelRevision[]>;
  /** Whether the entry is in the ledger. */
  isStored(entry: EntryName): Promise<boolean>;
  /** Those of the entries that are in the ledger. */
  stored(entries: readonly EntryName[]): Promise<ReadonlySet<EntryName>>;
  /** Writes the ledger entries of telemetry and marks what they change; called after the time series has committed. */
  commitTelemetry(entries: readonly TelemetryEntry[], receivedAt: number): Promise<void>;
  /** Ids are the gateway's own: what another one calls the same is something else, stored under another id. */
  commitEvents(batch: EventsBatch): Promise<Committed>;
  /** The revision a frame names, or undefined: it is answered `unknown-model`. */
  model(site: string, gateway: string, revision: string): Promise<ModelRevision | undefined>;
  /** Saves a revision that came outside the log (retained); true when it is new or has become the newest. */
  saveModel(site: string, gateway: string, model: ModelRevision, receivedAt: number): Promise<boolean>;
  saveStatus(site: string, gateway: string, status: GatewayStatus, heardAt: number): Promise<void>;
  /**
   * Looks for signs in a live status (after it was saved) that two gateways use one identity; gives the conflict when it has
   * just begun, or become certain.
   */
  seeIdentity(site: string, gateway: string, status: GatewayStatus, now: number): Promise<IdentityConflict | undefined>;
  /** The broker has just begun, so nobody is connected to it, whatever was said before. */
  disconnectGateways(): Promise<void>;
  /** Commands that no event has echoed yet. */
  pendingCommands(site: string, gateway: string): Promise<AlarmCommand[]>;
  /** The SHA-256 of a gateway's secret, for the broker. */
  gatewaySecretHash(site: string, gateway: string): Promise<string | undefined>;
}

/** What the API needs of the records. */
export interface ApiRecords {
  /** The newest model revision of every gateway. */
  models(): Promise<ModelRevision[]>;
  gateways(): Promise<GatewayRow[]>;
  alarms(filter: AlarmFilter): Promise<{ items: AlarmRow[]; next: string | null }>;
  alarm(id: string): Promise<AlarmRow | undefined>;
  /** What is known of how an alarm came to be as it is, in the order of its versions. */
  journal(alarm: string): Promise<(AlarmTransition & { readonly version: number })[]>;
  /**
   * What happened to a site's alarms from `from` to before `to`, and before that to those that are open, by time; the newest
   * `limit` of it.
   */
  turns(site: string, period: { readonly from: number; readonly to: number }, limit: number): Promise<TurnRow[]>;
  /** Gives the command as its gateway calls the alarm. */
  saveCommand(site: string, gateway: string, command: AlarmCommand): Promise<AlarmCommand>;
  orders(filter: OrderFilter): Promise<{ items: OrderRow[]; next: string | null }>;
  order(id: string): Promise<OrderRow | undefined>;
  /**
   * Writes state, assignee, steps and new history entries if the stored version is `expected`, which then counts on by
   * one; false when somebody was faster. Writes the audit log too. Throws PlantroomError `order-open` when the fault has
   * another open order.
   */
  updateOrder(order: OrderRow, expected: number): Promise<boolean>;
  /** The highest revision of each interval with from <= start < to, in the order of equipment and start. */
  intervals(site: string, equipment: readonly string[], from: number, to: number): Promise<Interval[]>;
  /** Sums of one meter's days with from <= start < to that have a figure, by the days of a zone. */
  intervalDays(
    site: string,
    equipment: string,
    days: { readonly from: number; readonly to: number; readonly timezone: string },
  ): Promise<IntervalDay[]>;
  /** The newest first. */
  deviceEvents(site: string, equipment: string, limit: number): Promise<DeviceEvent[]>;
  /** When each point that a gateway ever had came to be known: the receipt of the first model with it. */
  pointsSince(site: string): Promise<PointSince[]>;
  /** What is stored of a site's gateways, each stream in the order of its sequences. */
  ledger(site: string): Promise<LedgerRange[]>;
  /** Every hole in the data that the site's gateways have told of, in the order of time. */
  gaps(site: string): Promise<(GapRecord & { readonly gateway: string })[]>;
  audit(entry: { time: number; actor: string; action: string; target: string; detail: string }): Promise<void>;
  /** Walks the audit log's chain of hashes; `broken` is the first entry that does not fit, null when all do. */
  verifyAudit(): Promise<{ entries: number; broken: number | null }>;
}

/** What the rollups need of the records: a queue that lasts of what they have to make again. */
export interface RollupRecords {
  /** The earliest first. */
  marks(filter: MarkFilter): Promise<RollupMark[]>;
  /** Marks all quarters of a site from one on, once and never again: rollups of what was stored before there were any. */
  beginRollups(site: string, from: number, to: number, at: number): Promise<void>;
  /** Sites for which that was done. */
  begunRollups(): Promise<string[]>;
  /** Takes away those marks that nothing has touched since they were read, and marks these days of the site. */
  settleMarks(done: readonly RollupMark[], days: readonly { site: string; start: number }[], at: number): Promise<void>;
}

/** People, sessions and tokens; secrets are stored as SHA-256 of 256 random bits. */
export interface AuthRecords {
  createUser(user: UserRow): Promise<void>;
  user(id: string): Promise<UserRow | undefined>;
  saveToken(token: {
    hash: string;
    user: string;
    purpose: 'sign-in' | 'api' | 'session';
    expiresAt: number;
  }): Promise<void>;
  /** The user of a token that has not expired; `consume` also removes it (one-time sign-in). */
  userOfToken(
    hash: string,
    purpose: 'sign-in' | 'api' | 'session',
    now: number,
    consume: boolean,
  ): Promise<{ user: UserRow; expiresAt: number } | undefined>;
  removeToken(hash: string): Promise<void>;
  saveGatewaySecret(site: string, gateway: string, hash: string): Promise<void>;
}

/** A lock that its holder keeps until it releases it, ends, or loses its connection. */
export interface HeldLock {
  /** Aborted when it is lost: another process may have it by now. */
  readonly lost: AbortSignal;
  release(): Promise<void>;
}

/** Of the processes that work on the same records, one at a time holds a name. */
export interface LockRecords {
  /** Undefined while another process holds it. Embedded records belong to one process, which holds every name. */
  hold(name: string): Promise<HeldLock | undefined>;
}

/**
 * All of it. Records on a server also throw PlantroomError `records-unavailable` while it cannot be used (nothing was
 * promised; try again) and `records-unstorable` for data that it never takes.
 */
export interface Records extends IngestRecords, ApiRecords, RollupRecords, AuthRecords, LockRecords {
  close(): Promise<void>;
}
