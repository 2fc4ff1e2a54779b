import { connect as connectSocket, type Socket } from 'node:net';
import { errorCode } from '@plantroom/base';
import type { ConnectOptions, Connector, Link, LinkEvents } from './link.ts';
import { opening } from './opening.ts';

/** Sockets to serial lines that are open: the address that was reached, under the name that it was asked for by. */
const lines = new Map<Socket, { readonly address: string; readonly name: string }>();

/**
 * A TCP socket, for Modbus TCP and for RTU through a serial device server. The latter, `isLine`, is refused while the same
 * server is in use under another name: a line has one master.
 */
export function socketConnector(host: string, port: number, isLine = false): Connector {
  const name = `${host.includes(':') ? `[${host}]` : host}:${port}`;
  return {
    name,
    async connect(events, options) {
      const socket = connectSocket({ host, port, noDelay: true, keepAlive: true, keepAliveInitialDelay: 10_000 });
      await opened(socket, name, options, isLine);
      return new SocketLink(socket, events);
    },
  };
}

async function opened(socket: Socket, name: string, options: ConnectOptions, isLine: boolean): Promise<void> {
  try {
    await opening(name, options, (resolve, fail) => {
      socket.once('error', (error) => fail(connectText(errorCode(error) ?? error.message)));
      socket.once('connect', () => {
        const other = isLine ? otherNameOf(socket, name) : undefined;
        if (other === undefined) resolve();
        else fail(`it is the serial line that ${other} leads to`, `Put its equipment on the connection to ${other}.`);
      });
    });
  } catch (failure) {
    socket.destroy();
    throw failure;
  }
}

/** The other name under which the server is in use; without one the socket holds its server from now on. */
function otherNameOf(socket: Socket, name: string): string | undefined {
  const address = `${socket.remoteAddress?.replace(/^::ffff:/, '')} ${socket.remotePort}`;
  const other = [...lines.values()].find((line) => line.address === address && line.name !== name);
  if (other) return other.name;
  lines.set(socket, { address, name });
  socket.once('close', () => lines.delete(socket));
  return undefined;
}

class SocketLink implements Link {
  readonly #socket: Socket;

  constructor(socket: Socket, events: LinkEvents) {
    this.#socket = socket;
    let why = 'it closed the connection';
    socket.on('data', (bytes: Buffer) => events.data(bytes));
    socket.on('error', (error) => {
      why = `the connection failed (${errorCode(error) ?? error.message})`;
    });
    // Every end of a socket, also after an error or our own destroy, is its `close`.
    socket.once('close', () => events.closed(why));
  }

  get isOpen(): boolean {
    return !this.#socket.destroyed && this.#socket.writable;
  }

  write(bytes: Buffer): void {
    this.#socket.write(bytes);
  }

  async close(): Promise<void> {
    const gone = this.#socket.closed ? undefined : new Promise((resolve) => this.#socket.once('close', resolve));
    this.#socket.destroy();
    await gone;
  }
}

function connectText(code: string): string {
  const texts: Record<string, string> = {
    ECONNREFUSED: 'it refuses the connection (nothing listens on that port)',
    EHOSTUNREACH: 'there is no way to that host',
    ENETUNREACH: 'there is no way to that network',
    ENOTFOUND: 'that host name is not known',
  };
  return texts[code] ?? code;
}
