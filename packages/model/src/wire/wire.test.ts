import { crc32, zstdCompressSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { qualities, qualityReasons } from '../quality.ts';
import { FrameError } from './envelope.ts';
import { decodeEvents, type EventsFrame, encodeEvents } from './events.ts';
import type { FrameHeader } from './header.ts';
import { decodeTelemetry, encodeTelemetry, type IndexedSample } from './telemetry.ts';

const header: FrameHeader = {
  site: 'harbour-tower',
  gateway: 'gw-1',
  epoch: 'e0123456789',
  lane: 'telemetry',
  sequence: 7,
  revision: 'r0123456789',
};

const mark = fc.oneof(
  fc.constant({ quality: 'good' as const }),
  fc.record({ quality: fc.constantFrom(...qualities), reason: fc.constantFrom(...qualityReasons) }),
);
const sample: fc.Arbitrary<IndexedSample> = fc
  .record({
    index: fc.integer({ min: 0, max: 50 }),
    time: fc.integer({ min: 0, max: 4_000_000_000_000 }),
    lag: fc.integer({ min: -100_000, max: 100_000 }),
    value: fc.option(fc.double({ noNaN: true, noDefaultInfinity: true }).map((v) => v + 0)),
    mark,
    raw: fc.option(fc.integer({ min: 0, max: 0xffffffff })),
  })
  .map(({ index, time, lag, value, mark: m, raw }) => ({
    index,
    time,
    gatewayTime: time + lag,
    value,
    ...m,
    ...(raw === null ? {} : { raw }),
  }));

const sorted = (rows: readonly IndexedSample[]) => [...rows].sort((a, b) => a.index - b.index || a.time - b.time);

describe('telemetry frames', () => {
  it('give back exactly the samples that went in, in the order of point and time', () => {
    fc.assert(
      fc.property(fc.array(sample, { maxLength: 200 }), (samples) => {
        const back = decodeTelemetry(encodeTelemetry({ header, samples }));
        expect(back.header).toEqual(header);
        expect(back.samples).toEqual(sorted(samples));
      }),
    );
  });

  it('have the same bytes for the same content', () => {
    const samples: IndexedSample[] = [{ index: 1, time: 5, gatewayTime: 6, value: 1.5, quality: 'good' }];
    expect(encodeTelemetry({ header, samples })).toEqual(encodeTelemetry({ header, samples }));
  });

  it('are refused with a reason after any flipped bit of the body', () => {
    const frame = encodeTelemetry({
      header,
      samples: [{ index: 1, time: 5, gatewayTime: 6, value: 1.5, quality: 'good' }],
    });
    fc.assert(
      fc.property(fc.integer({ min: 8, max: frame.length - 1 }), fc.integer({ min: 0, max: 7 }), (at, bit) => {
        const broken = Buffer.from(frame);
        broken[at] = (broken[at] ?? 0) ^ (1 << bit);
        expect(() => decodeTelemetry(broken)).toThrowError(FrameError);
      }),
    );
  });

  it('of a newer minor version stay readable, of a newer major version are refused', () => {
    const frame = encodeTelemetry({ header, samples: [] });
    frame[3] = 9;
    expect(decodeTelemetry(frame).samples).toEqual([]);
    frame[2] = 2;
    expect(() => decodeTelemetry(frame)).toThrowError(/version 2/);
  });

  it('never throw anything but FrameError at random bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(() => decodeTelemetry(bytes)).toThrowError(FrameError);
      }),
    );
  });
});

/** A frame as an attacker with a valid credential packs it. */
function crafted(text: string): Buffer {
  const body = zstdCompressSync(Buffer.from(text));
  const frame = Buffer.alloc(12 + body.length);
  frame.set([0x50, 0x52, 1, 0, 1], 0);
  frame.writeUInt32BE(crc32(body), 8);
  frame.set(body, 12);
  return frame;
}

describe('small frames that unpack to much', () => {
  const named = `"header":${JSON.stringify({ ...header, lane: 'events' })}`;
  const zeros = (n: number) => `[${'0,'.repeat(n)}0]`;

  it('are refused before anything is made of their elements', () => {
    expect(() => decodeEvents(crafted(`{${named},"events":${zeros(3_000_000)}}`))).toThrowError(/more than 400000/);
    expect(() => decodeEvents(crafted(`{${named},"events":${zeros(300_000)}}`))).toThrowError(/at most 1000 events/);
  });

  it('are a frame fault, not a broken process, whatever has a fault in them', () => {
    const model = `{${named},"events":[{"type":"model","model":{"points":${zeros(350_000)}}}]}`;
    expect(() => decodeEvents(crafted(model))).toThrowError(FrameError);
    const columns = '"points":[],"counts":[],"times":[],"lags":[]';
    expect(() => decodeTelemetry(crafted(`{${named},${columns},"values":${zeros(350_000)}}`))).toThrowError(FrameError);
  });

  it('cannot smuggle a negative or empty run', () => {
    const body = (counts: string) => `{${named},"points":[1,1],"counts":${counts},"times":[1],"lags":[0],"values":[1]}`;
    for (const counts of ['[2,-1]', '[1,0]', '[1e300,1]'])
      expect(() => decodeTelemetry(crafted(body(counts)))).toThrowError(FrameError);
  });
});

describe('events frames', () => {
  const frame: EventsFrame = {
    header: { ...header, lane: 'events' },
    events: [
      {
        type: 'intervals',
        intervals: [{ equipment: 'main-meter', start: 900_000, kWh: 12.25, status: 'measured', revision: 1 }],
      },
      { type: 'command-outcome', outcome: { command: 'c1', applied: false, reason: 'the alarm has ended' } },
    ],
  };

  it('give back what went in', () => {
    expect(decodeEvents(encodeEvents(frame))).toEqual(frame);
  });

  it('say which field does not fit', () => {
    const wrong = { ...frame, events: [{ type: 'alarm', alarm: { id: '' } }] } as unknown as EventsFrame;
    expect(() => decodeEvents(encodeEvents(wrong))).toThrowError(/events\.0\.alarm/);
  });
});
