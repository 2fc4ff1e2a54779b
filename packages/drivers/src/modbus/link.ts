import type { Clock } from '@plantroom/base';

/** An open socket or serial port. It reports its end once, through `closed`. */
export interface Link {
  readonly isOpen: boolean;
  write(bytes: Buffer): void;
  /** Resolves when it is closed; repeatable. */
  close(): Promise<void>;
}

export interface LinkEvents {
  data(bytes: Buffer): void;
  /** It was open and is not any more. */
  closed(why: string): void;
}

export interface ConnectOptions {
  readonly clock: Clock;
  /** Milliseconds until it counts as not to be had. */
  readonly timeout: number;
  readonly signal: AbortSignal;
}

/** One way to the devices. `connect` throws DriverFailure `no-answer`. */
export interface Connector {
  /** As a person knows it, such as `192.0.2.10:502` or `/dev/ttyUSB0`. */
  readonly name: string;
  connect(events: LinkEvents, options: ConnectOptions): Promise<Link>;
}
