import type { UserRow } from './records/contract.ts';

/** The running service. */
export interface Cloud {
  /** The port of dashboard and API. */
  readonly port: number;
  /** The port of the embedded broker. */
  readonly mqttPort: number;
  /** Where the dashboard is, without a path: `http://127.0.0.1:8080`, or the public URL. */
  readonly url: string;
  /** A one-time token for the link `/sign-in#token=...`, valid for 15 minutes; for the administrator unless told. */
  createSignInToken(user?: UserRow): Promise<string>;
  /** A bearer token for scripts, valid for `lifetime` ms (a year unless told); for the administrator unless told. */
  createApiToken(user?: UserRow, lifetime?: number): Promise<string>;
  /** Gives the gateway a credential (a fresh secret unless told) and returns the secret; an older one ends. */
  enrolGateway(site: string, gateway: string, secret?: string): Promise<string>;
  /** Ends open streams, closes broker and stores; safe to call more than once. */
  stop(): Promise<void>;
}
