import { createServer, type Server, type Socket } from 'node:net';

/** A Modbus TCP server that gives what it was told, for every area alike; what is not there is refused. */
export class SmallModbusServer {
  readonly #units = new Map<number, Map<number, number>>();
  readonly #sockets = new Set<Socket>();
  #server: Server | undefined;
  port = 0;

  /** The registers of a unit; words of floats are put most significant first. */
  unit(id: number): Map<number, number> {
    const registers = this.#units.get(id) ?? new Map<number, number>();
    this.#units.set(id, registers);
    return registers;
  }

  async start(): Promise<void> {
    const server = createServer((socket) => this.#serve(socket));
    this.#server = server;
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    this.port = typeof address === 'object' && address ? address.port : 0;
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server?.close(resolve));
  }

  #serve(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on('close', () => this.#sockets.delete(socket));
    socket.on('error', () => {});
    let pending = Buffer.alloc(0);
    socket.on('data', (data: Buffer) => {
      pending = Buffer.concat([pending, data]);
      for (; pending.length >= 12; pending = pending.subarray(12)) {
        const answer = this.#answer(pending.subarray(0, 12));
        if (answer) socket.write(answer);
      }
    });
  }

  /** A unit that is not there keeps silent. */
  #answer(frame: Buffer): Buffer | undefined {
    const unit = frame.readUInt8(6);
    const code = frame.readUInt8(7);
    const [address, count] = [frame.readUInt16BE(8), frame.readUInt16BE(10)];
    const registers = this.#units.get(unit);
    if (!registers) return undefined;
    const words = Array.from({ length: count }, (_, i) => registers.get(address + i));
    const body = Buffer.alloc(2 + count * 2);
    body.writeUInt8(code, 0);
    body.writeUInt8(count * 2, 1);
    for (const [i, word] of words.entries()) body.writeUInt16BE(word ?? 0, 2 + i * 2);
    const pdu = words.includes(undefined) ? Buffer.from([code | 0x80, 2]) : body;
    const header = Buffer.from(frame.subarray(0, 7));
    header.writeUInt16BE(pdu.length + 1, 4);
    return Buffer.concat([header, pdu]);
  }
}

/** Puts a 32-bit float at an address, most significant word first. */
export function putFloat(registers: Map<number, number>, address: number, value: number): void {
  const bytes = Buffer.alloc(4);
  bytes.writeFloatBE(value);
  registers.set(address, bytes.readUInt16BE(0));
  registers.set(address + 1, bytes.readUInt16BE(2));
}

/** What an Eastron SDM630 shows on a quiet afternoon. */
export function putMeter(registers: Map<number, number>): void {
  const values: Readonly<Record<number, number>> = {
    0: 230.1,
    2: 231.4,
    4: 229.8,
    6: 12.1,
    8: 10.4,
    10: 11.9,
    12: 2700,
    14: 2350,
    16: 2690,
    52: 7740,
    56: 7900,
    60: 1200,
    62: 0.98,
    70: 50.02,
    72: 12_345.6,
    74: 0,
    76: 1820.5,
    224: 1.2,
  };
  for (let address = 0; address < 230; address++) registers.set(address, 0);
  for (const [address, value] of Object.entries(values)) putFloat(registers, Number(address), value);
}

/** A SunSpec meter of floats (model 213) at 40000: some of its values, and NaN for what it does not have. */
export function putSunSpecMeter(registers: Map<number, number>): void {
  const put = (address: number, ...words: number[]) => {
    for (const [i, word] of words.entries()) registers.set(address + i, word);
  };
  for (let at = 40_000; at < 40_069; at++) registers.set(at, 0);
  put(40_000, 0x5375, 0x6e53, 1, 65);
  put(40_069, 213, 124);
  for (let at = 40_071; at < 40_195; at += 2) put(at, 0x7fc0, 0);
  put(40_195, 0xffff, 0);
  const values = {
    12: 230.1,
    14: 229.4,
    16: 231.7,
    26: 49.98,
    28: 7500,
    30: 2500,
    32: 2250,
    34: 2750,
    68: 123_456_496,
  };
  for (const [offset, value] of Object.entries(values)) {
    const bytes = Buffer.alloc(4);
    bytes.writeFloatBE(value);
    put(40_069 + Number(offset), bytes.readUInt16BE(0), bytes.readUInt16BE(2));
  }
}
