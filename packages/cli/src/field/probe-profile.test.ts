import { loadProfile } from '@plantroom/drivers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { putMeter, SmallModbusServer } from '../../test/modbus-server.ts';
import { parseModbusEndpoint } from './endpoint.ts';
import { probeProfile, profileText } from './probe-profile.ts';
import { variantsOf } from './variants.ts';

const server = new SmallModbusServer();
/** As a device would give them whose words stand the other way round. */
const swapped = (id: number) => {
  const registers = new Map<number, number>();
  putMeter(registers);
  for (let at = 0; at < 228; at += 2) {
    server.unit(id).set(at, registers.get(at + 1) ?? 0);
    server.unit(id).set(at + 1, registers.get(at) ?? 0);
  }
};

beforeAll(async () => {
  putMeter(server.unit(1));
  const shifted = new Map<number, number>();
  putMeter(shifted);
  for (const [at, word] of shifted) server.unit(2).set(at + 1, word);
  server.unit(2).set(0, 0);
  swapped(3);
  await server.start();
});
afterAll(() => server.stop());

function probe(unit: number, options: Record<string, unknown> = {}) {
  const endpoint = parseModbusEndpoint(`modbus-tcp://127.0.0.1:${server.port}`);
  const query = { endpoint, profile: loadProfile('eastron-sdm630'), options: { unit, ...options }, pause: 5 };
  return probeProfile(query).then((found) => ({ found, text: profileText(query, found) }));
}

test('shows every point with its registers, and says that all of it can be true', async () => {
  const { text } = await probe(1);
  expect(
    text.map((line) => line.replace(String(server.port), 'PORT').replace(/after .*/, 'after a while')),
  ).toMatchSnapshot();
});

test.each([
  [
    'off by one',
    2,
    {},
    /^Likely off by one: .* from 1 .* from 0\. With that, the values fit: write `addressOffset: 1`/,
  ],
  ['an offset too much', 1, { addressOffset: 1 }, /^Likely off by one: .* fit: remove `addressOffset`/],
  ['swapped words', 3, {}, /^Likely swapped words: the low word comes first\. .* to CDAB/],
])('names the mistake: %s', async (_, unit, options, said) => {
  const { text, found } = await probe(unit, options);
  expect(found.checks.some((c) => !c.ok)).toBe(true);
  expect(text.at(-1)).toMatch(said);
});

test('exchanges of words and bytes come back to where they were', () => {
  const profile = loadProfile('eastron-sdm630');
  const orders = variantsOf(profile, {}).flatMap((v) =>
    v.profile.protocol === 'modbus' ? [v.profile.modbus.order] : [],
  );
  expect(orders.slice(2, 5)).toEqual(['CDAB', 'BADC', 'DCBA']);
});
