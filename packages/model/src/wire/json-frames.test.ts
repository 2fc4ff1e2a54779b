import { crc32, zstdCompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { encodeEvents } from './encode.ts';
import { FrameError } from './envelope.ts';
import { decodeEvents, type EventsFrame } from './events.ts';
import type { FrameHeader } from './header.ts';
import { decodeTelemetry } from './telemetry.ts';

const header: FrameHeader = {
  site: 'harbour-tower',
  gateway: 'gw-1',
  epoch: 'e0123456789',
  lane: 'telemetry',
  sequence: 7,
  revision: 'r0123456789',
};

/** A frame as an attacker with a valid credential packs it. */
function crafted(text: string): Buffer {
  const body = zstdCompressSync(Buffer.from(text));
  const frame = Buffer.alloc(12 + body.length);
  frame.set([0x50, 0x52, 1, 0, 1], 0);
  frame.writeUInt32BE(crc32(body), 8);
  frame.set(body, 12);
  return frame;
}

describe('small frames of codec 1 that unpack to much', () => {
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
