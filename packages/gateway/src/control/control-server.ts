import { once } from 'node:events';
import { chmodSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { describeError, errorCode, type Logger, PlantroomError } from '@plantroom/base';
import { type Commands, type ControlAddress, controlAddress } from './contract.ts';

/** Bytes of a command's argument at most. */
const largestArgument = 64 * 1024;

/** Takes commands over a socket of the machine itself: `POST /{command}` with JSON, answered by JSON. */
export class ControlServer {
  readonly #server: Server;
  readonly #address: ControlAddress;

  private constructor(server: Server, address: ControlAddress) {
    this.#server = server;
    this.#address = address;
  }

  /** Throws PlantroomError `control-socket` when the socket cannot be made. The log's lock keeps a second gateway off. */
  static async start(dataDirectory: string, commands: Commands, logger: Logger): Promise<ControlServer> {
    const address = controlAddress(dataDirectory);
    const { path, name } = address;
    const server = createServer((request, response) => {
      answer(request, commands).then(({ status, body }) => {
        if (status >= 500) logger.error({ code: 'control', command: request.url, body }, 'A command failed.');
        response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
      });
    });
    try {
      // A socket that a killed process left behind would refuse the place.
      rmSync(path, { force: true });
      server.listen(path);
      await once(server, 'listening');
      if (process.platform !== 'win32') chmodSync(path, 0o600);
    } catch (thrown) {
      address.release();
      const why = errorCode(thrown) ?? 'error';
      throw new PlantroomError('control-socket', `The gateway cannot take commands at ${name} (${why}).`, {
        hint: 'Give it a data directory on a local disk that it may write to.',
        cause: thrown,
      });
    }
    return new ControlServer(server, address);
  }

  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.#server.closeAllConnections();
    await closed;
    this.#address.release();
  }
}

interface Answer {
  readonly status: number;
  readonly body: object;
}

async function answer(request: IncomingMessage, commands: Commands): Promise<Answer> {
  const name = (request.url ?? '').slice(1);
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (request.method !== 'POST' || !command)
    return { status: 404, body: { code: 'unknown-command', message: `There is no command ${name}.` } };
  try {
    return { status: 200, body: await command(await argumentOf(request)) };
  } catch (thrown) {
    const known = thrown instanceof PlantroomError;
    const code = known ? thrown.code : 'failed';
    return { status: known ? 422 : 500, body: { code, message: describeError(thrown) } };
  }
}

async function argumentOf(request: IncomingMessage): Promise<unknown> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    size += part.length;
    if (size > largestArgument) throw new PlantroomError('argument', 'The argument is too long.');
    parts.push(part);
  }
  const text = Buffer.concat(parts).toString('utf8');
  try {
    return text === '' ? undefined : JSON.parse(text);
  } catch {
    throw new PlantroomError('argument', 'The argument is not JSON.');
  }
}
