/** Who has confirmed gateway time: an NTP client of this machine, the cloud, or nobody yet. */
export type TimeSource = 'none' | 'system' | 'cloud';

/** The machine's clocks at one moment, ms. */
export interface SystemTime {
  readonly wall: number;
  /** Since the machine started. */
  readonly monotonic: number;
  /** An NTP client of this machine says that it has set the clock. */
  readonly synchronised: boolean;
}

/** What the cloud's clock showed (ms since 1970 UTC) at some moment between two of ours (monotonic, ms). */
export interface CloudTime {
  readonly time: number;
  readonly sent: number;
  readonly received: number;
}

/** Gateway time was found wrong, or was confirmed at last: what bears a time from `from` to `to` belongs `by` ms later. */
export interface Correction {
  /** ms since 1970 UTC by gateway time as it was; inclusive. */
  readonly from: number;
  readonly to: number;
  /** Whole ms; may be 0 for a time that was only unconfirmed. */
  readonly by: number;
  readonly source: TimeSource;
}

/** What outlives the process. */
export interface SavedTime {
  readonly bootId: string;
  /** Gateway time when this was saved, ms since 1970 UTC. */
  readonly time: number;
  readonly source: TimeSource;
  /** Gateway time, and the system's, minus the monotonic clock of that boot; ms. */
  readonly base: number;
  readonly systemBase: number;
  /** Since when gateway time is doubtful, on the monotonic clock of that boot; `null` when it is not. */
  readonly doubtfulSince: number | null;
  /** When the cloud confirmed it last, on the monotonic clock of that boot. */
  readonly heardAt: number;
}

/** A jump of the system's clock against the monotonic one. */
export interface Jump {
  /** Gateway time. */
  readonly at: number;
  /** ms; positive is forward. */
  readonly by: number;
}

export interface ClockReport {
  /** `holding`: the clock that confirmed gateway time has left it, and gateway time goes on without it. */
  readonly state: 'synchronised' | 'holding' | 'unsynchronised';
  readonly source: TimeSource;
  readonly bootId: string;
  /** The system's clock minus gateway time, ms. */
  readonly systemOffset: number;
  /** The cloud's clock minus gateway time, ms, and how far that may be wrong; `null` until the cloud has told its time. */
  readonly cloudOffset: { readonly by: number; readonly within: number } | null;
  readonly jumps: number;
  readonly lastJump: Jump | null;
  readonly lastCorrection: Correction | null;
  /** Milliseconds for which the state has not been `synchronised`. */
  readonly doubtfulFor: number;
}
