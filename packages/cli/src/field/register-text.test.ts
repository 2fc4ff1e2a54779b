import { probeRegisters } from '@plantroom/drivers/modbus';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { putFloat, SmallModbusServer } from '../../test/modbus-server.ts';
import { numberText, registerText } from './register-text.ts';

const server = new SmallModbusServer();
beforeAll(() => {
  putFloat(server.unit(1), 3000, 230.1);
  return server.start();
});
afterAll(() => server.stop());

test('every type and order side by side, raw words above', async () => {
  const connection = { type: 'modbus-tcp', settings: `127.0.0.1:${server.port}` } as const;
  const found = await probeRegisters({ connection, unit: 1, area: 'holding', address: 3000, count: 2 });
  expect(registerText('192.0.2.10:502', { ...found, milliseconds: 4.4 })).toMatchSnapshot();
});

test('bits are a list', () => {
  const bits = { unit: 2, area: 'coil', address: 16, words: [1, 0], milliseconds: 3, interpretations: [] } as const;
  expect(registerText('192.0.2.10:502', bits)).toMatchSnapshot();
});

test.each([
  [undefined, '-'],
  [2n ** 63n, '9223372036854775808'],
  [230.10000610351562, '230.1'],
  [1.5e-45, '1.5e-45'],
  [Number.NaN, 'NaN'],
  [-0.5, '-0.5'],
])('%s is written %s', (value, text) => expect(numberText(value)).toBe(text));
