import fc from 'fast-check';
import { expect, it } from 'vitest';
import { answerFrame, FrameReader } from './framing.ts';

const request = Buffer.from('0001000000060303 0000000a'.replaceAll(' ', ''), 'hex');

it('takes a request apart', () => {
  const [frame] = new FrameReader().push(request);
  expect(frame).toEqual({ transaction: 1, unit: 3, pdu: Buffer.from('030000000a', 'hex') });
});

it('finds the same frames however the stream is cut', () => {
  const frames = fc.array(
    fc.record({
      transaction: fc.integer({ min: 0, max: 65_535 }),
      unit: fc.integer({ min: 0, max: 255 }),
      pdu: pdus(),
    }),
    { maxLength: 12 },
  );
  fc.assert(
    fc.property(frames, fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 }), (sent, sizes) => {
      const stream = Buffer.concat(sent.map((frame) => answerFrame(frame, frame.pdu)));
      const reader = new FrameReader();
      const got = [];
      for (let at = 0, turn = 0; at < stream.length; turn += 1) {
        const size = sizes[turn % sizes.length] ?? 1;
        got.push(...reader.push(stream.subarray(at, at + size)));
        at += size;
      }
      expect(got).toEqual(sent);
    }),
  );
});

it.each([
  ['another protocol id', '000100010006030300000001'],
  ['a length of one', '0001000000010303'],
  ['a length above 254', '000100ff00ff03'],
])('refuses %s', (_, hex) => {
  expect(() => new FrameReader().push(Buffer.from(hex, 'hex'))).toThrow(/not a Modbus TCP header/);
});

function pdus() {
  return fc.uint8Array({ minLength: 1, maxLength: 253 }).map((bytes) => Buffer.from(bytes));
}
