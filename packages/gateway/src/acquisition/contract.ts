import type {
  Cadence,
  DeviceEvent,
  LocalText,
  PointDefinition,
  QualityMark,
  QualityReason,
  Sample,
} from '@plantroom/model';

/** A point that is to be read. */
export interface AcquiredPoint {
  readonly equipment: string;
  readonly point: string;
  readonly definition: PointDefinition;
  readonly cadence: Cadence;
}

/** What a driver read of one point. */
export interface RawReading extends QualityMark {
  readonly equipment: string;
  readonly point: string;
  readonly sourceTime?: number;
  readonly value: number | null;
  readonly raw?: number;
}

export interface RawProperty {
  readonly equipment: string;
  readonly name: string;
  readonly value: string;
}

/** What acquisition gives to the rest of the line. Calls are synchronous and must not throw. */
export interface AcquisitionSink {
  samples(batch: readonly Sample[]): void;
  /** `misfit` says what in the report does not fit the profile. */
  event(event: DeviceEvent, misfit?: LocalText): void;
  property(property: RawProperty): void;
  /** A connection or one of its devices has changed its state. */
  connectionsChanged(): void;
}

/** A device that is left alone for a while, as its reads fail. */
export interface DeviceTrouble {
  readonly equipment: string;
  /** Failures in a row. */
  readonly failures: number;
  readonly silent: boolean;
  readonly kind: 'no-answer' | 'device-exception' | 'garbage';
  /** What went wrong last, and what to try. */
  readonly detail: string;
  /** Milliseconds until it is tried again. */
  readonly retryIn: number;
}

/** Why every point of a device is bad at once. */
export type SilenceReason = Extract<QualityReason, 'no-answer' | 'device-exception'>;
