import { kinds, pointDefinition } from '@plantroom/model';
import { describe, expect, it } from 'vitest';
import { bindingOf } from '../../test/builders.ts';
import type { Reading } from '../contract.ts';
import { createJudge } from '../judge.ts';
import { itemsOf } from '../modbus/items.ts';
import { planBlocks } from '../modbus/plan.ts';
import { parametersOf } from '../parameters.ts';
import { expandPoint } from '../point-path.ts';
import { loadProfile, parseProfile, profileNames } from './load.ts';
import { type ModbusProfile, type Profile, protocols } from './schema.ts';

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

  it('names only parameters that it declares', () => {
    const used = Object.values(profile.points).flatMap((p) => [...(p.multiply ?? []), ...(p.divide ?? [])]);
    for (const parameter of used) expect(Object.keys(profile.parameters)).toContain(parameter);
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

/** Registers by address, most significant byte first, written by hand from the devices' documents. */
type Image = Readonly<Record<number, string>>;

interface Golden {
  readonly options?: Record<string, unknown>;
  readonly ratings?: Record<string, number>;
  readonly image: Image;
  readonly values: Readonly<Record<string, number | string>>;
}

const goldens: Record<string, Golden> = {
  'janitza-umg96rm': {
    image: { 19000: '4366199a', 19012: '41480000', 19026: '47609c00', 19050: '4247eb85', 19068: '4e484032' },
    values: { voltageL1: 230.1, currentL1: 12.5, power: 57.5, frequency: 49.98, energyImport: 839_912.576 },
  },
  'eastron-sdm630': {
    image: { 0: '4366199a', 6: '41480000', 52: '47609c00', 62: '3f733333', 72: '449a5000' },
    values: { voltageL1: 230.1, currentL1: 12.5, power: 57.5, powerFactor: 0.95, energyImport: 1234.5 },
  },
  'schneider-iem3155': {
    image: { 2999: '41480000', 3027: '4366199a', 3059: '41020000', 3203: '0000000000 12d687'.replace(' ', '') },
    values: { currentL1: 12.5, voltageL1: 230.1, power: 8.125, energyImport: 1234.567 },
  },
  'abb-b23': {
    image: {
      23296: '000008fd',
      23308: '000004e2',
      23316: 'fffffc18',
      23318: '7fffffff',
      23340: '1386',
      23354: 'fcae',
      20480: '000000000001e240',
      20484: 'ffffffffffffffff',
    },
    values: {
      voltageL1: 230.1,
      currentL1: 12.5,
      power: -0.01,
      powerL1: 'not-available',
      frequency: 49.98,
      powerFactor: -0.85,
      energyImport: 1234.56,
      energyExport: 'not-available',
    },
  },
  'chint-dtsu666': {
    options: { ctRatio: 30, ptRatio: 10 },
    image: { 8198: '450fd000', 8204: '449c4000', 8210: '45960000', 8260: '459c3000', 4126: '449a5000' },
    values: { voltageL1: 2301, currentL1: 37.5, power: 144, frequency: 49.98, energyImport: 370_350 },
  },
  'acrel-dtsd1352': {
    ratings: { ctRatio: 40 },
    image: { 97: '08fd', 100: '007d', 119: '1386', 362: 'fffffc18', 383: '03b6', 10: '0001e240' },
    values: {
      voltageL1: 230.1,
      currentL1: 50,
      frequency: 49.98,
      power: -40,
      powerFactor: 0.95,
      energyImport: 49_382.4,
    },
  },
  'carlo-gavazzi-em330': {
    image: { 0: '08fd0000', 12: '30d40000', 40: 'fc18ffff', 49: 'fc4a', 51: '01f4', 52: 'e2400001' },
    values: {
      voltageL1: 230.1,
      currentL1: 12.5,
      power: -0.1,
      powerFactor: -0.95,
      frequency: 50,
      energyImport: 12_345.6,
    },
  },
  'inepro-pro380': {
    image: { 20482: '4366199a', 20492: '41480000', 20498: '41020000', 24588: '449a5000' },
    values: { voltageL1: 230.1, currentL1: 12.5, power: 8.125, energyImport: 1234.5 },
  },
  'orno-or-we-516': {
    image: { 14: '4366199a', 20: '4247eb85', 28: '41020000', 264: '449a5000', 272: '3fc00000' },
    values: { voltageL1: 230.1, frequency: 49.98, power: 8.125, energyImport: 1234.5, energyExport: 1.5 },
  },
  'grundfos-cim': {
    ratings: { ratedSpeed: 2900 },
    image: {
      200: '0240',
      203: '0004',
      204: 'ffff',
      300: '2a08',
      301: '00fa',
      303: '0a32',
      311: '00001f40',
      326: '00002800',
    },
    values: {
      running: 1,
      tripped: 0,
      mode: 0,
      faultCode: 'not-available',
      head: 109.719_72,
      flow: 25,
      speed: 90,
      power: 8,
      runHours: 10_240,
    },
  },
  'generic-pump-controller': {
    image: {
      2: '0001',
      3: '0002',
      6: '03e8',
      8: '055f',
      11: '02ee',
      12: 'ff9c',
      15: 'ffb0',
      22: '41480000',
      30: 'd6d80000',
    },
    values: {
      running: 1,
      mode: 1,
      speed: 100,
      currentL1: 137.5,
      vibration: 7.5,
      bearingTemperature: -10,
      suctionPressure: -0.008,
      dischargePressure: 1.25,
      starts: 55_000,
    },
  },
  'level-transmitter': {
    image: { 0: '035a', 1: '0a0e', 2: '0000', 3: '0001', 4: '00c7' },
    values: { level: 85.8, depth: 2.574, lowLevel: 0, highLevel: 1, temperature: 19.9 },
  },
  'generic-fire-panel': {
    image: { 0: '0903', 1: '0001', 5: '0aaa', 100: '0001', 216: '0003', 149: '0009', 449: '0000', 305: '0005' },
    values: {
      fire: 1,
      fault: 0,
      mainsFault: 1,
      manual: 1,
      fireCount: 1,
      batteryVoltage: 27.3,
      'loop[1].device[1].state': 0,
      'loop[2].device[17].state': 1,
      'loop[1].device[50].state': 3,
      'loop[4].device[50].state': 5,
      'loop[3].device[6].state': 2,
    },
  },
};

function readImage(name: string, golden: Golden): Map<string, Pick<Reading, 'value' | 'reason'>> {
  const binding = bindingOf('device', name, golden.options, golden.ratings);
  const profile = binding.profile as ModbusProfile;
  const words = new Map<number, Buffer>();
  for (const [address, hex] of Object.entries(golden.image)) {
    const bytes = Buffer.from(hex, 'hex');
    for (let i = 0; i < bytes.length; i += 2) words.set(Number(address) + i / 2, bytes.subarray(i, i + 2));
  }
  const settings = { kind: binding.kind, profile, addressOffset: 0, parameters: parametersOf(binding) };
  return new Map(
    planBlocks(itemsOf(settings), profile.modbus).flatMap((block) => {
      const bytes = Buffer.concat(
        Array.from({ length: block.length }, (_, i) => words.get(block.address + i) ?? Buffer.alloc(2)),
      );
      return block.items.map((item) => [item.point, item.read(bytes, item.address - block.address)] as const);
    }),
  );
}

describe('a register image', () => {
  const modbus = profileNames().filter((name) => loadProfile(name).protocol === 'modbus');

  it('is here for every Modbus profile', () => {
    expect(Object.keys(goldens).sort()).toEqual(modbus);
  });

  it.each(modbus)('of %s gives the values of its document', (name) => {
    const golden = goldens[name];
    if (!golden) return;
    const read = readImage(name, golden);
    const found = Object.keys(golden.values).map((point) => {
      const reading = read.get(point);
      return [point, reading?.value ?? reading?.reason];
    });
    expect(Object.fromEntries(found)).toEqual(golden.values);
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

describe('a profile that is not there or not right', () => {
  it('is said with what there is', () => {
    expect(() => loadProfile('janitza-umg604')).toThrowError(/no device profile/);
    expect(() => loadProfile('../secrets')).toThrowError(/no device profile/);
  });

  it('is said with its lines', () => {
    const text = 'name: x\ntitle: { en: X, zh: X }\nkind: pump\nsource: s\nmark: own\nperiod: 1000\nprotocol: modbus\n';
    const points =
      'modbus: { area: holding }\npoints:\n  speed: { address: 40001x, type: uint16 }\n  flow: { type: int24 }\n';
    expect(() => parseProfile(text + points, 'x.yaml')).toThrowError(/x\.yaml:10: .*address/);
    expect(() => parseProfile(text + points, 'x.yaml')).toThrowError(/x\.yaml:11: /);
  });
});
