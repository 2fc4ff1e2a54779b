import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { bindingOf, testContext } from '../../test/builders.ts';
import { conformsToContract } from '../../test/conformance.ts';
import { CountingClock } from '../../test/counting-clock.ts';
import { exception } from '../../test/modbus-server.ts';
import { hasPty, openPty, type Pty } from '../../test/pty.ts';
import { type RtuBehaviour, RtuTestServer, rtuFrame } from '../../test/rtu-server.ts';
import { content, meter } from '../../test/test-meter.ts';
import type { FieldConnection, Reading } from '../contract.ts';
import type { ModbusType } from './bus.ts';
import { prepareModbus } from './index.ts';

const line = { timeout: 120, drain: 200, baudRate: 115_200 };

function newServer(): RtuTestServer {
  const server = new RtuTestServer();
  server.devices.unit(1, content(230));
  server.devices.unit(2, content(110));
  return server;
}

async function startServer(): Promise<RtuTestServer> {
  const server = newServer();
  await server.start();
  onTestFinished(() => server.stop());
  return server;
}

async function connect(type: ModbusType, settings: object, clock = new CountingClock()): Promise<FieldConnection> {
  const bindings = [bindingOf('meter-1', meter, { unit: 1 }), bindingOf('meter-2', meter, { unit: 2 })];
  const bus = await prepareModbus(type, { ...line, ...settings }, 'bus', bindings, testContext(clock));
  onTestFinished(() => bus.close());
  await bus.open();
  return bus;
}

function voltage(readings: readonly Reading[] | undefined): number | null | undefined {
  return readings?.find((r) => r.point === 'voltageL1')?.value;
}

conformsToContract({
  name: 'Modbus RTU over TCP',
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
      'modbus-rtu-over-tcp',
      { host: '127.0.0.1', port, ...line },
      'bus',
      [bindingOf('meter-1', meter, { unit: 1 })],
      context,
    ),
});

/** What a device or the line may do to an answer. */
const hazards: Record<string, RtuBehaviour> = {
  silence: () => {},
  'an answer of another unit': (_, request, stream) =>
    void stream.write(rtuFrame(request.unit + 1, Buffer.from([3, 8, 0, 0, 0, 0, 0, 0, 0, 0]))),
  'an answer that is too short': (_, request, stream) =>
    void stream.write(rtuFrame(request.unit, Buffer.from([3, 2, 0, 1]))),
  'an answer that is too long': (_, request, stream) =>
    void stream.write(rtuFrame(request.unit, Buffer.concat([Buffer.from([3, 10]), Buffer.alloc(10)]))),
  'an answer of another function': (answer, request, stream) => {
    const pdu = Buffer.from(answer.subarray(1, -2));
    pdu[0] = 4;
    stream.write(rtuFrame(request.unit, pdu));
  },
  'a flipped bit': (answer, _, stream) => {
    const bytes = Buffer.from(answer);
    bytes[4] = (bytes[4] ?? 0) ^ 0x10;
    stream.write(bytes);
  },
  'half an answer': (answer, _, stream) => void stream.write(answer.subarray(0, 6)),
  'a byte count of 255': (_, request, stream) => void stream.write(Buffer.from([request.unit, 3, 255, 1, 2, 3])),
  '64 KiB of noise': (_, __, stream) => void stream.write(Buffer.alloc(65_536, 0x03)),
};

interface Cable {
  readonly server: RtuTestServer;
  readonly bus: FieldConnection;
}

function facesHazards(setUp: () => Promise<Cable>): void {
  it.each(Object.entries(hazards))('%s is no value, and the next read is right', async (_, behaviour) => {
    const { server, bus } = await setUp();
    const { behaviour: sane } = server;
    server.behaviour = behaviour;
    await expect(bus.poll?.('meter-1')).rejects.toMatchObject({ kind: 'no-answer' });
    server.behaviour = sane;
    expect(voltage(await bus.poll?.('meter-2'))).toBe(110);
    expect(voltage(await bus.poll?.('meter-1'))).toBe(230);
  });

  it('an answer that comes byte by byte is read', async () => {
    const { server, bus } = await setUp();
    server.behaviour = async (answer, _, stream) => {
      for (const byte of answer) {
        stream.write(Buffer.from([byte]));
        await new Promise((resolve) => setImmediate(resolve));
      }
    };
    expect(voltage(await bus.poll?.('meter-1'))).toBe(230);
  });

  it('an echo of the request and stray bytes before the answer are skipped', async () => {
    const { server, bus } = await setUp();
    server.behaviour = (answer, { unit, code, address, count }, stream) => {
      const pdu = Buffer.from([code, address >> 8, address & 0xff, count >> 8, count & 0xff]);
      stream.write(Buffer.concat([rtuFrame(unit, pdu), Buffer.from([0x00, unit, 0xff]), answer]));
    };
    expect(voltage(await bus.poll?.('meter-1'))).toBe(230);
    expect(voltage(await bus.poll?.('meter-2'))).toBe(110);
  });

  it('a storm of exceptions is bad quality, and ends with it', async () => {
    const { server, bus } = await setUp();
    const { behaviour: sane } = server;
    server.behaviour = (_, request, stream) => void stream.write(rtuFrame(request.unit, exception(request.code, 6)));
    for (let i = 0; i < 20; i++) {
      const readings = await bus.poll?.('meter-1');
      expect(readings?.every((r) => r.quality === 'bad' && r.reason === 'device-exception')).toBe(true);
    }
    expect(server.requests).toHaveLength(40);
    server.behaviour = sane;
    expect(voltage(await bus.poll?.('meter-1'))).toBe(230);
  });

  it('an answer that is late is not that of the next register', async () => {
    const { server, bus } = await setUp();
    let n = 0;
    server.behaviour = (answer, _, stream) =>
      void setTimeout(() => stream.writable && stream.write(answer), n++ % 4 === 1 ? 180 : 0);
    let right = 0;
    for (let round = 0; round < 8; round++) {
      for (const [equipment, value] of [
        ['meter-1', 230],
        ['meter-2', 110],
      ] as const) {
        const readings = await bus.poll?.(equipment).catch(() => undefined);
        if (!readings) continue;
        right++;
        expect(voltage(readings)).toBe(value);
        expect(readings.find((r) => r.point === 'energyImport')?.value).toBe(65_538);
      }
    }
    expect(right).toBeGreaterThan(2);
  });
}

describe('RTU over TCP', () => {
  const setUp = async (): Promise<Cable> => {
    const server = await startServer();
    return { server, bus: await connect('modbus-rtu-over-tcp', { host: '127.0.0.1', port: server.port }) };
  };
  facesHazards(setUp);

  it('a connection that is reset is opened again', async () => {
    const { server, bus } = await setUp();
    await server.stop();
    await expect(bus.poll?.('meter-1')).rejects.toMatchObject({ kind: 'no-answer' });
    await server.start();
    await vi.waitFor(async () => expect(voltage(await bus.poll?.('meter-1'))).toBe(230), 3000);
    expect(server.accepted).toBe(2);
  });

  it('a socket that is half open is given up after a few questions', async () => {
    const { server, bus } = await setUp();
    const { behaviour: sane } = server;
    server.behaviour = () => {};
    for (let i = 0; i < 3; i++) await bus.poll?.('meter-1').catch(() => undefined);
    server.behaviour = sane;
    expect(voltage(await bus.poll?.('meter-1'))).toBe(230);
    expect(server.accepted).toBe(2);
  });
});

describe.skipIf(!hasPty)('RTU over a serial device', () => {
  let pty: Pty;
  beforeAll(async () => {
    pty = await openPty();
  });
  afterAll(() => pty.stop());

  facesHazards(async () => {
    const server = newServer();
    pty.stream.removeAllListeners('data');
    server.attach(pty.stream);
    return { server, bus: await connect('modbus-rtu', { path: pty.path }) };
  });

  it('a device that is not there is said to be so', async () => {
    const bindings = [bindingOf('meter-1', meter)];
    const bus = await prepareModbus('modbus-rtu', '/dev/plantroom-none', 'bus', bindings, testContext());
    await expect(bus.open()).rejects.toMatchObject({ kind: 'no-answer', message: expect.stringContaining('no such') });
    await bus.close();
  });

  it('an adapter that is pulled out fails the reads, and nothing stays open', async () => {
    const own = await openPty();
    newServer().attach(own.stream);
    const clock = new CountingClock();
    const bus = await connect('modbus-rtu', { path: own.path }, clock);
    expect(voltage(await bus.poll?.('meter-1'))).toBe(230);
    await own.stop();
    await expect(bus.poll?.('meter-1')).rejects.toMatchObject({ kind: 'no-answer' });
    await bus.close();
    expect(clock.running).toBe(0);
  });
});
