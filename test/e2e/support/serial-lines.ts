// Device servers with a serial line each, in a process of their own: 30 meters on a line whose characters take their time.
// Every pair of registers reads as the float 50. Counts what it is asked; tells it to the parent on request.
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { systemClock } from '@plantroom/base';

const [lines = 1, units = 1, baudRate = 9600] = process.argv.slice(2).map(Number);

/** Milliseconds of a character of 10 bits, and of the silence between two frames (3.5 characters of 11 bits). */
const character = 10_000 / baudRate;
const silence = (3.5 * 11 * 1000) / baudRate;
const requestLength = 8;
const fifty = 0x4248;

/** A meter of its own pace: between 5 and 55 ms until it answers. */
const answerTime = (unit: number) => 5 + ((unit * 7) % 51);

export interface LineTally {
  readonly connections: number;
  /** Questions by unit. */
  readonly asked: Record<number, number>;
  /** Milliseconds from the first question until each unit had answered all of its first poll and the line was quiet. */
  readonly firstSweep: number | undefined;
}

class SerialLine {
  connections = 0;
  readonly asked: Record<number, number> = {};
  #firstAt: number | undefined;
  #lastEnd = 0;
  #sweepEnd: number | undefined;
  #free = 0;

  accept(socket: Socket): void {
    this.connections++;
    let rest = Buffer.alloc(0);
    socket.setNoDelay(true);
    socket.on('error', () => {});
    socket.on('data', (chunk) => {
      rest = Buffer.concat([rest, chunk]);
      for (; rest.length >= requestLength; rest = rest.subarray(requestLength))
        this.#answer(socket, rest.subarray(0, requestLength));
    });
  }

  tally(): LineTally {
    const { connections, asked } = this;
    return { connections, asked, firstSweep: this.#sweepEnd };
  }

  /** The line carries one frame at a time; the answer is there once its last character is. */
  #answer(socket: Socket, request: Buffer): void {
    const [unit = 0] = request;
    const now = systemClock.monotonic();
    this.#firstAt ??= now;
    // All units have been asked and the first one comes again: the sweep ended with the answer before.
    if (this.#sweepEnd === undefined && unit === 1 && Object.keys(this.asked).length === units)
      this.#sweepEnd = this.#lastEnd - this.#firstAt;
    this.asked[unit] = (this.asked[unit] ?? 0) + 1;
    const answer = answerTo(request);
    const start = Math.max(now, this.#free);
    const end = start + requestLength * character + answerTime(unit) + answer.length * character;
    this.#free = end + silence;
    systemClock.after(Math.max(0, end - now), () => {
      this.#lastEnd = systemClock.monotonic() + silence;
      socket.write(answer);
    });
  }
}

function answerTo(request: Buffer): Buffer {
  const count = request.readUInt16BE(4);
  const body = Buffer.alloc(3 + count * 2);
  request.copy(body, 0, 0, 2);
  body.writeUInt8(count * 2, 2);
  for (let i = 0; i < count; i++) body.writeUInt16BE(i % 2 === 0 ? fifty : 0, 3 + i * 2);
  const crc = Buffer.alloc(2);
  crc.writeUInt16LE(crcOf(body));
  return Buffer.concat([body, crc]);
}

/** CRC-16/MODBUS, bit by bit. */
function crcOf(bytes: Uint8Array): number {
  let crc = 0xffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let i = 0; i < 8; i++) crc = (crc & 1) === 1 ? (crc >>> 1) ^ 0xa001 : crc >>> 1;
  }
  return crc;
}

const all = Array.from({ length: lines }, () => new SerialLine());
const ports: number[] = [];
for (const line of all) {
  const server = createServer((socket) => line.accept(socket));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const at = server.address();
  ports.push(typeof at === 'object' && at ? at.port : 0);
}
process.once('disconnect', () => process.exit(0));
process.on('message', () => process.send?.({ tallies: all.map((line) => line.tally()) }));
process.send?.({ ports });
