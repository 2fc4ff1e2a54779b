import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { describeError } from '@plantroom/base';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { SimulatorControl } from './control.ts';

let server: Server;
let url: string;
let answer: { status: number; body: string };
let asked: { method: string; path: string; body: string }[];

beforeEach(async () => {
  asked = [];
  server = createServer(async (request: IncomingMessage, response) => {
    const body = (await request.setEncoding('utf8').toArray()).join('');
    asked.push({ method: request.method ?? '', path: request.url ?? '', body });
    response.writeHead(answer.status).end(answer.body);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  url = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}/`;
});
afterEach(() => void server.close());

describe('the control of the simulators', () => {
  test('injects and clears', async () => {
    const control = new SimulatorControl(url);
    answer = { status: 201, body: JSON.stringify({ id: 'f 1', fault: 'pump-trip', target: 'booster-1' }) };
    expect((await control.inject('pump-trip', 'booster-1', { phase: 2 })).id).toBe('f 1');
    answer = { status: 204, body: '' };
    await control.clear('f 1');
    expect(asked).toEqual([
      { method: 'POST', path: '/faults', body: '{"fault":"pump-trip","target":"booster-1","parameters":{"phase":2}}' },
      { method: 'DELETE', path: '/faults/f%201', body: '' },
    ]);
  });

  test('passes on what the simulators say, and copes when they say nothing', async () => {
    const control = new SimulatorControl(url);
    answer = { status: 409, body: JSON.stringify({ error: { message: 'Twice.', hint: 'Clear it first.' } }) };
    expect(await control.inject('a', 'b').catch(describeError)).toBe('Twice. Clear it first.');
    answer = { status: 502, body: '<html>' };
    expect(await control.faults().catch(describeError)).toContain('The simulators answered 502.');
  });
});
