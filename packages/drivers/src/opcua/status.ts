import type { Quality, QualityReason } from '@plantroom/model';

export interface StatusMark {
  readonly quality: Quality;
  readonly reason?: QualityReason;
}

/** Codes (OPC 10000-4, 7.39; numbers from the specification's StatusCode.csv) whose reason we know by name. */
const reasons: Readonly<Record<number, QualityReason>> = {
  32773: 'no-answer', // BadCommunicationError
  32778: 'no-answer', // BadTimeout
  32817: 'no-answer', // BadNoCommunication
  32906: 'not-connected', // BadNotConnected
  32818: 'not-available', // BadWaitingForInitialData
  32819: 'not-available', // BadNodeIdInvalid
  32820: 'not-available', // BadNodeIdUnknown
  32828: 'out-of-range', // BadOutOfRange
  32905: 'device-exception', // BadConfigurationError
  32907: 'device-exception', // BadDeviceFailure
  32908: 'device-exception', // BadSensorFailure
  32909: 'not-available', // BadOutOfService
  16527: 'held', // UncertainNoCommunicationLastUsableValue
  16528: 'held', // UncertainLastUsableValue
  16529: 'substituted', // UncertainSubstituteValue
  16530: 'held', // UncertainInitialValue
  16532: 'out-of-range', // UncertainEngineeringUnitsExceeded
};

/** Quality by the two highest bits of a 32-bit StatusCode: 00 good, 01 uncertain, 10 and 11 bad. */
export function markOfStatus(status: number): StatusMark {
  const severity = status >>> 30;
  if (severity === 0) return { quality: 'good' };
  const quality = severity === 1 ? 'uncertain' : 'bad';
  const reason = reasons[status >>> 16];
  if (reason) return { quality, reason };
  return quality === 'bad' ? { quality, reason: 'not-available' } : { quality };
}

/** The info bit that says that a monitored item's queue was too short and values between two are gone. */
export function hasOverflow(status: number): boolean {
  const isDataValueInfo = (status & 0xc00) === 0x400;
  return isDataValueInfo && (status & 0x80) !== 0;
}
