import type { Clock, Logger } from '@plantroom/base';
import type { DeviceEvent, LocalText, Quality, QualityReason } from '@plantroom/model';
import type { UnitHistory } from './modbus/unit-history.ts';

/** What a driver read of one point, before the gateway decides on its time. */
export interface Reading {
  readonly equipment: string;
  readonly point: string;
  /** The device's or server's own time, ms since 1970 UTC, where the protocol has one. */
  readonly sourceTime?: number;
  readonly value: number | null;
  readonly quality: Quality;
  readonly reason?: QualityReason;
  /** The protocol's own code. */
  readonly raw?: number;
}

/** Text that describes the equipment (serial number, firmware): not sampled. */
export interface EquipmentProperty {
  readonly equipment: string;
  readonly name: string;
  readonly value: string;
}

/** Where a driver puts what it hears. Calls are synchronous and never throw. */
export interface FieldSink {
  readings(batch: readonly Reading[]): void;
  /** `misfit` says what in the report does not fit the profile. */
  event(event: DeviceEvent, misfit?: LocalText): void;
  property(property: EquipmentProperty): void;
  /** The equipment stopped answering, or answers again; a polling driver need not call it. */
  silence(equipment: string, silent: boolean, detail: string): void;
}

/**
 * How a read failed, by what the caller must do: `no-answer` backs off this device, `device-exception` keeps the link
 * and learns the hole, `garbage` drops the link.
 */
export type FailureKind = 'no-answer' | 'device-exception' | 'garbage';

/** One equipment on a connection. */
export interface FieldDevice {
  readonly equipment: string;
  /** Milliseconds between two polls, or the expected publishing period. */
  readonly period: number;
  /** Full point names (indexes filled in) that this device gives. */
  readonly points: readonly string[];
}

export interface ProbeResult {
  readonly ok: boolean;
  /** For the person at the keyboard: what was asked, what came, what to try next. */
  readonly message: string;
}

/**
 * A bus, socket or session, prepared and not yet open. `open`, `close` are safe to repeat, in any order and after
 * failures. A connection either is polled (`poll`) or pushes (`subscribe`); it may do both.
 */
export interface FieldConnection {
  readonly id: string;
  readonly devices: readonly FieldDevice[];
  /** The topics that it listens to on a broker. */
  readonly topics?: readonly string[];
  /** Connects; throws DriverFailure. */
  open(): Promise<void>;
  /** Reads all points of one equipment; one request in flight per bus is the driver's own care. Throws DriverFailure. */
  poll?(equipment: string): Promise<readonly Reading[]>;
  /** Starts the push; the driver watches its own data and rebuilds its client when it goes silent. */
  subscribe?(sink: FieldSink): Promise<void>;
  /**
   * Promises to go on over the session of the connection in whose place this one is put, so that nothing pushed is missed
   * between them: that one hears until this subscribes, and is to be closed after. False when it needs a session of its own.
   */
  follow?(before: FieldConnection): boolean;
  probe(equipment: string): Promise<ProbeResult>;
  /** What each unit of the bus has answered so far, and its last failures. */
  history?(): readonly UnitHistory[];
  /** What happened on it since it was prepared that a person should see, by name: for status and metrics. */
  tally?(): Readonly<Record<string, number>>;
  /** The certificates that its newest session stood on. */
  certificates?(): readonly CertificateNotice[];
  close(): Promise<void>;
}

/** A certificate that will end: the gateway's own, the server's, or the one of the user that it signs in as. */
export interface CertificateNotice {
  readonly whose: 'own' | 'server' | 'user';
  /** ms since 1970 UTC. */
  readonly notAfter: number;
}

export interface DriverContext {
  readonly clock: Clock;
  readonly logger: Logger;
  /** A folder of this connection's own (learned holes); made when first needed. */
  readonly directory: string;
  /** The gateway's data directory, for what its connections share: its certificate, and whom it trusts. */
  readonly dataDirectory: string;
  /** Reads a secret that the site file names (`{ file: ... }` or `{ env: ... }` were resolved before). */
  readonly secret: (name: string) => string | undefined;
}
