import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { systemClock } from '@plantroom/base';
import {
  type Acknowledgement,
  decodeEvents,
  decodeTelemetry,
  downTopic,
  type EventsFrame,
  type FrameHeader,
  parseUpTopic,
  type TelemetryFrame,
} from '@plantroom/model/wire';
import { Aedes } from 'aedes';

export type Heard =
  | { channel: 'telemetry'; header: FrameHeader; frame: TelemetryFrame; bytes: Buffer }
  | { channel: 'events' | 'model'; header: FrameHeader; frame: EventsFrame; bytes: Buffer };

export interface HeardStatus {
  readonly online: boolean;
  readonly question?: number;
  readonly backlog: { readonly entries: number };
}

type Answer = Partial<Pick<Acknowledgement, 'ranges' | 'rejected' | 'historyRate'>> | undefined;

/** A real MQTT broker and a cloud whose answers the test decides. */
export class ScriptedCloud {
  readonly heard: Heard[] = [];
  readonly statuses: HeardStatus[] = [];
  readonly port: number;
  /** Whether the gateway's credential is good, and how often it was not. */
  admits = true;
  refused = 0;
  /** Connections that were made. */
  connections = 0;
  /** What the cloud says to a frame; undefined is silence. It stores everything unless told. */
  answer: (heard: Heard) => Answer = (h) => ({ ranges: [[h.header.sequence, h.header.sequence]] });
  /** The cloud's clock; undefined for a cloud that does not tell its time. */
  time: () => number | undefined = () => systemClock.now();
  readonly #broker: Aedes;
  readonly #server: ReturnType<typeof createServer>;
  readonly #sockets = new Set<Socket>();

  private constructor(broker: Aedes, server: ReturnType<typeof createServer>, port: number) {
    this.#broker = broker;
    this.#server = server;
    this.port = port;
    server.on('connection', (socket) => {
      this.connections++;
      this.#sockets.add(socket);
      socket.on('close', () => this.#sockets.delete(socket));
    });
    broker.authenticate = (_client, user, password, done) => {
      const known = this.admits && user === 'harbour-tower/gw-1' && password?.toString() === 'secret';
      if (!known) this.refused++;
      done(null, known);
    };
    broker.on('publish', (packet) => this.#onPublish(packet.topic, Buffer.from(packet.payload)));
  }

  static async start(port = 0): Promise<ScriptedCloud> {
    const broker = await Aedes.createBroker();
    const server = createServer(broker.handle);
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    return new ScriptedCloud(broker, server, typeof address === 'object' && address ? address.port : 0);
  }

  get url(): string {
    return `mqtt://127.0.0.1:${this.port}`;
  }

  /** Frames on the lanes, without the retained copies of the model. */
  frames(channel?: 'telemetry' | 'events'): Heard[] {
    return this.heard.filter((h) => (channel ? h.channel === channel : h.channel !== 'model'));
  }

  acknowledge(ack: Acknowledgement): void {
    this.send('acks', ack);
  }

  send(channel: 'acks' | 'commands', content: unknown): void {
    const topic = downTopic({ site: 'harbour-tower', gateway: 'gw-1' }, channel);
    const payload = Buffer.from(JSON.stringify(content));
    this.#broker.publish({ cmd: 'publish', qos: 1, dup: false, retain: false, topic, payload }, () => {});
  }

  /** Cuts every connection without a word, as a network does. */
  cut(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  async stop(): Promise<void> {
    this.cut();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
    await new Promise<void>((resolve) => this.#broker.close(() => resolve()));
  }

  #onStatus(status: HeardStatus): void {
    this.statuses.push(status);
    const time = this.time();
    if (!status.online || status.question === undefined || time === undefined) return;
    const clock = { question: status.question, time };
    this.acknowledge({ epoch: 'any', lane: 'events', ranges: [], rejected: [], clock });
  }

  #onPublish(topic: string, bytes: Buffer): void {
    const channel = parseUpTopic(topic)?.channel;
    if (channel === 'status') this.#onStatus(JSON.parse(bytes.toString('utf8')));
    if (channel === undefined || channel === 'status') return;
    const heard: Heard =
      channel === 'telemetry'
        ? { channel, ...withHeader(decodeTelemetry(bytes)), bytes }
        : { channel, ...withHeader(decodeEvents(bytes)), bytes };
    this.heard.push(heard);
    if (channel === 'model') return;
    const answer = this.answer(heard);
    const { epoch, lane } = heard.header;
    if (answer) this.acknowledge({ epoch, lane, ranges: answer.ranges ?? [], rejected: answer.rejected ?? [] });
  }
}

function withHeader<F extends { header: FrameHeader }>(frame: F): { header: FrameHeader; frame: F } {
  return { header: frame.header, frame };
}
