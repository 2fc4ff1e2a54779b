import { connect, createServer, type Server, type Socket } from 'node:net';

/** A TCP proxy that can stop passing bytes on while both sides stay connected, as a cut cable does. */
export class TestProxy {
  readonly #target: number;
  readonly #sockets = new Set<Socket>();
  #server: Server | undefined;
  #frozen = false;
  #port = 0;

  constructor(target: number) {
    this.#target = target;
  }

  get port(): number {
    return this.#port;
  }

  async start(): Promise<void> {
    const server = createServer((near) => this.#join(near, connect(this.#target, '127.0.0.1')));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    if (typeof address === 'object' && address) this.#port = address.port;
    this.#server = server;
  }

  /** From now on no byte passes, on old and new connections. */
  freeze(): void {
    this.#frozen = true;
  }

  /** New connections work again; what was frozen stays so. */
  thaw(): void {
    this.#frozen = false;
  }

  /** Breaks every connection; new ones work. */
  cut(): void {
    for (const socket of this.#sockets) socket.resetAndDestroy();
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => (this.#server ? this.#server.close(resolve) : resolve(undefined)));
  }

  #join(near: Socket, far: Socket): void {
    let dead = this.#frozen;
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      this.#sockets.add(from);
      from.on('error', () => {});
      from.on('close', () => {
        this.#sockets.delete(from);
        if (!dead) to.destroy();
      });
      from.on('data', (data: Buffer) => {
        dead ||= this.#frozen;
        if (!dead) to.write(data);
      });
    }
  }
}
