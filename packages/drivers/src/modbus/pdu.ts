import type { areas } from '../profiles/schema.ts';

export type Area = (typeof areas)[number];

export interface ReadRequest {
  readonly unit: number;
  readonly area: Area;
  /** 0-based, as it stands in the request. */
  readonly address: number;
  /** Registers, or bits of a coil area. */
  readonly count: number;
}

/** The function code that reads each area. Plantroom has no code path that writes. */
export const functionOf: Readonly<Record<Area, 1 | 2 | 3 | 4>> = { coil: 1, discrete: 2, holding: 3, input: 4 };

/** Set in the function code of an exception. */
export const exceptionFlag = 0x80;

export function isBitArea(area: Area): boolean {
  return area === 'coil' || area === 'discrete';
}

/** Data bytes of the right answer: two to a register, eight coils to a byte. */
export function byteCountOf({ area, count }: Pick<ReadRequest, 'area' | 'count'>): number {
  return isBitArea(area) ? Math.ceil(count / 8) : count * 2;
}

/** The request's protocol data unit: function, address, count (Modbus Application Protocol 1.1b3, section 6). */
export function encodeRead({ area, address, count }: ReadRequest): Buffer {
  const pdu = Buffer.allocUnsafe(5);
  pdu[0] = functionOf[area];
  pdu.writeUInt16BE(address, 1);
  pdu.writeUInt16BE(count, 3);
  return pdu;
}

export type Answer =
  | { readonly is: 'data'; readonly bytes: Buffer }
  | { readonly is: 'exception'; readonly code: number }
  | { readonly is: 'wrong'; readonly what: string };

/** What an answer's protocol data unit means for the request; anything but the exact shape is wrong. */
export function readAnswer(pdu: Buffer, request: ReadRequest): Answer {
  const code = functionOf[request.area];
  const [given, second] = pdu;
  if (given === (code | exceptionFlag) && second !== undefined && pdu.length === 2) {
    return { is: 'exception', code: second };
  }
  if (given !== code) return { is: 'wrong', what: `it is of function ${given ?? 'none'} instead of ${code}` };
  const wanted = byteCountOf(request);
  if (second !== wanted || pdu.length !== wanted + 2) {
    return { is: 'wrong', what: `it has ${pdu.length - 2} bytes of data and says ${second}, where ${wanted} belong` };
  }
  return { is: 'data', bytes: pdu.subarray(2) };
}

/** What an RTU answer can be told by: it carries neither address nor number. */
export interface Shape {
  readonly code: number;
  /** Its bytes of data. */
  readonly bytes: number;
}

/** The shape of the right answer to a request. */
export function shapeOf(request: Omit<ReadRequest, 'unit'>): Shape {
  return { code: functionOf[request.area], bytes: byteCountOf(request) };
}

export function isLike(a: Shape, b: Shape): boolean {
  return a.code === b.code && a.bytes === b.bytes;
}
