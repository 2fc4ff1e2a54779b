import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLogger, systemClock } from '@plantroom/base';
import { type Alarm, type Interval, type ModelRevision, normalFacts, type WorkOrderRequest } from '@plantroom/model';
import {
  type Acknowledgement,
  type AlarmCommand,
  acknowledgement,
  alarmCommand,
  downTopic,
  encodeEvents,
  encodeTelemetry,
  type FrameHeader,
  type IndexedSample,
  type Lane,
  type UpChannel,
  upTopic,
  type WireEvent,
} from '@plantroom/model/wire';
import type { connectAsync, IClientOptions, MqttClient } from 'mqtt';
import { type Cloud, type CloudOptions, startCloud } from './app.ts';

export const address = { site: 'tower', gateway: 'gw-1' };

export const model: ModelRevision = {
  revision: 'revision-1',
  gateway: address.gateway,
  site: { id: address.site, name: { en: 'Tower', zh: '大厦' }, timezone: 'Asia/Shanghai', area: 42_000 },
  equipment: [
    {
      id: 'pump-1',
      kind: 'pump',
      name: { en: 'Pump 1', zh: '1 号泵' },
      place: { en: 'B2', zh: '地下二层' },
      profile: 'pump',
      connection: 'bus',
      ratings: { ratedPower: 11 },
    },
    {
      id: 'main-meter',
      kind: 'energy-meter',
      name: { en: 'Main meter', zh: '总表' },
      place: { en: 'B1', zh: '地下一层' },
      profile: 'meter',
      connection: 'bus',
      ratings: {},
    },
  ],
  points: [
    { equipment: 'pump-1', point: 'speed', period: 1_000, maximumSilence: 57_000 },
    { equipment: 'pump-1', point: 'running', period: 1_000, maximumSilence: 57_000 },
    { equipment: 'main-meter', point: 'power', period: 1_000, maximumSilence: 57_000 },
  ],
  catalogue: [
    {
      fault: 'pump.dry-run',
      kind: 'pump',
      priority: 2,
      trade: 'mechanical',
      raisesOrder: true,
      title: { en: 'Pump runs dry', zh: '水泵干转' },
      cause: { en: 'No water at the suction side', zh: '吸入侧无水' },
      consequence: { en: 'The seal burns within minutes', zh: '机械密封数分钟内烧毁' },
      steps: [
        { en: 'Stop the pump', zh: '停泵' },
        { en: 'Open the suction valve', zh: '打开进水阀' },
      ],
    },
  ],
};

export const alarmOf = (time: number): Alarm => ({
  id: 'alarm-1',
  equipment: 'pump-1',
  fault: 'pump.dry-run',
  subject: '',
  source: 'gateway',
  priority: 2,
  facts: { ...normalFacts, active: true, acknowledged: false },
  raisedAt: time,
  clearedAt: null,
  acknowledgedAt: null,
  acknowledgedBy: null,
  endedAt: null,
  ending: null,
  detail: { en: 'No flow at 98 %', zh: '转速 98 % 时无流量' },
  evidence: [{ point: 'speed', value: 98, time }],
  version: 1,
  command: null,
});

export const orderOf = (time: number): WorkOrderRequest => ({
  id: 'order-1',
  alarm: 'alarm-1',
  equipment: 'pump-1',
  fault: 'pump.dry-run',
  subject: '',
  priority: 2,
  trade: 'mechanical',
  raisedAt: time,
  title: { en: 'Pump runs dry', zh: '水泵干转' },
});

export function intervalOf(start: number, kWh: number | null, revision = 1): Interval {
  return { equipment: 'main-meter', start, kWh, status: kWh === null ? 'missing' : 'measured', revision };
}

/** An MQTT client that speaks as a gateway does. */
export class PlayedGateway {
  static #opened = 0;
  readonly #client: MqttClient;
  /** New at each opening of a log. */
  readonly #epoch = `epoch-${String(++PlayedGateway.#opened).padStart(4, '0')}`;
  readonly #sequences: Record<Lane, number> = { events: 0, telemetry: 0 };
  readonly acks: Acknowledgement[] = [];
  readonly commands: AlarmCommand[] = [];

  private constructor(client: MqttClient) {
    this.#client = client;
    client.on('message', (topic, payload) => {
      const content: unknown = JSON.parse(payload.toString());
      if (topic === downTopic(address, 'acks')) this.acks.push(acknowledgement.parse(content));
      if (topic === downTopic(address, 'commands')) this.commands.push(alarmCommand.parse(content));
    });
  }

  static async connect(cloud: Cloud, open: typeof connectAsync): Promise<PlayedGateway> {
    const password = await cloud.enrolGateway(address.site, address.gateway);
    return PlayedGateway.at(open, `mqtt://127.0.0.1:${cloud.mqttPort}`, { password });
  }

  /** At a broker that knows it already. */
  static async at(open: typeof connectAsync, url: string, options: IClientOptions): Promise<PlayedGateway> {
    const name = `${address.site}/${address.gateway}`;
    const client = await open(url, { username: name, clientId: name, ...options });
    const gateway = new PlayedGateway(client);
    await client.subscribeAsync([downTopic(address, 'acks'), downTopic(address, 'commands')], { qos: 1 });
    return gateway;
  }

  /** Sends an events frame and waits until it is acknowledged. */
  async events(...events: WireEvent[]): Promise<void> {
    const header = this.#header('events');
    await this.#client.publishAsync(upTopic(address, 'events'), encodeEvents({ header, events }), { qos: 1 });
    await this.#acknowledged(header);
  }

  async telemetry(...samples: IndexedSample[]): Promise<void> {
    const header = this.#header('telemetry');
    await this.#client.publishAsync(upTopic(address, 'telemetry'), encodeTelemetry({ header, samples }), { qos: 1 });
    await this.#acknowledged(header);
  }

  async publish(channel: UpChannel, payload: string, retain = false): Promise<void> {
    await this.#client.publishAsync(upTopic(address, channel), payload, { qos: 1, retain });
  }

  async close(): Promise<void> {
    await this.#client.endAsync(true);
  }

  /** The connection breaks without a word. */
  async cut(): Promise<void> {
    this.#client.options.reconnectPeriod = 0;
    this.#client.stream.destroy();
  }

  #header(lane: Lane): FrameHeader {
    this.#sequences[lane]++;
    const sequence = this.#sequences[lane];
    return { ...address, epoch: this.#epoch, lane, sequence, revision: model.revision };
  }

  #acknowledged({ lane, sequence }: FrameHeader): Promise<void> {
    return until(() =>
      this.acks.some((a) => a.lane === lane && a.ranges.some(([from, to]) => from <= sequence && sequence <= to)),
    );
  }
}

/** Resolves once the condition holds; a condition that never does is ended by the test's time limit. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await systemClock.sleep(10);
}

export interface TestCloud {
  readonly cloud: Cloud;
  readonly base: string;
  /** A request with an API token of the administrator. */
  call(path: string, init?: RequestInit): Promise<Response>;
  get<T = Record<string, unknown>>(path: string): Promise<T>;
  post(path: string, body: unknown, init?: RequestInit): Promise<Response>;
  stop(): Promise<void>;
}

export async function startTestCloud(options: Partial<CloudOptions> = {}): Promise<TestCloud> {
  const dataDirectory = await mkdtemp(join(tmpdir(), 'plantroom-cloud-'));
  const cloud = await startCloud({ dataDirectory, logger: silentLogger, ...options });
  const token = await cloud.createApiToken();
  const base = `http://127.0.0.1:${cloud.port}/api/v1`;
  const call = (path: string, init: RequestInit = {}) =>
    fetch(base + path, { ...init, headers: { authorization: `Bearer ${token}`, ...init.headers } });
  return {
    cloud,
    base,
    call,
    async get<T>(path: string) {
      const response = await call(path);
      if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
      return (await response.json()) as T;
    },
    post: (path, body, init = {}) =>
      call(path, {
        method: 'POST',
        body: JSON.stringify(body),
        ...init,
        headers: { 'content-type': 'application/json', ...init.headers },
      }),
    async stop() {
      await cloud.stop();
      await rm(dataDirectory, { recursive: true, force: true });
    },
  };
}
