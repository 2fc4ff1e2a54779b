import type { ManualClock } from '@plantroom/base';
import type { Bus, ModbusType } from '../src/modbus/bus.ts';
import type { LinkEvents } from '../src/modbus/link.ts';
import { busOf } from '../src/modbus/target.ts';
import { frameOf, type ModbusRequest } from './modbus-server.ts';
import { rtuFrame } from './rtu-server.ts';

/** Devices in memory whose answers take simulated time. */
export interface LinePeer {
  /** The answer's PDU; undefined for silence. */
  answer(request: ModbusRequest): Buffer | undefined;
  /** Milliseconds from the request to the answer. */
  delay(request: ModbusRequest): number;
  /** Milliseconds after that at which a bridge brings its frame; [0] unless told: once, at once. */
  arrivals?(request: ModbusRequest): readonly number[];
  /** How often a bridge puts each question; once unless told. */
  readonly asks?: number;
}

export interface MemoryLine {
  readonly bus: Bus;
  readonly requests: readonly ModbusRequest[];
  /** How many links there have been. */
  readonly accepted: () => number;
  /** Bytes that no question led to. */
  readonly babble: (bytes: Buffer) => void;
}

/**
 * A bus of the given type on a manual clock. A unit answers in the order in which it was asked. Over TCP an answer goes to
 * the socket that asked and is lost with it; a line behind a device server gives it to whoever is connected then.
 */
export function memoryLine(type: ModbusType, clock: ManualClock, peer: LinePeer, settings: object = {}): MemoryLine {
  const place = type === 'modbus-rtu' ? { path: 'memory' } : { host: 'memory' };
  const bus = busOf(type, { ...place, ...settings });
  const isTcp = type === 'modbus-tcp';
  const requests: ModbusRequest[] = [];
  const notBefore = new Map<number, number>();
  let current: LinkEvents | undefined;
  let accepted = 0;
  const connector = {
    name: 'memory',
    async connect(events: LinkEvents) {
      accepted++;
      current = events;
      let isOpen = true;
      const answer = (request: ModbusRequest): void => {
        const pdu = peer.answer(request);
        if (!pdu) return;
        const at = Math.max(clock.monotonic() + peer.delay(request), notBefore.get(request.unit) ?? 0);
        notBefore.set(request.unit, at);
        for (const extra of peer.arrivals?.(request) ?? [0]) {
          clock.after(at + extra - clock.monotonic(), () => {
            if (!isTcp) current?.data(rtuFrame(request.unit, pdu));
            else if (isOpen) events.data(frameOf(request, pdu));
          });
        }
      };
      return {
        get isOpen() {
          return isOpen;
        },
        write(bytes: Buffer) {
          const request = read(bytes, isTcp);
          requests.push(request);
          for (let i = 0; i < (peer.asks ?? 1); i++) answer(request);
        },
        async close() {
          if (!isOpen) return;
          isOpen = false;
          if (current === events) current = undefined;
          events.closed('it was closed');
        },
      };
    },
  };
  return {
    bus: { ...bus, connectors: [connector] },
    requests,
    accepted: () => accepted,
    babble: (b) => current?.data(b),
  };
}

function read(bytes: Buffer, isTcp: boolean): ModbusRequest {
  const at = isTcp ? 6 : 0;
  return {
    transaction: isTcp ? bytes.readUInt16BE(0) : 0,
    unit: bytes.readUInt8(at),
    code: bytes.readUInt8(at + 1),
    address: bytes.readUInt16BE(at + 2),
    count: bytes.readUInt16BE(at + 4),
  };
}

/** The answer of a device whose every register and bit is a function of its own unit, area and address. */
export function tellingPdu({ unit, code, address, count }: ModbusRequest): Buffer {
  if (code <= 2) {
    const bytes = Buffer.alloc(Math.ceil(count / 8));
    for (let i = 0; i < count; i++) {
      if (tellingWord(unit, code, address + i) & 1) bytes[i >> 3] = (bytes[i >> 3] ?? 0) | (1 << (i & 7));
    }
    return Buffer.concat([Buffer.from([code, bytes.length]), bytes]);
  }
  const body = Buffer.alloc(count * 2);
  for (let i = 0; i < count; i++) body.writeUInt16BE(tellingWord(unit, code, address + i), i * 2);
  return Buffer.concat([Buffer.from([code, body.length]), body]);
}

export function tellingWord(unit: number, code: number, address: number): number {
  return (unit * 4099 + code * 16_411 + address * 31 + (address >> 3)) & 0xffff;
}
