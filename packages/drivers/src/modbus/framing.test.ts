import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { frameOf } from '../../test/modbus-server.ts';
import { referenceCrc, rtuFrame } from '../../test/rtu-server.ts';
import { areas } from '../profiles/schema.ts';
import { crc16 } from './crc16.ts';
import { encodeRead, readAnswer } from './pdu.ts';
import { rtuFraming } from './rtu-framing.ts';
import { tcpFraming } from './tcp-framing.ts';
import { describeFrame } from './wire.ts';

const hex = (text: string) => Buffer.from(text.replaceAll(' ', ''), 'hex');

/** A read's answer: function, byte count, data. */
const answerPdu = fc
  .tuple(fc.integer({ min: 1, max: 4 }), fc.uint8Array({ minLength: 1, maxLength: 250 }))
  .map(([code, data]) => Buffer.concat([Buffer.from([code, data.length]), data]));
const unit = fc.integer({ min: 1, max: 247 });

/** The bytes in pieces, as networks deliver them. */
function inPieces(bytes: Buffer, sizes: readonly number[]): Buffer[] {
  const pieces: Buffer[] = [];
  for (let at = 0, i = 0; at < bytes.length; i++) {
    const size = sizes[i % sizes.length] ?? 1;
    pieces.push(bytes.subarray(at, at + size));
    at += size;
  }
  return pieces;
}
const sizes = fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 8 });

describe('a request', () => {
  it('stands on the wire as the specification shows it', () => {
    // Modbus Application Protocol 1.1b3, section 6.3: registers 108 to 110 of unit 17.
    const pdu = encodeRead({ unit: 17, area: 'holding', address: 107, count: 3 });
    expect(pdu.toString('hex')).toBe('03006b0003');
    expect(rtuFraming.encode(17, 0, pdu).toString('hex')).toBe('1103006b00037687');
    expect(tcpFraming.encode(17, 258, pdu).toString('hex')).toBe('0102000000061103006b0003');
  });

  it('only ever reads', () => {
    const place = { unit, area: fc.constantFrom(...areas), address: fc.integer({ min: 0, max: 65_535 }) };
    fc.assert(
      fc.property(fc.record({ ...place, count: fc.integer({ min: 1, max: 2000 }) }), (request) => {
        const pdu = encodeRead(request);
        return pdu.length === 5 && [1, 2, 3, 4].includes(pdu.readUInt8(0));
      }),
    );
  });

  it('has the CRC that a bit-by-bit reckoning has', () => {
    expect(crc16(hex('1103006b0003'))).toBe(0x8776);
    fc.assert(fc.property(fc.uint8Array(), (bytes) => crc16(Buffer.from(bytes)) === referenceCrc(bytes)));
  });
});

describe('frames in a stream', () => {
  it('of TCP are found however the stream is cut', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(unit, answerPdu), { minLength: 1, maxLength: 4 }), sizes, (answers, cuts) => {
        const stream = Buffer.concat(answers.map(([u, pdu], i) => frameOf({ unit: u, transaction: i }, pdu)));
        const reader = tcpFraming.createReader();
        const frames = inPieces(stream, cuts).flatMap((piece) => reader.push(piece));
        expect(frames.map((f) => [f.unit, f.transaction, f.pdu.toString('hex')])).toEqual(
          answers.map(([u, pdu], i) => [u, i, pdu.toString('hex')]),
        );
        expect(reader.rest).toHaveLength(0);
      }),
    );
  });

  it('of RTU are found however the stream is cut', () => {
    fc.assert(
      fc.property(unit, answerPdu, sizes, (u, pdu, cuts) => {
        const reader = rtuFraming.createReader();
        reader.reset({ unit: u, code: pdu[0] ?? 0, byteCount: pdu[1] ?? 0 });
        const frames = inPieces(rtuFrame(u, pdu), cuts).flatMap((piece) => reader.push(piece));
        expect(frames.map((f) => [f.unit, f.pdu.toString('hex')])).toEqual([[u, pdu.toString('hex')]]);
      }),
    );
  });

  it('of RTU are not looked for in the data of the awaited answer', () => {
    const inner = rtuFrame(5, Buffer.from([3, 2, 0xbe, 0xef]));
    const pdu = Buffer.concat([Buffer.from([3, inner.length + 1]), inner, Buffer.from([0])]);
    const whole = rtuFrame(5, pdu);
    const reader = rtuFraming.createReader();
    reader.reset({ unit: 5, code: 3, byteCount: inner.length + 1 });
    const frames = inPieces(whole, [1]).flatMap((piece) => reader.push(piece));
    expect(frames.map((f) => f.pdu.toString('hex'))).toEqual([pdu.toString('hex')]);
  });

  it('of RTU with one bit wrong are none', () => {
    fc.assert(
      fc.property(unit, answerPdu, fc.nat(), (u, pdu, n) => {
        const frame = rtuFrame(u, pdu);
        const at = n % (frame.length * 8);
        frame[at >> 3] = (frame[at >> 3] ?? 0) ^ (1 << (at & 7));
        const found = rtuFraming.createReader().push(frame);
        expect(found.filter((f) => f.bytes.length === frame.length)).toEqual([]);
      }),
    );
  });

  it('any bytes neither throw nor pile up', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 700 }), { maxLength: 8 }), (pieces) => {
        for (const framing of [tcpFraming, rtuFraming]) {
          const reader = framing.createReader();
          for (const piece of pieces) {
            const frames = reader.push(Buffer.from(piece));
            for (const frame of frames) expect(frame.pdu.length).toBeGreaterThan(0);
            if (reader.broken === undefined) expect(reader.rest.length).toBeLessThanOrEqual(512);
          }
        }
      }),
    );
  });

  it('any bytes have words for the person who watches', () => {
    const directions = fc.constantFrom('sent' as const, 'received' as const);
    fc.assert(
      fc.property(directions, fc.uint8Array({ maxLength: 300 }), fc.boolean(), (direction, bytes, isNumbered) => {
        return describeFrame(direction, Buffer.from(bytes), isNumbered).length > 5;
      }),
    );
  });

  it('of TCP end with a header that cannot be', () => {
    for (const header of ['0001 0000 ffff 01', '0001 0000 0000 01', '0001 0000 0002 01', '0001 0001 0006 01']) {
      const reader = tcpFraming.createReader();
      expect(reader.push(hex(header))).toEqual([]);
      expect(reader.broken, header).toBeDefined();
    }
  });
});

describe('an answer', () => {
  const request = { unit: 1, area: 'holding', address: 0, count: 2 } as const;

  it.each([
    ['0304 00010002', { is: 'data' }],
    ['8302', { is: 'exception', code: 2 }],
    ['0302 0001', { is: 'wrong' }],
    ['0304 000100', { is: 'wrong' }],
    ['0304 0001000203', { is: 'wrong' }],
    ['0404 00010002', { is: 'wrong' }],
    ['8402', { is: 'wrong' }],
    ['83', { is: 'wrong' }],
    ['', { is: 'wrong' }],
  ])('of %s is %o', (pdu, meaning) => {
    expect(readAnswer(hex(pdu), request)).toMatchObject(meaning);
  });

  it('of any bytes is one of the three, and data only in the asked length', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 10 }), (bytes) => {
        const answer = readAnswer(Buffer.from(bytes), request);
        return answer.is !== 'data' || answer.bytes.length === 4;
      }),
    );
  });
});
