import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { systemClock } from '@plantroom/base';

/** How the way between gateway and cloud is at the moment. */
export type LinkState = 'open' | 'cut' | 'frozen' | 'slow' | 'portal';

/** Milliseconds that each piece waits on a slow link. */
const slowness = 400;
const portalPage = 'HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 25\r\n\r\n<html>Please log in</html>';

/** A network between two processes that can go wrong; hears what the gateway sends. */
export class Link {
  readonly #target: number;
  readonly #sockets = new Set<Socket>();
  #server: Server | undefined;
  #state: LinkState = 'open';
  port = 0;
  /** Told every piece that went from the gateway to the cloud. */
  onSent: (connection: number, bytes: Buffer) => void = () => {};
  #connections = 0;

  constructor(target: number) {
    this.#target = target;
  }

  async start(): Promise<void> {
    const server = createServer((near) => this.#join(near));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const at = server.address();
    this.port = typeof at === 'object' && at ? at.port : 0;
    this.#server = server;
  }

  /** A link that was frozen keeps its sockets, as a cut cable does; any other change breaks them. */
  become(state: LinkState): void {
    this.#state = state;
    if (state !== 'frozen') for (const socket of this.#sockets) socket.destroy();
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise<void>((resolve) => (this.#server ? this.#server.close(() => resolve()) : resolve()));
  }

  #join(near: Socket): void {
    this.#sockets.add(near);
    near.on('error', () => {});
    near.on('close', () => this.#sockets.delete(near));
    if (this.#state === 'cut') return void near.destroy();
    if (this.#state === 'portal') return void near.end(portalPage);
    const id = this.#connections++;
    const far = connect(this.#target, '127.0.0.1');
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      this.#sockets.add(from);
      from.on('error', () => {});
      from.on('close', () => {
        this.#sockets.delete(from);
        if (this.#state !== 'frozen') to.destroy();
      });
      from.on('data', (bytes: Buffer) => {
        if (this.#state === 'frozen') return;
        if (from === near) this.onSent(id, bytes);
        if (this.#state === 'slow') systemClock.after(slowness, () => to.write(bytes));
        else to.write(bytes);
      });
    }
  }
}
