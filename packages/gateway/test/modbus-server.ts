import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { systemClock } from '@plantroom/base';

/** A small Modbus TCP server: holding and input registers by unit; what is not there is exception 2. */
export class ModbusServer {
  readonly port: number;
  /** Units that do not answer at all. */
  readonly mute = new Set<number>();
  /** Connections that were made, and the units asked, in order; for tests that look for what should not have happened. */
  connections = 0;
  readonly asked: { readonly unit: number; readonly at: number }[] = [];
  readonly #registers = new Map<string, number>();
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  private constructor(server: Server, port: number) {
    this.#server = server;
    this.port = port;
    server.on('connection', (socket) => {
      this.connections++;
      this.#sockets.add(socket);
      socket.on('close', () => this.#sockets.delete(socket));
      socket.on('error', () => {});
      let rest = Buffer.alloc(0);
      socket.on('data', (chunk) => {
        rest = Buffer.concat([rest, chunk]);
        for (; rest.length >= 12; rest = rest.subarray(12)) this.#answer(socket, rest.subarray(0, 12));
      });
    });
  }

  static async start(): Promise<ModbusServer> {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    return new ModbusServer(server, typeof address === 'object' && address ? address.port : 0);
  }

  set(unit: number, register: number, word: number): void {
    this.#registers.set(`${unit} ${register}`, word);
  }

  /** An IEEE 754 single, most significant word first. */
  setFloat(unit: number, register: number, value: number): void {
    const bytes = Buffer.alloc(4);
    bytes.writeFloatBE(value);
    this.set(unit, register, bytes.readUInt16BE(0));
    this.set(unit, register + 1, bytes.readUInt16BE(2));
  }

  fill(unit: number, from: number, to: number): void {
    for (let register = from; register <= to; register++) this.set(unit, register, 0);
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  #answer(socket: Socket, request: Buffer): void {
    const unit = request.readUInt8(6);
    this.asked.push({ unit, at: systemClock.monotonic() });
    if (this.mute.has(unit)) return;
    const start = request.readUInt16BE(8);
    const words = Array.from({ length: request.readUInt16BE(10) }, (_, i) =>
      this.#registers.get(`${unit} ${start + i}`),
    );
    const known = words.every((w) => w !== undefined);
    const body = known ? [request.readUInt8(7), words.length * 2] : [request.readUInt8(7) | 0x80, 2];
    const answer = Buffer.alloc(7 + body.length + (known ? words.length * 2 : 0));
    request.copy(answer, 0, 0, 4);
    answer.writeUInt16BE(answer.length - 6, 4);
    answer.writeUInt8(unit, 6);
    answer.set(body, 7);
    if (known) for (const [i, word] of words.entries()) answer.writeUInt16BE(word ?? 0, 9 + i * 2);
    socket.write(answer);
  }
}
