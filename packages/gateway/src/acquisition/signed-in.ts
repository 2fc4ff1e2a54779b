import type { Socket } from 'node:net';
import type { Client } from 'aedes';
import type { BrokerLimits } from './broker-limits.ts';
import type { DeclaredTopics } from './device-rights.ts';

interface Device {
  readonly topics: DeclaredTopics;
  readonly subscriptions: Set<string>;
}

/** Who is connected to the device broker: connections that have yet to sign in, and devices with their users. */
export class SignedIn {
  readonly #limits: BrokerLimits;
  /** By connection: its address. */
  readonly #unsigned = new Map<unknown, string>();
  /** By connection: the device's id at the broker, and its user. */
  readonly #connected = new Map<unknown, { readonly id: string; readonly user: string }>();
  /** Asked for its rights after its connection has ended, too: its will is published then. */
  readonly #devices = new WeakMap<Client, Device>();

  constructor(limits: BrokerLimits) {
    this.#limits = limits;
  }

  /** Whether one more connection of this address may come and sign in. */
  expect(socket: Socket): boolean {
    const address = socket.remoteAddress ?? '';
    let count = 0;
    for (const other of this.#unsigned.values()) if (other === address) count++;
    if (count >= this.#limits.unsigned) return false;
    this.#unsigned.set(socket, address);
    socket.on('close', () => this.#unsigned.delete(socket));
    return true;
  }

  /** Why a device may not sign in; one that comes again in its own place may. */
  refuse({ id }: Client, user: string): string | undefined {
    const { devices, devicesOfUser } = this.#limits;
    const others = [...this.#connected.values()].filter((other) => other.id !== id);
    if (others.length >= devices) return `${devices} devices are connected already`;
    const ofUser = others.filter((other) => other.user === user).length;
    return ofUser >= devicesOfUser ? `${devicesOfUser} devices of user ${user} are connected already` : undefined;
  }

  joinedOwn(client: Client): void {
    this.#unsigned.delete(client.conn);
  }

  joined(client: Client, user: string, topics: DeclaredTopics): void {
    const { conn, id } = client;
    this.#unsigned.delete(conn);
    this.#devices.set(client, { topics, subscriptions: new Set() });
    this.#connected.set(conn, { id, user });
    conn.on('close', () => this.#connected.delete(conn));
  }

  topicsOf(client: Client): DeclaredTopics {
    return this.#devices.get(client)?.topics;
  }

  mayHear(client: Client | null, topic: string): boolean {
    const heard = client && this.#devices.get(client)?.subscriptions;
    return !heard || heard.has(topic) || heard.size < this.#limits.subscriptions;
  }

  hears(client: Client | null, topic: string): void {
    if (client) this.#devices.get(client)?.subscriptions.add(topic);
  }

  hearsNoMore(client: Client, topics: readonly string[]): void {
    for (const topic of topics) this.#devices.get(client)?.subscriptions.delete(topic);
  }
}
