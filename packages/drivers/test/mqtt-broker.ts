import { createServer, type Server, type Socket } from 'node:net';
import { Aedes, type AuthenticateError } from 'aedes';

/** A real MQTT broker that can go away and come back on its port. */
export class TestBroker {
  readonly #sockets = new Set<Socket>();
  readonly #users: Readonly<Record<string, string>> | undefined;
  #broker: Aedes | undefined;
  #server: Server | undefined;
  #port = 0;
  /** Topics that nobody may subscribe to. */
  readonly forbidden = new Set<string>();

  constructor(users?: Readonly<Record<string, string>>) {
    this.#users = users;
  }

  get port(): number {
    return this.#port;
  }

  get connections(): number {
    return this.#sockets.size;
  }

  async start(): Promise<void> {
    const broker = await Aedes.createBroker();
    broker.authenticate = (_, user, password, done) => {
      const right = !this.#users || this.#users[user ?? ''] === password?.toString();
      const refusal: AuthenticateError = Object.assign(new Error('wrong password'), { returnCode: 4 });
      if (right) done(null, true);
      else done(refusal, false);
    };
    broker.authorizeSubscribe = (_, subscription, done) =>
      done(null, this.forbidden.has(subscription.topic) ? null : subscription);
    const server = createServer((socket) => {
      this.#sockets.add(socket);
      socket.on('close', () => this.#sockets.delete(socket));
      broker.handle(socket);
    });
    await new Promise<void>((resolve) => server.listen(this.#port, '127.0.0.1', resolve));
    const address = server.address();
    if (typeof address === 'object' && address) this.#port = address.port;
    this.#broker = broker;
    this.#server = server;
  }

  async stop(): Promise<void> {
    const broker = this.#broker;
    this.#broker = undefined;
    const { promise, resolve } = Promise.withResolvers<void>();
    for (const socket of this.#sockets) socket.destroy();
    if (this.#server) this.#server.close(() => resolve());
    else resolve();
    await promise;
    if (broker) await new Promise<void>((closed) => broker.close(() => closed()));
    this.#server = undefined;
  }

  publish(topic: string, message: unknown, retain = false): Promise<void> {
    const payload = typeof message === 'string' || Buffer.isBuffer(message) ? message : JSON.stringify(message);
    return new Promise((resolve) => {
      const packet = { cmd: 'publish', topic, payload, retain, qos: 1, dup: false } as const;
      if (this.#broker?.closed === false) this.#broker.publish(packet, () => resolve());
      else resolve();
    });
  }
}
