import type { Clock, Logger, Random } from '@plantroom/base';
import type { IngestRecords } from '../records/contract.ts';
import type { TimeSeriesStore } from '../time-series/contract.ts';
import type { LiveMessage } from './live-message.ts';

export type { LiveMessage } from './live-message.ts';

/** User name and password of an MQTT connection. A gateway's user name is `{site}/{gateway}`, its password its secret. */
export interface MqttCredential {
  readonly username: string;
  readonly password: string;
}

/** How the service's own clients reach the broker. */
export interface BrokerAccess extends Partial<MqttCredential> {
  /** `mqtt://`, `mqtts://`, `ws://` or `wss://`. */
  readonly url: string;
  /** PEM of the authorities to trust instead of the system's. */
  readonly ca?: string;
  /** PEM of the client's own certificate and its key. */
  readonly cert?: string;
  readonly key?: string;
}

/** A broker that runs by itself. */
export interface ExternalBroker extends BrokerAccess {
  /** A user who may give gateways their rights (mosquitto's dynamic security). */
  readonly enrolment?: MqttCredential;
}

export interface BrokerOptions {
  /** The address to listen on. */
  readonly host: string;
  /** 0 for a free port. */
  readonly port: number;
  readonly records: Pick<IngestRecords, 'gatewaySecretHash'>;
  readonly logger: Logger;
  /** The largest MQTT packet in bytes; a larger one ends its connection. 4 MiB unless told. */
  readonly maximumPacket?: number;
}

/** The embedded broker (MQTT 3.1.1). */
export interface Broker {
  readonly port: number;
  /** For the service's own clients alone, over loopback; the password is random in each process, never stored. */
  readonly access: BrokerAccess & MqttCredential;
  /** Ends the connections of a gateway, after its secret has changed. */
  disconnect(site: string, gateway: string): void;
  close(): Promise<void>;
}

export interface IngestOptions {
  readonly broker: BrokerAccess;
  /** Other processes work on the same stores: they share the frames. */
  readonly isShared: boolean;
  readonly timeSeries: Pick<TimeSeriesStore, 'write'>;
  readonly records: IngestRecords;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly random?: Random;
  /** Told after each commit what goes to the site's live topic as well. Must not throw. */
  readonly onCommitted?: (message: LiveMessage) => void;
}

/** Figures since the start of the process. */
export interface IngestCounts {
  readonly frames: number;
  readonly samples: number;
  readonly duplicates: number;
  readonly rejected: number;
  /** Frames left without an answer because the queue was full or a store failed; their gateway sends them again. */
  readonly unanswered: number;
  /** Frames that wait for their commit now. */
  readonly waiting: number;
}

export interface Ingest {
  counts(): IngestCounts;
  /** Commits what is being committed, then leaves the broker. */
  stop(): Promise<void>;
}
