// A Modbus TCP server in a process of its own; every register changes at every read. Sends its port to the parent.
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { type Random, seededRandom } from '@plantroom/base';
import { type Register, registersOfMeter } from './gateway-meters.ts';

const headLength = 6;
const requestLength = 12;
const registers = registersOfMeter();

/** What a point stands around, and the least that it moves; in the units of the registers (V, A, W, Wh, Hz). */
const shapes: readonly { readonly name: RegExp; readonly middle: number; readonly step: number }[] = [
  { name: /^voltage/, middle: 230, step: 1 },
  { name: /^current/, middle: 10, step: 1 },
  { name: /^power/, middle: 2300, step: 400 },
  { name: /^apparentPower/, middle: 7000, step: 400 },
  { name: /^reactivePower/, middle: 500, step: 400 },
  { name: /^frequency/, middle: 50, step: 0.05 },
];
/** Wh that the energy registers begin at and count up by: more than their deadband, at every read. */
const energyStart = 1_000_000;
const energyStep = 200;

/** Analog values jump up and down by more than their deadband, with the noise of a float that no decimal ends. */
function valueAt({ point }: Register, reads: number, random: Random): number {
  const shape = shapes.find((s) => s.name.test(point));
  if (!shape) return energyStart + reads * energyStep + random();
  return shape.middle + (reads % 2 === 0 ? 1 : -1) * shape.step + random() * shape.step * 0.2;
}

/** Answers requests of one connection; a request may come in pieces or several at once. */
function serve(socket: Socket): void {
  const random = seededRandom(socket.remotePort ?? 1);
  const readsOf = new Map<number, number>();
  let rest = Buffer.alloc(0);
  socket.setNoDelay(true);
  socket.on('error', () => {});
  socket.on('data', (data) => {
    rest = rest.length > 0 ? Buffer.concat([rest, data]) : data;
    while (rest.length >= requestLength) {
      const unit = rest.readUInt8(headLength);
      const reads = (readsOf.get(unit) ?? 0) + 1;
      readsOf.set(unit, reads);
      socket.write(answer(rest.subarray(0, requestLength), reads, random));
      rest = rest.subarray(requestLength);
    }
  });
}

/** MBAP header (transaction, protocol, length), unit, function, byte count, registers: Modbus TCP guide 1.0b, 3.1. */
function answer(request: Buffer, reads: number, random: Random): Buffer {
  const address = request.readUInt16BE(8);
  const count = request.readUInt16BE(10);
  const bytes = Buffer.alloc(headLength + 3 + count * 2);
  request.copy(bytes, 0, 0, 8);
  bytes.writeUInt16BE(3 + count * 2, 4);
  bytes.writeUInt8(count * 2, 8);
  for (let i = 0; i < count; i++) bytes.writeUInt16BE(reads & 0xffff, 9 + i * 2);
  for (const register of registers) {
    const offset = register.address - address;
    if (offset >= 0 && offset + 2 <= count) bytes.writeFloatBE(valueAt(register, reads, random), 9 + offset * 2);
  }
  return bytes;
}

process.once('disconnect', () => process.exit(0));
const server = createServer(serve);
server.listen(0, '127.0.0.1');
await once(server, 'listening');
const at = server.address();
process.send?.({ port: typeof at === 'object' ? at?.port : undefined });
