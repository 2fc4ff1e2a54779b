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
