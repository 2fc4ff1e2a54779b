import type { AlarmCommand, GatewayStatus, Lane, RejectionCode } from '@plantroom/model/wire';

/** One frame of the log, its bytes as they go over the wire. */
export interface UplinkEntry {
  readonly lane: Lane;
  readonly sequence: number;
  readonly revision: string;
  readonly bytes: Uint8Array;
}

/** The part of the outbox that the uplink reads and clears; nothing is published from anywhere else. */
export interface UplinkLog {
  readonly epoch: string;
  next(query: {
    lane: Lane;
    history: boolean;
    after: number;
    before?: number;
    limit: number;
  }): Promise<readonly UplinkEntry[]>;
  acknowledge(lane: Lane, ranges: readonly (readonly [number, number])[]): Promise<void>;
  quarantine(lane: Lane, sequence: number, code: RejectionCode, reason: string): Promise<void>;
  resendModel(revision: string): Promise<UplinkEntry | undefined>;
  /** The frame with the newest model revision. */
  modelFrame(): Promise<Uint8Array | undefined>;
  stats(): Promise<{ readonly lanes: { readonly telemetry: { readonly next: number; readonly entries: number } } }>;
  /** Told when there may be something new to send. */
  onAppended(listener: () => void): void;
}

/** Takes a click in the cloud; what it led to comes back as an event of the log. */
export type CommandHandler = (command: AlarmCommand) => void;

/** The gateway's own account of itself. */
export type StatusSource = () => Promise<Omit<GatewayStatus, 'online'>>;
