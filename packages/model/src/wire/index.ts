export type { ClockCorrection } from './clock-correction.ts';
export {
  type Acknowledgement,
  type AlarmCommand,
  acknowledgement,
  alarmCommand,
  type ClockStatus,
  type ConnectionStatus,
  type GatewayStatus,
  gatewayStatus,
  type RejectionCode,
  rejectionCodes,
} from './control.ts';
export { encodeEvents } from './encode.ts';
export { FrameError, type FrameFault, wireMajor, wireMinor } from './envelope.ts';
export {
  type CommandOutcome,
  decodeEvents,
  type EventsFrame,
  type GapRecord,
  type WireEvent,
} from './events.ts';
export { type FrameHeader, type Lane, lanes } from './header.ts';
export { type PackedSamples, packSamples, SamplePacker, spanOf } from './packed-samples.ts';
export { peekHeader } from './peek.ts';
export {
  type ColumnFrame,
  type IndexedSample,
  largestFrame,
  type SampleColumns,
  type TelemetryFrame,
  type ThinnedColumns,
} from './samples.ts';
export { decodeColumns, decodeTelemetry, encodeTelemetry } from './telemetry.ts';
export {
  type DownChannel,
  downChannels,
  downTopic,
  type GatewayAddress,
  gatewayFilters,
  liveFilter,
  liveTopic,
  mayPublish,
  maySubscribe,
  parseUpTopic,
  serviceFilters,
  shared,
  type UpChannel,
  upChannels,
  upFilter,
  upFilterOf,
  upTopic,
} from './topics.ts';
