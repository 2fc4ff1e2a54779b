import { acknowledgement, downTopic, type GatewayAddress, type UpChannel, upTopic } from '@plantroom/model/wire';
import { connectAsync, type MqttClient } from 'mqtt';

/** An MQTT client that sends frames and waits for the application's acknowledgements, as a gateway does. */
export class BenchGateway {
  readonly #client: MqttClient;
  readonly #address: GatewayAddress;
  #stored = 0;
  #wake: () => void = () => {};

  constructor(client: MqttClient, address: GatewayAddress) {
    this.#client = client;
    this.#address = address;
    client.on('message', (_, payload) => {
      const { ranges, rejected } = acknowledgement.parse(JSON.parse(payload.toString()));
      if (rejected[0]) throw new Error(`a frame was rejected: ${rejected[0].code} ${rejected[0].reason}`);
      this.#stored += ranges.reduce((sum, [first, last]) => sum + last - first + 1, 0);
      this.#wake();
    });
  }

  static async connect(port: number, address: GatewayAddress, password: string): Promise<BenchGateway> {
    const username = `${address.site}/${address.gateway}`;
    const client = await connectAsync(`mqtt://127.0.0.1:${port}`, { username, password, protocolVersion: 4 });
    await client.subscribeAsync(downTopic(address, 'acks'), { qos: 1 });
    return new BenchGateway(client, address);
  }

  /**
   * Publishes the frames in order with at most `inFlight` unanswered, until there are none left or `isOver`; resolves with
   * their number when the last one is acknowledged.
   */
  async deliver(
    channel: UpChannel,
    frames: readonly Buffer[],
    inFlight: number,
    isOver: () => boolean = () => false,
  ): Promise<number> {
    this.#stored = 0;
    let sent = 0;
    for (const frame of frames) {
      while (sent - this.#stored >= inFlight) await this.#nextAnswer();
      if (isOver()) break;
      void this.#client.publishAsync(upTopic(this.#address, channel), frame, { qos: 1 });
      sent++;
    }
    while (this.#stored < sent) await this.#nextAnswer();
    return sent;
  }

  async close(): Promise<void> {
    await this.#client.endAsync();
  }

  #nextAnswer(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }
}
