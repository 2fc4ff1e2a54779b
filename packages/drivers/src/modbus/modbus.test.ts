import { ManualClock } from '@plantroom/base';
import { describe, expect, it, onTestFinished } from 'vitest';
import { bindingOf, testContext } from '../../test/builders.ts';
import { conformsToContract } from '../../test/conformance.ts';
import { type Behaviour, exception, frameOf, ModbusTestServer } from '../../test/modbus-server.ts';
import { content, meter } from '../../test/test-meter.ts';
import { parseProfile } from '../profiles/load.ts';
import { modbusConfig } from './config.ts';
import { prepareModbus } from './index.ts';

async function startServer(): Promise<ModbusTestServer> {
  const server = new ModbusTestServer();
  server.unit(1, content(230));
  server.unit(2, content(110));
  await server.start();
  onTestFinished(() => server.stop());
  return server;
}

async function connect(server: ModbusTestServer, settings: Record<string, unknown> = {}) {
  const config = modbusConfig.parse({ host: '127.0.0.1', port: server.port, timeout: 150, ...settings });
  const bindings = [bindingOf('meter-1', meter, { unit: 1 }), bindingOf('meter-2', meter, { unit: 2 })];
  const connection = await prepareModbus('modbus-tcp', config, 'bus', bindings, testContext());
  onTestFinished(() => connection.close());
  await connection.open();
  return connection;
}

conformsToContract({
  name: 'Modbus TCP',
  deadline: 1000,
  async startPeer() {
    const server = await startServer();
    return {
      equipment: 'meter-1',
      good: { point: 'voltageL1', value: 230 },
      bad: { point: 'frequency', quality: 'bad', reason: 'not-available' },
      port: server.port,
      connections: () => server.connections,
      start: () => server.start(),
      stop: () => server.stop(),
    };
  },
  prepare: (_, context, port) =>
    prepareModbus(
      'modbus-tcp',
      modbusConfig.parse({ host: '127.0.0.1', port, timeout: 150 }),
      'bus',
      [bindingOf('meter-1', meter, { unit: 1 })],
      context,
    ),
});

describe('a Modbus poll', () => {
  it('reads what lies close together at once, with explicit units', async () => {
    const server = await startServer();
    const bus = await connect(server);
    const [first, second] = await Promise.all([bus.poll?.('meter-1'), bus.poll?.('meter-2')]);
    expect(first?.find((r) => r.point === 'voltageL2')?.value).toBe(231);
    expect(second?.find((r) => r.point === 'voltageL2')?.value).toBe(111);
    expect(second?.find((r) => r.point === 'energyImport')?.value).toBe(65_538);
    expect(server.requests.map((r) => [r.unit, r.code, r.address, r.count])).toEqual([
      [1, 3, 0, 4],
      [2, 3, 0, 4],
      [1, 3, 100, 4],
      [2, 3, 100, 4],
    ]);
  });

  it('keeps one request in flight on the socket', async () => {
    const server = await startServer();
    let inFlight = 0;
    let most = 0;
    server.behaviour = (answer, _, socket) => {
      most = Math.max(most, ++inFlight);
      setImmediate(() => {
        inFlight--;
        socket.write(answer);
      });
    };
    const bus = await connect(server);
    await Promise.all(['meter-1', 'meter-2', 'meter-1', 'meter-2'].map((e) => bus.poll?.(e)));
    expect(most).toBe(1);
    expect(server.connections).toBe(1);
  });

  it('gives readings of a unit that is gone behind a gateway as no answer, and keeps the link', async () => {
    const server = await startServer();
    const bus = await connect(server);
    server.units.delete(2);
    await expect(bus.poll?.('meter-2')).rejects.toMatchObject({ kind: 'no-answer' });
    await bus.poll?.('meter-1');
    expect(server.connections).toBe(1);
  });
});

it('reads each area by its own function', async () => {
  const server = await startServer();
  server.unit(1, { 7: 1, 8: 21 });
  server.coils.set(5, true).set(6, false);
  const text = `
name: areas
title: { en: Areas, zh: 区 }
kind: pump
source: this test
mark: own
period: 1000
protocol: modbus
modbus: { area: holding }
points:
  running: { area: coil, address: 5, type: bit }
  tripped: { area: discrete, address: 6, type: bit }
  mode: { address: 7, type: uint16 }
  bearingTemperature: { area: input, address: 8, type: int16 }
`;
  const binding = bindingOf('pump', parseProfile(text, 'areas.yaml'));
  const bus = await prepareModbus('modbus-tcp', `127.0.0.1:${server.port}`, 'bus', [binding], testContext());
  onTestFinished(() => bus.close());
  await bus.open();
  const readings = await bus.poll?.('pump');
  expect(Object.fromEntries((readings ?? []).map((r) => [r.point, r.value]))).toEqual({
    running: 1,
    tripped: 0,
    mode: 1,
    bearingTemperature: 21,
  });
  expect(server.requests.map((r) => [r.code, r.address, r.count]).sort()).toEqual([
    [1, 5, 1],
    [2, 6, 1],
    [3, 7, 1],
    [4, 8, 1],
  ]);
});

it('leaves a slow device the pauses that it needs', async () => {
  const server = await startServer();
  const asked: number[] = [];
  server.behaviour = (answer, _, socket) => {
    asked.push(performance.now());
    socket.write(answer);
  };
  const bus = await connect(server, { timeout: 1000, pauseAfterConnect: 70, pauseBetweenRequests: 20 });
  const opened = performance.now();
  await bus.poll?.('meter-1');
  const [first = 0, second = 0] = asked;
  expect(first - opened).toBeGreaterThan(60);
  expect(second - first).toBeGreaterThan(18);
});

describe('what a refused block teaches', () => {
  it('is the hole, and the rest stays readable in pieces', async () => {
    const server = await startServer();
    server.units.get(1)?.delete(102);
    const bus = await connect(server);
    const readings = await bus.poll?.('meter-1');
    expect(readings?.find((r) => r.point === 'voltageL1')).toMatchObject({ quality: 'good', value: 230 });
    expect(readings?.find((r) => r.point === 'energyImport')).toMatchObject({
      quality: 'bad',
      reason: 'device-exception',
      value: null,
      raw: 2,
    });
    server.requests.length = 0;
    const again = await bus.poll?.('meter-1');
    expect(again).toHaveLength(4);
    expect(server.requests.map((r) => [r.address, r.count])).toEqual([
      [0, 4],
      [100, 1],
    ]);
  });

  it('is forgotten when the hole answers again, after ten seconds', async () => {
    const server = await startServer();
    server.units.get(1)?.delete(102);
    const clock = new ManualClock();
    const config = modbusConfig.parse({ host: '127.0.0.1', port: server.port, timeout: 150 });
    const bus = await prepareModbus('modbus-tcp', config, 'bus', [bindingOf('meter-1', meter)], testContext(clock));
    onTestFinished(() => bus.close());
    await bus.open();
    await bus.poll?.('meter-1');
    server.units.get(1)?.set(102, 1);
    expect((await bus.poll?.('meter-1'))?.find((r) => r.point === 'energyImport')?.quality).toBe('bad');
    await clock.advance(10_000);
    expect((await bus.poll?.('meter-1'))?.find((r) => r.point === 'energyImport')?.value).toBe(65_538);
    server.requests.length = 0;
    await bus.poll?.('meter-1');
    expect(server.requests.map((r) => [r.address, r.count])).toEqual([
      [0, 4],
      [100, 4],
    ]);
  });

  it('includes a device that gives fewer registers than its profile says', async () => {
    const server = await startServer();
    server.maximum = 2;
    const bus = await connect(server);
    const readings = await bus.poll?.('meter-1');
    expect(readings?.filter((r) => r.quality === 'good').map((r) => r.point)).toHaveLength(3);
  });

  it('is nothing when the device has a fault of its own', async () => {
    const server = await startServer();
    const bus = await connect(server);
    server.behaviour = (_, request, socket) => void socket.write(frameOf(request, exception(request.code, 4)));
    const readings = await bus.poll?.('meter-1');
    expect(readings?.every((r) => r.reason === 'device-exception' && r.raw === 4)).toBe(true);
    server.behaviour = (answer, _, socket) => void socket.write(answer);
    server.requests.length = 0;
    await bus.poll?.('meter-1');
    expect(server.requests).toHaveLength(2);
  });
});

describe('a hazard on the wire', () => {
  const send: Behaviour = (answer, _, socket) => void socket.write(answer);
  const hazards: Record<string, { kind: string; behaviour: Behaviour }> = {
    silence: { kind: 'no-answer', behaviour: () => {} },
    'a connection that is reset': { kind: 'no-answer', behaviour: (_, __, socket) => socket.resetAndDestroy() },
    'a connection that is ended': { kind: 'no-answer', behaviour: (_, __, socket) => void socket.end() },
    'an answer of another unit': {
      kind: 'garbage',
      behaviour: (answer, request, socket) =>
        void socket.write(frameOf({ ...request, unit: request.unit + 1 }, answer.subarray(7))),
    },
    'an answer to another request': {
      kind: 'garbage',
      behaviour: (answer, request, socket) =>
        void socket.write(frameOf({ ...request, transaction: request.transaction + 7 }, answer.subarray(7))),
    },
    'an answer that is too short': {
      kind: 'garbage',
      behaviour: (_, request, socket) => void socket.write(frameOf(request, Buffer.from([request.code, 2, 0, 1]))),
    },
    'an answer that is too long': {
      kind: 'garbage',
      behaviour: (_, request, socket) =>
        void socket.write(frameOf(request, Buffer.concat([Buffer.from([request.code, 10]), Buffer.alloc(10)]))),
    },
    'an answer of another function': {
      kind: 'garbage',
      behaviour: (answer, request, socket) => {
        const pdu = Buffer.from(answer.subarray(7));
        pdu[0] = 4;
        socket.write(frameOf(request, pdu));
      },
    },
    'a length field of 64 KiB': {
      kind: 'garbage',
      behaviour: (answer, _, socket) => {
        const frame = Buffer.from(answer);
        frame.writeUInt16BE(0xffff, 4);
        socket.write(frame);
      },
    },
    'half an answer': { kind: 'garbage', behaviour: (answer, _, socket) => void socket.write(answer.subarray(0, 10)) },
    'another protocol': {
      kind: 'garbage',
      behaviour: (_, __, socket) => void socket.write('HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n'),
    },
  };

  it.each(Object.entries(hazards))('%s drops the link, and the next read is right', async (_, { kind, behaviour }) => {
    const server = await startServer();
    const bus = await connect(server);
    server.behaviour = behaviour;
    await expect(bus.poll?.('meter-1')).rejects.toMatchObject({ kind });
    server.behaviour = send;
    const readings = await bus.poll?.('meter-1');
    expect(server.accepted).toBe(2);
    expect(readings?.find((r) => r.point === 'voltageL1')).toMatchObject({ quality: 'good', value: 230 });
  });

  it('an answer that comes byte by byte is read', async () => {
    const server = await startServer();
    const bus = await connect(server, { timeout: 2000 });
    server.behaviour = async (answer, _, socket) => {
      for (const byte of answer) {
        socket.write(Buffer.from([byte]));
        await new Promise((resolve) => setImmediate(resolve));
      }
    };
    expect((await bus.poll?.('meter-1'))?.find((r) => r.point === 'voltageL1')?.value).toBe(230);
  });

  it('a storm of exceptions is bad quality on an open link, and ends with it', async () => {
    const server = await startServer();
    const bus = await connect(server);
    const { behaviour } = server;
    server.behaviour = (_, request, socket) => void socket.write(frameOf(request, exception(request.code, 6)));
    for (let i = 0; i < 20; i++) {
      const readings = await bus.poll?.('meter-1');
      expect(readings?.every((r) => r.quality === 'bad' && r.reason === 'device-exception' && r.raw === 6)).toBe(true);
    }
    expect([server.requests.length, server.accepted]).toEqual([40, 1]);
    server.behaviour = behaviour;
    expect((await bus.poll?.('meter-1'))?.find((r) => r.point === 'voltageL1')?.value).toBe(230);
  });

  it('a socket that is half open is left for another, and late answers on it reach nobody', async () => {
    const server = await startServer();
    const bus = await connect(server);
    const held: (() => void)[] = [];
    server.behaviour = (answer, _, socket) => void held.push(() => void (socket.destroyed || socket.write(answer)));
    await expect(bus.poll?.('meter-1')).rejects.toMatchObject({ kind: 'no-answer' });
    server.behaviour = (answer, _, socket) => void socket.write(answer);
    server.unit(1, content(240));
    for (const send of held) send();
    expect((await bus.poll?.('meter-1'))?.find((r) => r.point === 'voltageL1')?.value).toBe(240);
    expect(server.accepted).toBe(2);
  });

  it('late answers never become the value of another register or unit', async () => {
    const server = await startServer();
    const bus = await connect(server, { timeout: 60 });
    let delay = 0;
    server.behaviour = (answer, _, socket) =>
      void setTimeout(() => {
        if (!socket.destroyed) socket.write(answer);
      }, delay);
    const expected = { 'meter-1': [230, 231], 'meter-2': [110, 111] };
    let right = 0;
    for (let round = 0; round < 12; round++) {
      delay = round % 3 === 1 ? 90 : 0;
      for (const [equipment, [v1, v2]] of Object.entries(expected)) {
        const readings = await bus.poll?.(equipment).catch(() => []);
        for (const reading of readings ?? []) {
          if (reading.point === 'voltageL1') expect(reading.value).toBe(v1);
          if (reading.point === 'voltageL2') expect(reading.value).toBe(v2);
          right++;
        }
      }
    }
    expect(right).toBeGreaterThan(40);
  });

  it('a late answer that bears the number of the next request is not taken for its answer', async () => {
    const server = await startServer();
    const bus = await connect(server);
    const held: { pdu: Buffer; socket: unknown }[] = [];
    server.behaviour = (answer, request, socket) => {
      const late = held.find((h) => h.socket === socket);
      if (held.length === 0) held.push({ pdu: answer.subarray(7), socket });
      else socket.write(late ? frameOf(request, late.pdu) : answer);
    };
    await expect(bus.poll?.('meter-1')).rejects.toMatchObject({ kind: 'no-answer' });
    server.unit(1, content(240));
    expect((await bus.poll?.('meter-1'))?.find((r) => r.point === 'voltageL1')?.value).toBe(240);
  });

  it('a server that cannot be reached is tried again in growing steps, not by every poll', async () => {
    const server = await startServer();
    const bus = await connect(server);
    await server.stop();
    await expect(bus.poll?.('meter-1')).rejects.toMatchObject({ kind: 'no-answer' });
    await expect(bus.poll?.('meter-1')).rejects.toMatchObject({ kind: 'no-answer' });
    await expect(bus.poll?.('meter-2')).rejects.toThrowError(/next try/);
  });
});
