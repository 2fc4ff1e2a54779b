import { createServer, type Server, type Socket } from 'node:net';

export interface ModbusRequest {
  readonly transaction: number;
  readonly unit: number;
  readonly code: number;
  readonly address: number;
  readonly count: number;
}

/** What is done with the right answer to a request; sends it unless told otherwise. */
export type Behaviour = (answer: Buffer, request: ModbusRequest, socket: Socket) => void;

/** Registers of one unit, by address; what is not there is refused with exception 2. */
export type Registers = Map<number, number>;

/** A Modbus TCP server with faults, written on node:net and not on the library under test. */
export class ModbusTestServer {
  readonly requests: ModbusRequest[] = [];
  readonly units = new Map<number, Registers>();
  readonly coils = new Map<number, boolean>();
  behaviour: Behaviour = (answer, _, socket) => void socket.write(answer);
  maximum = 125;
  /** How many connections there have been. */
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

  unit(id: number, content: Readonly<Record<number, number>> = {}): Registers {
    const registers = new Map(Object.entries(content).map(([a, v]) => [Number(a), v]));
    this.units.set(id, registers);
    return registers;
  }

  /** Listens on the port it had before, or on any. */
  async start(): Promise<void> {
    const server = createServer((socket) => this.#serve(socket));
    this.#server = server;
    await new Promise<void>((resolve) => server.listen(this.#port, '127.0.0.1', resolve));
    const address = server.address();
    if (typeof address === 'object' && address) this.#port = address.port;
  }

  /** Goes away like a machine that is switched off and answers resets after that. */
  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.resetAndDestroy();
    await new Promise((resolve) => (this.#server ? this.#server.close(resolve) : resolve(undefined)));
    this.#server = undefined;
  }

  #serve(socket: Socket): void {
    this.accepted++;
    this.#sockets.add(socket);
    socket.on('close', () => this.#sockets.delete(socket));
    socket.on('error', () => {});
    let pending = Buffer.alloc(0);
    socket.on('data', (data: Buffer) => {
      pending = Buffer.concat([pending, data]);
      while (pending.length >= 12) {
        this.#receive(pending.subarray(0, 12), socket);
        pending = pending.subarray(12);
      }
    });
  }

  #receive(frame: Buffer, socket: Socket): void {
    const request = {
      transaction: frame.readUInt16BE(0),
      unit: frame.readUInt8(6),
      code: frame.readUInt8(7),
      address: frame.readUInt16BE(8),
      count: frame.readUInt16BE(10),
    };
    this.requests.push(request);
    this.behaviour(frameOf(request, this.pduOf(request)), request, socket);
  }

  /** The right answer's function and data, or exception. */
  pduOf({ unit, code, address, count }: Omit<ModbusRequest, 'transaction'>): Buffer {
    const wanted = Array.from({ length: count }, (_, i) => address + i);
    if (code <= 2) {
      const bytes = Buffer.alloc(Math.ceil(count / 8));
      for (const [i, a] of wanted.entries()) {
        if (!this.coils.has(a)) return exception(code, 2);
        if (this.coils.get(a)) bytes[i >> 3] = (bytes[i >> 3] ?? 0) | (1 << (i & 7));
      }
      return Buffer.concat([Buffer.from([code, bytes.length]), bytes]);
    }
    const registers = this.units.get(unit);
    if (!registers) return exception(code, 0x0b);
    if (count > this.maximum) return exception(code, 3);
    const body = Buffer.alloc(count * 2);
    for (const [i, a] of wanted.entries()) {
      const value = registers.get(a);
      if (value === undefined) return exception(code, 2);
      body.writeUInt16BE(value, i * 2);
    }
    return Buffer.concat([Buffer.from([code, body.length]), body]);
  }
}

export function exception(code: number, exceptionCode: number): Buffer {
  return Buffer.from([code | 0x80, exceptionCode]);
}

/** A complete answer: header (transaction, protocol 0, length, unit) and PDU. */
export function frameOf(request: Pick<ModbusRequest, 'transaction' | 'unit'>, pdu: Buffer): Buffer {
  const header = Buffer.alloc(7);
  header.writeUInt16BE(request.transaction, 0);
  header.writeUInt16BE(pdu.length + 1, 4);
  header.writeUInt8(request.unit, 6);
  return Buffer.concat([header, pdu]);
}

/** The two registers of a 32-bit float, most significant first. */
export function float32(value: number): [number, number] {
  const bytes = Buffer.alloc(4);
  bytes.writeFloatBE(value);
  return [bytes.readUInt16BE(0), bytes.readUInt16BE(2)];
}
