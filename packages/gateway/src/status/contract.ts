import type { ConnectionStatus, Lane } from '@plantroom/model/wire';

/** A lane's books: in items, `produced = stored + buffered + quarantined + thinned + dropped + corrupt`. */
export interface LaneReport {
  readonly produced: number;
  readonly stored: number;
  readonly buffered: number;
  readonly quarantined: number;
  readonly thinned: number;
  readonly dropped: number;
  readonly corrupt: number;
  readonly entries: number;
  readonly bytes: number;
  /** Milliseconds since the oldest entry was logged; 0 when the lane is empty. */
  readonly age: number;
}

/** The log's space, in bytes. */
export interface LogReport {
  readonly used: number;
  readonly maximum: number;
  /** Of the disk. */
  readonly free: number;
  /** Milliseconds until it is full at the rate of the last minutes; `null` while it does not grow. */
  readonly fullIn: number | null;
  /** Why the disk takes no writes at the moment. */
  readonly trouble: string | null;
}

/** How gateway time stands; times are ms since 1970 UTC, spans ms. */
export interface TimeReport {
  /** `holding`: what confirmed gateway time has left it, and it goes on by the monotonic clock. */
  readonly state: 'synchronised' | 'holding' | 'unsynchronised';
  /** Who confirmed it. */
  readonly source: 'none' | 'system' | 'cloud';
  /** For how long it has not been `synchronised`. */
  readonly doubtfulFor: number;
  /** This run of the machine. */
  readonly bootId: string;
  /** The clock of the system minus gateway time. */
  readonly systemOffset: number;
  /** The cloud's clock minus gateway time, and how far that may be wrong. */
  readonly cloudOffset: { readonly by: number; readonly within: number } | null;
  readonly jumps: number;
  readonly lastJump: { readonly at: number; readonly by: number } | null;
  readonly lastCorrection: { readonly from: number; readonly to: number; readonly by: number } | null;
}

/** What the gateway knows of itself. */
export interface GatewayReport {
  readonly site: string;
  readonly gateway: string;
  readonly version: string;
  readonly revision: string;
  readonly epoch: string;
  /** `none` without a cloud in the configuration. */
  readonly cloud: 'connected' | 'disconnected' | 'none';
  readonly inFlight: number;
  readonly lanes: Readonly<Record<Lane, LaneReport>>;
  readonly log: LogReport;
  readonly clock: TimeReport;
  readonly points: number;
  readonly samples: {
    /** Samples before and after report by exception. */
    readonly offered: number;
    readonly logged: number;
    /** Values moved on by 1 ms because their millisecond was taken. */
    readonly moved: number;
    /** Values replaced by a later one before they were logged: their point gave more than there are milliseconds. */
    readonly merged: number;
    /** Readings of points that the site does not have. */
    readonly unknown: number;
  };
  /** Poll cycles that a bus was too slow for. */
  readonly skippedPolls: number;
  readonly openAlarms: number;
  readonly connections: readonly ConnectionStatus[];
  /** Devices in back-off with their last failure and next try (ms), and what each unit of a bus has answered so far. */
  readonly field: readonly {
    readonly connection: string;
    readonly trouble: readonly object[];
    readonly units: readonly object[];
    readonly tally: Readonly<Record<string, number>>;
  }[];
  /** Text that devices told of themselves, by equipment. */
  readonly properties: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

export type ReportSource = () => Promise<GatewayReport>;
