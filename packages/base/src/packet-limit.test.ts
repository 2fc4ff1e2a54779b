import { PassThrough } from 'node:stream';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { limitInbound } from './inbound-limit.ts';
import { PacketLimit } from './packet-limit.ts';

/** A QoS 0 PUBLISH of so many bytes after its head. */
function publish(size: number): Buffer {
  const length: number[] = [];
  for (let left = size; length.length === 0 || left > 0; left >>= 7)
    length.push((left & 0x7f) | (left > 0x7f ? 0x80 : 0));
  return Buffer.concat([Buffer.from([0x30, ...length]), Buffer.alloc(size)]);
}
const ping = Buffer.from([0xc0, 0x00]);

it('follows packets however they are cut, and refuses the first that is too large', () => {
  const packets = fc.array(fc.oneof(fc.integer({ min: 0, max: 300 }), fc.constant(-1)), { maxLength: 12 });
  fc.assert(
    fc.property(
      packets,
      fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1 }),
      fc.boolean(),
      (sizes, cuts, tooLarge) => {
        const limit = new PacketLimit(400);
        const parts = sizes.map((size) => (size < 0 ? ping : publish(size)));
        const stream = Buffer.concat([...parts, ...(tooLarge ? [publish(500)] : [])]);
        let accepted = true;
        for (let at = 0, n = 0; at < stream.length; n++) {
          const step = cuts[n % cuts.length] ?? 1;
          accepted = limit.accepts(stream.subarray(at, at + step)) && accepted;
          at += step;
        }
        expect(accepted).toBe(!tooLarge);
      },
    ),
  );
});

it.each([1, 3, 7, 1000])(
  'names the topic of a message that is too large, and ends the stream (pieces of %i bytes)',
  async (step) => {
    const stream = new PassThrough();
    const topics: string[] = [];
    limitInbound(stream, 400, (topic) => topics.push(topic));
    const message = publish(5000);
    message.write('\u0000\u0007rooms/a', 3, 'latin1');
    const bytes = Buffer.concat([ping, publish(400), message]);
    const ended = new Promise((resolve) => stream.once('close', resolve));
    for (let at = 0; at < bytes.length && !stream.destroyed; at += step) stream.write(bytes.subarray(at, at + step));
    await ended;
    expect(topics).toEqual(['rooms/a']);
  },
);
