import type { AlarmCommand, GatewayStatus, Lane, RejectionCode } from '@plantroom/model/wire';

/** What names an entry of the log for ever. */
export interface EntryName {
  readonly epoch: string;
  readonly lane: Lane;
  readonly sequence: number;
}

/** One frame of the log, its bytes as they go over the wire. */
export interface UplinkEntry extends EntryName {
  /** Its place in the order of logging, over all epochs. */
  readonly row: number;
  readonly revision: string;
  readonly bytes: Uint8Array;
}

/** The part of the outbox that the uplink reads and clears; nothing is published from anywhere else. */
export interface UplinkLog {
  /** Entries between two rows, in order. */
  next(query: {
    lane: Lane;
    history: boolean;
    after: number;
    before?: number;
    limit: number;
  }): Promise<readonly UplinkEntry[]>;
  acknowledge(epoch: string, lane: Lane, ranges: readonly (readonly [number, number])[]): Promise<void>;
  quarantine(name: EntryName, code: RejectionCode, reason: string): Promise<void>;
  resendModel(revision: string): Promise<UplinkEntry | undefined>;
  /** The frame with the newest model revision. */
  modelFrame(): Promise<Uint8Array | undefined>;
  stats(): Promise<{
    /** The row that the next entry gets. */
    readonly nextRow: number;
    readonly lanes: { readonly telemetry: { readonly entries: number } };
  }>;
  /** Told when there may be something new to send. */
  onAppended(listener: () => void): void;
}

/** Takes a click in the cloud; what it led to comes back as an event of the log. */
export type CommandHandler = (command: AlarmCommand) => void;

/** The gateway's own account of itself. */
export type StatusSource = () => Promise<Omit<GatewayStatus, 'online' | 'question'>>;

/** What the cloud's clock showed (ms since 1970 UTC) at some moment between two of ours (monotonic, ms). */
export interface CloudTime {
  readonly time: number;
  readonly sent: number;
  readonly received: number;
}

/** A name as a key of a map. */
export function keyOf({ epoch, lane, sequence }: EntryName): string {
  return `${epoch} ${lane} ${sequence}`;
}
