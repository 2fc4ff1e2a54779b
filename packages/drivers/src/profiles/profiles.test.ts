import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { kinds, pointDefinition } from '@plantroom/model';
import { describe, expect, it } from 'vitest';
import { createJudge } from '../judge.ts';
import { itemsOf } from '../modbus/items.ts';
import { planBlocks } from '../modbus/plan.ts';
import { expandPoint } from '../point-path.ts';
import { loadProfile, parseProfile, profileNames } from './load.ts';
import { type Profile, protocols } from './schema.ts';

/** Pairs of points that two readings of one whole register give: by a threshold, a flag or a table of states. */
const sharedRegisters = ['running speed', 'running tripped', 'tripped faultCode', 'fire fault'];

describe.each(profileNames())('profile %s', (name) => {
  const profile = loadProfile(name);
  const names = Object.keys(profile.points).flatMap((point) => expandPoint(point).points.map((p) => p.name));

  it('is named as its file, and says where it is from in both languages', () => {
    expect(profile.name).toBe(name);
    expect(protocols).toContain(profile.protocol);
    expect(profile.title.en).not.toBe('');
    expect(profile.title.zh).not.toBe('');
  });

  it('gives points that its kind has, in states that its kind has', () => {
    for (const [point, map] of Object.entries(profile.points)) {
      const { generic } = expandPoint(point);
      const definition = kinds[profile.kind].points[generic as never] as Parameters<typeof createJudge>[1] | undefined;
      expect(definition, point).toBeDefined();
      const codes = [
        ...Object.values(map.states ?? {}),
        ...(map.flags ?? []).map((f: { value: number }) => f.value),
        map.otherwise,
      ];
      if (definition?.type !== 'state') continue;
      for (const code of codes) if (code !== undefined) expect(Object.keys(definition.states)).toContain(String(code));
    }
    expect(new Set(names).size).toBe(names.length);
  });

  it('explains codes of points that it gives, and of none that has states', () => {
    for (const [point, codes] of Object.entries(profile.codes)) {
      expect(names).toContain(point);
      expect(pointDefinition(kinds[profile.kind], point)?.type).not.toBe('state');
      for (const { en, zh } of Object.values(codes)) expect([en, zh]).not.toContain('');
    }
  });

  it('names only parameters that it declares', () => {
    const used = Object.values(profile.points).flatMap((p) => [...(p.multiply ?? []), ...(p.divide ?? [])]);
    for (const parameter of used) expect(Object.keys(profile.parameters)).toContain(parameter);
  });

  it('claims no register twice, unless two points look at the same one', () => {
    if (profile.protocol !== 'modbus') return;
    // Values that share a register of scale reach over each other; their golden cases tell them apart.
    const points = Object.fromEntries(Object.entries(profile.points).filter(([, p]) => p.scaleFactor === undefined));
    const plain = { ...profile, points };
    const items = itemsOf({ kind: profile.kind, profile: plain, addressOffset: 0, parameters: {} });
    const owners = new Map<string, string>();
    for (const item of items) {
      const extent = `${item.address}+${item.length}`;
      for (let i = 0; i < item.length; i++) {
        const register = `${item.area} ${item.address + i}`;
        const owner = owners.get(register) ?? extent;
        // A value may lie over another only if both are the same registers, such as bits of one status word.
        expect(owner, `${item.point} over ${owner}`).toBe(extent);
        owners.set(register, extent);
      }
    }
    const whole = Object.entries(profile.points).filter(([, map]) => map.type !== 'bit');
    const seen = new Map<string, string>();
    for (const [point, map] of whole) {
      const key = `${map.area ?? profile.modbus.area} ${map.address}`;
      const pair = [seen.get(key), point].join(' ');
      if (seen.has(key)) expect(sharedRegisters).toContain(pair);
      seen.set(key, point);
    }
  });

  it('can be planned', () => {
    if (profile.protocol !== 'modbus') return;
    const items = itemsOf({ kind: profile.kind, profile, addressOffset: 0, parameters: {} });
    expect(items.map((i) => i.point)).toEqual(names);
    for (const block of planBlocks(items, profile.modbus)) {
      expect(block.length).toBeLessThanOrEqual(profile.modbus.maximumRegisters);
    }
  });
});

describe('the lift profile', () => {
  const profile = loadProfile('lift-opcua');
  const read = (point: string, raw: number | boolean) => {
    const definition = pointDefinition(kinds.elevator, point);
    const map = (profile as Extract<Profile, { protocol: 'opc-ua' }>).points[point];
    return definition && map ? createJudge(map, definition, {}, 64)(raw).value : undefined;
  };

  it('speaks the codes of BACnet', () => {
    expect([0, 1, 2, 3, 4].map((code) => read('direction', code))).toEqual([4, 0, 1, 2, 3]);
    expect([0, 2, 3, 4].map((code) => read('moving', code))).toEqual([null, 0, 1, 1]);
    expect([0, 1, 2, 3, 6, 7].map((code) => read('door', code))).toEqual([0, 2, null, 4, 3, 1]);
    expect([1, 6, 8, 12].map((code) => read('mode', code))).toEqual([1, 11, 8, 12]);
    expect([4, 42, 90].map((code) => read('faultCode', code))).toEqual([4, 0, 0]);
    expect([0, 12].map((load) => read('occupied', load))).toEqual([0, 1]);
  });
});

it.each(profileNames())('%s has no point that could be written', (name) => {
  const text = readFileSync(join(import.meta.dirname, `${name}.yaml`), 'utf8');
  const [line = ''] = text.match(/^ {2}\S.*: \{ .* \}$/m) ?? [];
  if (line === '') return;
  const writable = text.replace(line, line.replace(' }', ', write: true }'));
  expect(() => parseProfile(writable, 'x.yaml')).toThrowError(/write/);
});

describe('a profile that is not there or not right', () => {
  it('is said with what there is', () => {
    expect(() => loadProfile('janitza-umg999')).toThrowError(/no device profile/);
    expect(() => loadProfile('../secrets')).toThrowError(/no device profile/);
  });

  it('is said with its lines', () => {
    const text = 'name: x\ntitle: { en: X, zh: X }\nkind: pump\nsource: s\nmark: own\nperiod: 1000\nprotocol: modbus\n';
    const points =
      'modbus: { area: holding }\npoints:\n  speed: { address: [40001], type: uint16 }\n  flow: { type: int24 }\n';
    expect(() => parseProfile(text + points, 'x.yaml')).toThrowError(/x\.yaml:10: .*address/);
    expect(() => parseProfile(text + points, 'x.yaml')).toThrowError(/x\.yaml:11: /);
  });

  it('is said when one layout of a SunSpec meter gives other points than another', () => {
    const text = readFileSync(join(import.meta.dirname, 'sunspec-meter.yaml'), 'utf8');
    expect(() => parseProfile(text.replace(/^ {8}frequency:.*\n/m, ''), 'x.yaml')).toThrowError(
      /x\.yaml:\d+: .*models 211, 212, 213, 214 give other points than 201, 202, 203, 204/,
    );
  });
});

it.each([
  ['sensors/a/#', /room\.yaml:8: .*without \+ and #/],
  ['sensors/+/x', /room\.yaml:8: .*without \+ and #/],
  ['$share/g/sensors/a', /room\.yaml:8: .*without \$share/],
])('a profile listens to topics, not to a filter such as %s', (topic, message) => {
  const text = `name: room
title: { en: Room, zh: 房间 }
kind: environment-sensor
source: a test
mark: own
period: 1000
protocol: mqtt
topic: TOPIC
points: { temperature: { path: t, type: number } }
`;
  expect(parseProfile(text.replace('TOPIC', 'sensors/{device}'), 'room.yaml').protocol).toBe('mqtt');
  expect(() => parseProfile(text.replace('TOPIC', `"${topic}"`), 'room.yaml')).toThrowError(message);
  const ofPoint = text.replace('TOPIC', 'a').replace('path: t', `topic: "${topic}"`);
  expect(() => parseProfile(ofPoint, 'room.yaml')).toThrowError(/room\.yaml:9: /);
  const events = `events: { topic: "${topic}", time: { path: t, format: iso }, category: { path: c, map: {} }, message: m }\n`;
  expect(() => parseProfile(text.replace('TOPIC', 'a') + events, 'room.yaml')).toThrowError(/room\.yaml:10: /);
});
