import { exceptionText } from './exceptions.ts';
import { type Area, exceptionFlag, functionOf, isBitArea, type ReadRequest } from './pdu.ts';

/** One piece of the conversation on the wire, as a person wants to see it. */
export interface WireEvent {
  /** Milliseconds since 1970 UTC. */
  readonly time: number;
  readonly direction: 'sent' | 'received';
  readonly bytes: Buffer;
  /** The frame in words, such as `unit 3: read 4 holding registers from 100`. */
  readonly text: string;
}

/** Called for every frame, in order; must not throw. */
export type WireListener = (event: WireEvent) => void;

const areaNames: Readonly<Record<Area, string>> = {
  coil: 'coils',
  discrete: 'discrete inputs',
  holding: 'holding registers',
  input: 'input registers',
};

/** `4 holding registers from 100 (0x0064)`. */
export function describeRequest({ area, address, count }: Omit<ReadRequest, 'unit'>): string {
  return `${count} ${areaNames[area]} from ${address} (0x${address.toString(16).toUpperCase().padStart(4, '0')})`;
}

/** A frame in words; bytes that are none are said to be so. */
export function describeFrame(direction: 'sent' | 'received', bytes: Buffer, isNumbered: boolean): string {
  const unit = bytes[isNumbered ? 6 : 0];
  const pdu = isNumbered ? bytes.subarray(7) : bytes.subarray(1, -2);
  const [code, second] = pdu;
  if (unit === undefined || code === undefined || second === undefined)
    return `${bytes.length} bytes that are no frame`;
  if (code > exceptionFlag) return `unit ${unit}: ${exceptionText(second)} to function ${code - exceptionFlag}`;
  const area = (Object.keys(functionOf) as Area[]).find((a) => functionOf[a] === code);
  if (!area) return `unit ${unit}: function ${code}`;
  if (direction === 'sent' && pdu.length === 5) {
    return `unit ${unit}: read ${describeRequest({ area, address: pdu.readUInt16BE(1), count: pdu.readUInt16BE(3) })}`;
  }
  if (pdu.length !== second + 2) return `${bytes.length} bytes that are no frame`;
  return `unit ${unit}: ${dataText(area, pdu.subarray(2))}`;
}

function dataText(area: Area, data: Buffer): string {
  if (isBitArea(area))
    return `bits ${[...data].map((b) => b.toString(2).padStart(8, '0')).join(' ')} (first is rightmost)`;
  const words = Array.from({ length: data.length >> 1 }, (_, i) => data.readUInt16BE(i * 2));
  return `${words.length} registers ${words.map((w) => w.toString(16).toUpperCase().padStart(4, '0')).join(' ')}`;
}
