import type { Clock, Logger } from '@plantroom/base';
import type { WorkOrderAction } from '@plantroom/model';
import type {
  CompletenessDays,
  Consumption,
  GatewayView,
  IntervalView,
  LatestPoint,
  Role,
  Statement,
  WorkOrderView,
} from '@plantroom/model/api';
import type { AlarmCommand } from '@plantroom/model/wire';
import type { ApiRecords, OrderRow, RollupRecords, UserRow } from '../records/contract.ts';
import type { TimeSeriesStore } from '../time-series/contract.ts';
import type { SiteDirectory } from './site-directory.ts';

export interface Credential {
  readonly purpose: 'session' | 'api';
  readonly token: string;
}

export interface Identity {
  readonly user: UserRow;
  readonly expiresAt: number;
  readonly credential: Credential;
}

/** Credentials, as far as the API checks them. */
export interface AccessService {
  signIn(token: string, from: string): Promise<{ token: string; user: UserRow; expiresAt: number } | undefined>;
  identify(credential: Credential): Promise<Identity | undefined>;
  signOut(identity: Identity): Promise<void>;
  may(role: Role, permission: Permission): boolean;
}

/** What a route asks of its caller. */
export type Permission = 'view' | 'alarm.acknowledge' | 'alarm.shelve' | 'order.work' | 'order.manage';

/** The newest committed value of every point. */
export interface LatestService {
  latest(filter: { site?: string | undefined; equipment?: string | undefined }): LatestPoint[];
}

export type OrderOutcome =
  | { readonly ok: true; readonly order: OrderRow }
  | {
      readonly ok: false;
      readonly code: 'not-found' | 'version-conflict' | 'action-not-allowed' | 'invalid-request';
      readonly detail: string;
    };

export interface OrderActionRequest {
  readonly id: string;
  readonly version: number;
  readonly actor: string;
  readonly comment: string;
  readonly assignee?: string | undefined;
}

/** What people do to orders. */
export interface OrderService {
  act(action: WorkOrderAction, request: OrderActionRequest): Promise<OrderOutcome>;
  tick(id: string, step: number, done: boolean, version: number, actor: string): Promise<OrderOutcome>;
}

export interface EnergyService {
  intervals(site: string, equipment: readonly string[], from: number, to: number): Promise<IntervalView[]>;
  consumption(site: string, equipment: string, by: Consumption['by'], from: number, to: number): Promise<Consumption>;
}

/** What is stored of a site's days against what was to be expected. */
export interface CompletenessService {
  /** The first instant of a day by its name; undefined when there is no such day. */
  dayStart(name: string, timezone: string): number | undefined;
  statement(site: string, start: number, timezone: string): Promise<Statement>;
  days(site: string, from: number, to: number, timezone: string): Promise<CompletenessDays>;
}

/** One reader of the live feed. */
export interface LiveReader {
  /** Whether the reader has taken all that was written before; one that does not for long is dropped. */
  ready(): boolean;
  write(text: string): void;
  /** Whether its sign-in still holds; asked at each tick. */
  stillAllowed(): Promise<boolean>;
  end(): void;
}

export interface LiveService {
  /** Whether committed changes come in; else nobody is let in. */
  readonly isFollowing: boolean;
  /** Starts sending the site's events; the returned function stops it. */
  open(site: string, reader: LiveReader): () => void;
}

/** Rows as people see them. */
export interface Views {
  order(row: OrderRow, now: number): WorkOrderView;
  gateways(): Promise<GatewayView[]>;
}

/** Everything the API stands on; only app.ts knows what is behind it. */
export interface ApiServices {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly version: string;
  readonly publicUrl: string | undefined;
  readonly webDirectory: string | undefined;
  readonly records: ApiRecords & Pick<RollupRecords, 'marks'>;
  readonly series: Pick<TimeSeriesStore, 'raw' | 'steps' | 'rollups' | 'siteRollups'>;
  readonly directory: SiteDirectory;
  readonly access: AccessService;
  readonly latest: LatestService;
  readonly orders: OrderService;
  readonly energy: EnergyService;
  readonly completeness: CompletenessService;
  readonly live: LiveService;
  readonly views: Views;
  /** Sends a stored command on its way; it is repeated by ingest until it is echoed. */
  publishCommand(site: string, gateway: string, command: AlarmCommand): Promise<void>;
  /** Tells the readers of the live feed that a click touched an alarm (it is pending now). */
  announceAlarm(site: string, gateway: string, alarm: string): void;
}
