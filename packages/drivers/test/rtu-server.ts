import { createServer, type Server, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { type ModbusRequest, ModbusTestServer } from './modbus-server.ts';

export type RtuRequest = Omit<ModbusRequest, 'transaction'>;
/** What is done with the right answer to a request; sends it unless told otherwise. */
export type RtuBehaviour = (answer: Buffer, request: RtuRequest, stream: Duplex) => void;

/** Devices on a serial line, reached by a serial port or through a device server. Units that are not there keep silent. */
export class RtuTestServer {
  readonly devices = new ModbusTestServer();
  readonly requests: RtuRequest[] = [];
  behaviour: RtuBehaviour = (answer, _, stream) => void stream.write(answer);
  accepted = 0;
  readonly #sockets = new Set<Socket>();
  #server: Server | undefined;
  #port = 0;

  get port(): number {
    return this.#port;
  }

  get connections(): number {
    return this.#sockets.size;
  }

  /** Listens as a device server does, on the port it had before or on any. */
  async start(): Promise<void> {
    const server = createServer((socket) => {
      this.accepted++;
      this.#sockets.add(socket);
      socket.on('close', () => this.#sockets.delete(socket));
      socket.on('error', () => {});
      this.attach(socket);
    });
    this.#server = server;
    await new Promise<void>((resolve) => server.listen(this.#port, '127.0.0.1', resolve));
    const address = server.address();
    if (typeof address === 'object' && address) this.#port = address.port;
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.resetAndDestroy();
    await new Promise((resolve) => (this.#server ? this.#server.close(resolve) : resolve(undefined)));
    this.#server = undefined;
  }

  attach(stream: Duplex): void {
    let pending = Buffer.alloc(0);
    stream.on('data', (data: Buffer) => {
      pending = Buffer.concat([pending, data]);
      while (pending.length >= 8) {
        this.#receive(pending.subarray(0, 8), stream);
        pending = pending.subarray(8);
      }
    });
  }

  #receive(frame: Buffer, stream: Duplex): void {
    const [unit = 0, code = 0] = frame;
    const request = { unit, code, address: frame.readUInt16BE(2), count: frame.readUInt16BE(4) };
    this.requests.push(request);
    if (frame.readUInt16LE(6) !== referenceCrc(frame.subarray(0, 6))) throw new Error('a request has a wrong CRC');
    if (!this.devices.units.has(unit)) return;
    this.behaviour(rtuFrame(unit, this.devices.pduOf(request)), request, stream);
  }
}

export function rtuFrame(unit: number, pdu: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from([unit]), pdu]);
  const crc = referenceCrc(body);
  return Buffer.concat([body, Buffer.from([crc & 0xff, crc >> 8])]);
}

/** CRC-16/MODBUS bit by bit, unlike the table of the code under test. */
export function referenceCrc(bytes: Uint8Array): number {
  let crc = 0xffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let i = 0; i < 8; i++) crc = (crc & 1) === 1 ? (crc >>> 1) ^ 0xa001 : crc >>> 1;
  }
  return crc;
}
