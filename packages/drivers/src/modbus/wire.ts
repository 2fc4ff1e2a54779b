/** One piece of the conversation on the wire, as a person wants to see it. */
export interface WireEvent {
  /** Milliseconds since 1970 UTC. */
  readonly time: number;
  readonly direction: 'sent' | 'received';
  readonly bytes: Buffer;
  /** The frame in words, such as `unit 3: read 4 holding registers from 100`. */
  readonly text: string;
}

/** Called for every frame, in order; must not throw. */
export type WireListener = (event: WireEvent) => void;
