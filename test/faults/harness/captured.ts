import { connectAsync } from 'mqtt';
import mqttPacket from 'mqtt-packet';
import type { Plant } from './plant.ts';

const kept = 400;

/** The frames that the gateway published, taken from the wire, for somebody who sends them again. */
export class CapturedFrames {
  readonly #frames: { readonly topic: string; readonly payload: Buffer }[] = [];
  readonly #parsers = new Map<number, ReturnType<typeof mqttPacket.parser>>();

  hear(connection: number, bytes: Buffer): void {
    const known = this.#parsers.get(connection);
    const parser = known ?? mqttPacket.parser({ protocolVersion: 4 });
    if (!known) {
      parser.on('error', () => {});
      parser.on('packet', (packet) => {
        if (packet.cmd !== 'publish' || !/\/up\/(?:telemetry|events)$/.test(packet.topic)) return;
        this.#frames.push({ topic: packet.topic, payload: Buffer.from(packet.payload) });
        if (this.#frames.length > kept) this.#frames.shift();
      });
      this.#parsers.set(connection, parser);
    }
    parser.parse(bytes);
  }

  /** Sends `count` of them once more, some twice, in another order, under the gateway's own name. */
  async playAgain(plant: Plant, count: number, random: () => number): Promise<number> {
    const chosen = [...this.#frames].sort(() => random() - 0.5).slice(0, count);
    const client = await connectAsync(`mqtt://127.0.0.1:${plant.brokerPort}`, {
      // A broker that holds gateways to their own name throws out the one that is there.
      clientId: plant.stores.mosquitto ? 'oracle/gw-1' : 'oracle/gw-1-again',
      username: 'oracle/gw-1',
      password: plant.gatewaySecret,
      reconnectPeriod: 0,
      protocolVersion: 4,
    });
    client.on('error', () => {});
    for (const { topic, payload } of chosen.flatMap((frame) => (random() < 0.3 ? [frame, frame] : [frame])))
      await client.publishAsync(topic, payload, { qos: 1 });
    await client.endAsync();
    return chosen.length;
  }
}
