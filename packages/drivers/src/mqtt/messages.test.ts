import { deviceEvent } from '@plantroom/model';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bindingOf } from '../../test/builders.ts';
import { loadProfile } from '../profiles/load.ts';
import { mqttProfile } from '../profiles/schema.ts';
import { ReportReader } from './events.ts';
import { atPath } from './json-path.ts';
import { topicReaders } from './messages.ts';

const payload = fc.oneof(
  fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
  fc.json().map((text) => Buffer.from(text)),
  fc
    .record({ temperature: fc.jsonValue(), humidity: fc.jsonValue(), time: fc.jsonValue(), id: fc.jsonValue() })
    .map((message) => Buffer.from(JSON.stringify(message))),
);

it('any payload gives a reading for each point, good only with a number', () => {
  const binding = bindingOf('lobby', 'environment-sensor-json');
  const { profile } = binding;
  if (profile.protocol !== 'mqtt') throw new TypeError('not MQTT');
  const [reader] = topicReaders(binding, profile, { device: 'lobby' });
  fc.assert(
    fc.property(payload, fc.boolean(), (bytes, retained) => {
      const readings = reader?.readings(bytes, retained) ?? [];
      expect(readings.map((r) => r.point)).toEqual(reader?.points);
      for (const { value, quality, reason } of readings) {
        if (quality === 'good') expect(typeof value).toBe('number');
        else expect(reason).toBeDefined();
      }
    }),
  );
});

it('any payload but an empty one is a device event as the model has it', () => {
  const { events } = loadProfile('generic-fire-panel');
  if (!events) throw new TypeError('the panel reports no events');
  const reader = new ReportReader('panel', events);
  fc.assert(
    fc.property(payload, (bytes) => {
      const report = reader.read(bytes, false, 1_800_000_000_000);
      expect(deviceEvent.safeParse(report?.event).success).toBe(bytes.length > 0);
    }),
  );
});

it('a path finds members of its own value alone', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.string(), (value, path) => {
      expect(() => atPath(value, path)).not.toThrow();
    }),
  );
  for (const path of ['constructor', '__proto__', 'a.constructor', 'length', 'toString'])
    expect(atPath({ a: {} }, path)).toBeUndefined();
});

describe('the whole payload of a topic', () => {
  const reading = (type: string, payload: string, conversion: object = {}) => {
    const { profile, ...binding } = bindingOf('lobby', 'environment-sensor-json');
    if (profile.protocol !== 'mqtt') throw new TypeError('not MQTT');
    const { time: _, ...untimed } = profile;
    const map = mqttProfile.parse({
      ...untimed,
      topic: '{area}/{device}/temperature',
      points: { temperature: { type, ...conversion } },
    });
    const [reader] = topicReaders({ ...binding, profile: map }, map, { device: 'lobby', area: 'east' });
    expect(reader?.topic).toBe('east/lobby/temperature');
    return reader?.readings(Buffer.from(payload), false)[0];
  };

  it.each([
    ['number', '21.5', 21.5],
    ['number', '"21.5"', 'decode'],
    ['number', '21.5 C', 'decode'],
    ['number', '', 'decode'],
    ['number', 'null', 'decode'],
    ['number-in-text', '"21.5"', 21.5],
    ['number-in-text', '"-2.15e1"', -21.5],
    ['number-in-text', '"0x15"', 'decode'],
    ['number-in-text', '"21,5"', 'decode'],
    ['number-in-text', '""', 'decode'],
    ['boolean', '1', 'decode'],
  ])('as %s: %s is %s', (type, payload, expected) => {
    const told = reading(type, payload);
    if (typeof expected === 'number') expect(told).toMatchObject({ value: expected, quality: 'good' });
    else expect(told).toMatchObject({ value: null, quality: 'bad' });
  });

  it('is a text as it stands, even one that looks like JSON', () => {
    const states = { states: { ON: 20, '7': 21 } };
    expect(reading('text', 'ON', states)).toMatchObject({ value: 20, quality: 'good' });
    expect(reading('text', '7', states)).toMatchObject({ value: 21, quality: 'good' });
    expect(reading('text', 'OFF', states)).toMatchObject({ value: null, reason: 'decode' });
  });
});
