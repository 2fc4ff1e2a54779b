import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { type Random, systemClock } from '@plantroom/base';

/**
 * How the way between gateway and cloud is at the moment. `frozen` loses all without a word, `deaf` what the cloud sends;
 * on a `lossy` one TCP sends three of ten packets again, and waits for that.
 */
export type LinkState = 'open' | 'cut' | 'frozen' | 'deaf' | 'slow' | 'lossy' | 'portal';

/** Milliseconds that each piece is under way on a slow link, and the bytes that it carries in one. */
const slowness = 400;
const slowRate = 8;
const lossShare = 0.3;
/** TCP's shortest wait before it sends a packet again, ms; doubled each time. */
const retransmission = 200;
const segment = 1460;
const portalPage = 'HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 25\r\n\r\n<html>Please log in</html>';

/** A network between two processes that can go wrong; hears what the gateway sends. */
export class Link {
  #target = 0;
  readonly #sockets = new Set<Socket>();
  #server: Server | undefined;
  #state: LinkState = 'open';
  port = 0;
  /** Told every piece that went from the gateway to the cloud. */
  onSent: (connection: number, bytes: Buffer) => void = () => {};
  #connections = 0;
  readonly #random: Random;

  constructor(random: Random) {
    this.#random = random;
  }

  /** Leads to this port from now on. */
  async start(target: number): Promise<void> {
    this.#target = target;
    const server = createServer((near) => this.#join(near));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const at = server.address();
    this.port = typeof at === 'object' && at ? at.port : 0;
    this.#server = server;
  }

  /** What becomes silent, slow or lossy keeps its sockets, as a cut cable does; any other change breaks them. */
  become(state: LinkState): void {
    this.#state = state;
    const isBroken = ['open', 'cut', 'portal'].includes(state);
    if (isBroken) for (const socket of this.#sockets) socket.destroy();
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
    this.#carry(near, far, (bytes) => {
      this.onSent(id, bytes);
      return this.#state !== 'frozen';
    });
    this.#carry(far, near, () => this.#state !== 'frozen' && this.#state !== 'deaf');
  }

  /** Hands on what comes, in order, as late as the state of the link says. */
  #carry(from: Socket, to: Socket, arrives: (bytes: Buffer) => boolean): void {
    this.#sockets.add(from);
    from.on('error', () => {});
    from.on('close', () => {
      this.#sockets.delete(from);
      if (this.#state !== 'frozen') to.destroy();
    });
    let free = 0;
    let before: Promise<unknown> = Promise.resolve();
    from.on('data', (bytes: Buffer) => {
      if (!arrives(bytes)) return;
      free = Math.max(systemClock.monotonic(), free) + this.#holdUp(bytes.length);
      const due = free + (this.#state === 'slow' ? slowness : 0);
      before = before.then(async () => {
        const wait = due - systemClock.monotonic();
        if (wait > 0) await systemClock.sleep(wait);
        to.write(bytes);
      });
    });
  }

  /** Milliseconds that the link is busy with these bytes. */
  #holdUp(bytes: number): number {
    if (this.#state === 'slow') return bytes / slowRate;
    if (this.#state !== 'lossy') return 0;
    let wait = 0;
    for (let sent = 0; sent < bytes; sent += segment)
      for (let again = retransmission; this.#random() < lossShare; again *= 2) wait += again;
    return wait;
  }
}
