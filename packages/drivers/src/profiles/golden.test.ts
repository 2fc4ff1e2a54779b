import { describe, expect, it } from 'vitest';
import { bindingOf } from '../../test/builders.ts';
import { messageCases, type RegisterCase, readRegisters, registerCases } from '../../test/profile-cases.ts';
import type { Reading } from '../contract.ts';
import { propertiesOf } from '../modbus/properties.ts';
import { topicReaders } from '../mqtt/messages.ts';
import { expandPoint } from '../point-path.ts';
import { loadProfile, profileNames } from './load.ts';

const registers = registerCases();
const messages = messageCases();

/** A value, or why it is bad: a bad reading may still carry its figure. */
function told(reading: Pick<Reading, 'value' | 'quality' | 'reason'>): number | string | null | undefined {
  return reading.quality === 'bad' ? reading.reason : reading.value;
}

/** Every figure to nine digits; reasons as they are. */
function expectValues(found: ReadonlyMap<string, number | string | null | undefined>, expected: [string, unknown][]) {
  for (const [point, value] of expected) {
    const seen = found.get(point);
    const tolerance = typeof value === 'number' ? 1e-9 * Math.max(1, Math.abs(value)) : 0;
    const close = typeof value === 'number' && typeof seen === 'number' && Math.abs(seen - value) <= tolerance;
    expect(close ? value : seen, point).toBe(value);
  }
}

describe.each([...new Set(registers.map((r) => r.profile))])('the registers of %s', (name) => {
  const cases = registers.filter((r) => r.profile === name);

  it.each(cases)('give the values of its document (case %#)', (given) => {
    const read = readRegisters(given);
    const found = new Map([...read].map(([point, reading]) => [point, told(reading)]));
    expectValues(
      found,
      Object.entries(given.points).map(([point, [, , value]]) => [point, value]),
    );
  });

  it('give the texts of the device', () => {
    const profile = loadProfile(name);
    if (profile.protocol !== 'modbus') return;
    const items = propertiesOf(profile, 0);
    const given: RegisterCase['properties'] = Object.assign({}, ...cases.map((c) => c.properties));
    const texts = items.map(({ name, address, length, read }) => {
      const [at, words = ''] = given[name] ?? [];
      const bytes = Buffer.from(words.replaceAll(' ', ''), 'hex');
      return [name, at === address, read(Buffer.concat([bytes, Buffer.alloc(length * 2)], length * 2))];
    });
    expect(texts).toEqual(Object.entries(given).map(([name, [, , text]]) => [name, true, text]));
  });

  it('cover every point, an indexed one at both ends', () => {
    const covered = new Set(cases.flatMap((given) => Object.keys(given.points)));
    for (const point of Object.keys(loadProfile(name).points)) {
      const all = expandPoint(point).points.map((instance) => instance.name);
      expect(covered).toContain(all[0]);
      expect(covered).toContain(all.at(-1));
    }
  });

  it('would read differently in another order of words', () => {
    for (const [point, [, text, value]] of cases.flatMap((given) => Object.entries(given.points))) {
      const words = text.split(' ');
      if (words.length === 1 || typeof value === 'string') continue;
      expect(words.toReversed(), point).not.toEqual(words);
      expect(value, point).not.toBe(0);
    }
  });
});

describe('the messages of devices', () => {
  it.each(messages)('$profile gives the values of its document (case %#)', (given) => {
    const binding = bindingOf('device', given.profile);
    if (binding.profile.protocol !== 'mqtt') throw new TypeError(`${given.profile} is not read over MQTT`);
    const readers = topicReaders(binding, binding.profile, { device: given.device });
    const readings = readers
      .filter((reader) => reader.topic === given.topic)
      .flatMap((reader) => reader.readings(Buffer.from(JSON.stringify(given.message)), false));
    expectValues(new Map(readings.map((r) => [r.point, told(r)])), Object.entries(given.values));
    expect(Object.keys(given.values).sort()).toEqual(Object.keys(binding.profile.points).sort());
  });
});

it('a golden case is here for every profile over Modbus and MQTT', () => {
  const golden = new Set([...registers, ...messages].map((given) => given.profile));
  // What is found by discovery has whole devices for cases: see sunspec.test.ts.
  const expected = profileNames().filter((name) => {
    const profile = loadProfile(name);
    return (
      profile.protocol !== 'opc-ua' &&
      profile.protocol !== 'sparkplug' &&
      !(profile.protocol === 'modbus' && profile.sunspec)
    );
  });
  expect([...golden].sort()).toEqual(expected);
});
