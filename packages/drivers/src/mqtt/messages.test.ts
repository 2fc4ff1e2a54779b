import { deviceEventCategories } from '@plantroom/model';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { bindingOf } from '../../test/builders.ts';
import { loadProfile } from '../profiles/load.ts';
import { eventOf } from './events.ts';
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
  const [reader] = topicReaders(binding, profile, 'lobby');
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

it('any payload is a device event as the model has it, or none', () => {
  const { events } = loadProfile('generic-fire-panel');
  if (!events) throw new TypeError('the panel reports no events');
  fc.assert(
    fc.property(payload, (bytes) => {
      const event = eventOf('panel', events, bytes, 1_800_000_000_000);
      if (event) expect(deviceEventCategories).toContain(event.category);
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
