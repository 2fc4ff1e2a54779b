export {
  type Acknowledgement,
  type AlarmCommand,
  acknowledgement,
  alarmCommand,
  type ConnectionStatus,
  commandActions,
  type GatewayStatus,
  gatewayStatus,
  type RejectionCode,
  rejectionCodes,
} from './control.ts';
export { FrameError, type FrameFault, wireMajor, wireMinor } from './envelope.ts';
export {
  type CommandOutcome,
  decodeEvents,
  type EventsFrame,
  encodeEvents,
  type GapRecord,
  type WireEvent,
} from './events.ts';
export { type FrameHeader, type Lane, lanes } from './header.ts';
export { peekHeader } from './peek.ts';
export {
  type ColumnFrame,
  decodeColumns,
  decodeTelemetry,
  encodeTelemetry,
  type IndexedSample,
  type SampleColumns,
  type TelemetryFrame,
} from './telemetry.ts';
export {
  type DownChannel,
  downChannels,
  downTopic,
  type GatewayAddress,
  liveFilter,
  liveTopic,
  mayPublish,
  maySubscribe,
  parseUpTopic,
  type UpChannel,
  upChannels,
  upFilter,
  upTopic,
} from './topics.ts';
