import type { ModelRevision, WorkOrderRequest } from '@plantroom/model';
import {
  type Acknowledgement,
  type AlarmCommand,
  acknowledgement,
  alarmCommand,
  downTopic,
  encodeEvents,
  encodeTelemetry,
  type GatewayAddress,
  type GatewayStatus,
  type IndexedSample,
  type Lane,
  type UpChannel,
  upTopic,
  type WireEvent,
} from '@plantroom/model/wire';
import { connectAsync, type IClientOptions, type MqttClient } from 'mqtt';

export const gatewayOne: GatewayAddress = { site: 'harbour', gateway: 'gw-1' };
const epoch = 'epoch-0001';

/** A small site: two points of one pump. Test-only, like the rest of this file. */
export function modelOf({ site, gateway }: GatewayAddress, revision = 'revision-1'): ModelRevision {
  const point = (name: string) => ({ equipment: 'pump-1', point: name, period: 1000, maximumSilence: 57_000 });
  return {
    revision,
    gateway,
    site: { id: site, name: { en: 'Harbour', zh: '海港' }, timezone: 'Asia/Shanghai' },
    equipment: [],
    points: [point('flow'), point('head')],
    catalogue: [],
  };
}

/** The order that it asks for. */
export const orderAt = (now: number): WorkOrderRequest => ({
  id: 'order-1',
  alarm: 'alarm-1',
  equipment: 'pump-1',
  fault: 'pump.dry-run',
  subject: '',
  priority: 2,
  trade: 'mechanical',
  raisedAt: now,
  title: { en: 'Pump runs dry', zh: '水泵干转' },
});

export function sample(time: number, value: number, index = 0): IndexedSample {
  return { index, time, gatewayTime: time, value, quality: 'good' };
}

export function statusOf(time: number, online = true): GatewayStatus {
  const backlog = { entries: 0, bytes: 0, oldest: 0 };
  return { online, time, epoch, revision: 'revision-1', version: '0.1.0', backlog, quarantined: 0, connections: [] };
}

/** What a gateway's frames say of themselves. */
interface Named {
  readonly sequence: number;
  readonly revision?: string;
  readonly as?: GatewayAddress;
}

export function telemetryFrame(
  { sequence, revision = 'revision-1', as = gatewayOne }: Named,
  samples: IndexedSample[],
) {
  return encodeTelemetry({ header: { ...as, epoch, lane: 'telemetry', sequence, revision }, samples });
}

export function eventsFrame({ sequence, revision = 'revision-1', as = gatewayOne }: Named, events: WireEvent[]) {
  return encodeEvents({ header: { ...as, epoch, lane: 'events', sequence, revision }, events });
}

/** An MQTT client that speaks as a gateway does and keeps what it hears. */
export class PlayedGateway {
  readonly client: MqttClient;
  readonly address: GatewayAddress;
  readonly acknowledgements: Acknowledgement[] = [];
  readonly commands: AlarmCommand[] = [];

  constructor(client: MqttClient, address: GatewayAddress) {
    this.client = client;
    this.address = address;
    client.on('error', () => {});
    client.on('message', (topic, payload) => {
      const content: unknown = JSON.parse(payload.toString());
      if (topic === downTopic(address, 'acks')) this.acknowledgements.push(acknowledgement.parse(content));
      if (topic === downTopic(address, 'commands')) this.commands.push(alarmCommand.parse(content));
    });
  }

  static async connect(
    url: string,
    password: string,
    address = gatewayOne,
    options: IClientOptions = {},
  ): Promise<PlayedGateway> {
    const client = await connectAsync(
      url,
      { username: `${address.site}/${address.gateway}`, password, protocolVersion: 4, reconnectPeriod: 0, ...options },
      false,
    );
    const gateway = new PlayedGateway(client, address);
    await client.subscribeAsync([downTopic(address, 'acks'), downTopic(address, 'commands')], { qos: 1 });
    return gateway;
  }

  async send(channel: UpChannel, payload: Buffer | string, retain = false): Promise<void> {
    await this.client.publishAsync(upTopic(this.address, channel), payload, { qos: 1, retain });
  }

  /** Sequences of a lane that were acknowledged, one entry for each time. */
  stored(lane: Lane): number[] {
    return this.acknowledgements
      .filter((a) => a.lane === lane)
      .flatMap((a) =>
        a.ranges.flatMap(([first, last]) => Array.from({ length: last - first + 1 }, (_, n) => first + n)),
      );
  }

  /** Rejections of a lane as `sequence code`. */
  rejected(lane: Lane): string[] {
    return this.acknowledgements
      .filter((a) => a.lane === lane)
      .flatMap((a) => a.rejected.map((r) => `${r.sequence} ${r.code}`));
  }

  async close(): Promise<void> {
    await this.client.endAsync(true);
  }
}
