import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLogger } from '@plantroom/base';
import type { DeviceEvent } from '@plantroom/model';
import { Aedes } from 'aedes';
import { connect, type MqttClient } from 'mqtt';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { freePort } from '../test/free-port.ts';
import { ScriptedCloud } from '../test/scripted-cloud.ts';
import { until } from '../test/until.ts';
import { type Gateway, startGateway } from './app.ts';

let directory: string;
let cloud: ScriptedCloud;
let gateway: Gateway | undefined;
let panel: Panel | undefined;

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'plantroom-mqtt-reload-'));
  writeFileSync(join(directory, 'panel.secret'), 'secret');
  cloud = await ScriptedCloud.start();
});

afterEach(async () => {
  await panel?.stop();
  await gateway?.stop();
  await cloud.stop();
  rmSync(directory, { recursive: true, force: true });
});

/** The panel reports its events where a sensor publishes that another site file reads otherwise. */
function writeSite(url: string, ownBroker: number | undefined, variant: number, timeout = 5000): void {
  const broker =
    ownBroker === undefined
      ? ''
      : `broker: { port: ${ownBroker}, users: { panel: { password: { file: panel.secret } } } }`;
  const room =
    variant % 3 === 2
      ? ''
      : `room: { profile: environment-sensor-json, on: field, device: room-${variant % 2}, name: Room }`;
  writeFileSync(
    join(directory, 'site.yaml'),
    `site: { id: harbour-tower, name: Harbour Tower, timezone: Asia/Shanghai }
${broker}
connections: { field: { mqtt: { url: "${url}", timeout: ${timeout} } }, bus: { modbus-tcp: 127.0.0.1:9 } }
equipment:
  fire-panel: { profile: generic-fire-panel, on: bus, unit: 9, name: Fire panel, events: { on: field } }
  ${room}
`,
  );
}

async function start(): Promise<Gateway> {
  gateway = await startGateway({
    siteFile: join(directory, 'site.yaml'),
    dataDirectory: join(directory, 'data'),
    cloud: { url: cloud.url, password: 'secret' },
    logger: silentLogger,
    random: () => 0,
  });
  return gateway;
}

/** Reports an event every few milliseconds, QoS 1, and counts what is acknowledged. */
class Panel {
  readonly acknowledged: string[] = [];
  #sent = 0;
  readonly #client: MqttClient;
  readonly #timer: NodeJS.Timeout;

  constructor(client: MqttClient) {
    this.#client = client;
    client.on('error', () => {});
    this.#timer = setInterval(() => this.#report(), 3);
  }

  #report(): void {
    if (!this.#client.connected) return;
    const message = `report ${++this.#sent}`;
    const report = {
      id: `e${this.#sent}`,
      time: new Date().toISOString(),
      category: 'fault',
      state: 'active',
      message,
    };
    this.#client.publishAsync('fire/fire-panel/events', JSON.stringify(report), { qos: 1 }).then(
      () => this.acknowledged.push(message),
      () => {},
    );
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#client.endAsync(true);
  }
}

/** What each event in the log says, by its id: one that was sent again, as nobody had acknowledged it, has the id of the first. */
const logged = (): string[] => [...new Map(loggedEvents().map(({ id, message }) => [id, message])).values()];

const loggedEvents = (): DeviceEvent[] =>
  cloud
    .frames('events')
    .flatMap((h) => (h.channel === 'events' ? h.frame.events : []))
    .flatMap((e) => (e.type === 'device-event' ? [e.event] : []));

async function signIn(port: number): Promise<Panel> {
  const url = `mqtt://127.0.0.1:${port}`;
  // Refused while the gateway is not ready, it tries again, and sends again what was not acknowledged.
  const again = { reconnectPeriod: 50, reconnectOnConnackError: true };
  panel = new Panel(connect(url, { username: 'panel', password: 'secret', ...again }));
  const { acknowledged } = panel;
  await until('a report is in the cloud', () => logged().length > 0 && acknowledged.length > 10);
  return panel;
}

async function expectEachOnce({ acknowledged }: Panel): Promise<void> {
  const missing = () => {
    const stored = new Set(logged());
    return acknowledged.filter((message) => !stored.has(message));
  };
  await until('all that was acknowledged is in the cloud', () => missing().length === 0).catch(() => {});
  expect(missing()).toEqual([]);
  expect(new Set(logged()).size).toBe(logged().length);
}

test('through twenty reloads each event that the own broker acknowledges is in the log exactly once', async () => {
  const port = await freePort();
  writeSite('embedded', port, 0);
  const running = await start();
  const reporting = await signIn(port);
  for (let n = 1; n <= 20; n++) {
    const before = reporting.acknowledged.length;
    writeSite('embedded', port, n);
    expect(await running.reload()).toMatchObject({ reopened: ['field'] });
    await until('reports go on', () => reporting.acknowledged.length > before + 3);
  }
  await reporting.stop();
  await expectEachOnce(reporting);
});

test('and so is each when the settings of the connection change, so that it is opened anew', async () => {
  const port = await freePort();
  writeSite('embedded', port, 0);
  const running = await start();
  const reporting = await signIn(port);
  for (let n = 1; n <= 10; n++) {
    const before = reporting.acknowledged.length;
    writeSite('embedded', port, 0, 5000 + n);
    expect(await running.reload()).toMatchObject({ reopened: ['field'], restarted: false });
    await until('reports go on', () => reporting.acknowledged.length > before + 3);
  }
  await reporting.stop();
  await expectEachOnce(reporting);
});

test('and so is each through stops of the gateway', async () => {
  const port = await freePort();
  writeSite('embedded', port, 0);
  await start();
  const reporting = await signIn(port);
  for (let n = 0; n < 5; n++) {
    await gateway?.stop();
    const before = reporting.acknowledged.length;
    await start();
    await until('reports go on', () => reporting.acknowledged.length > before + 3);
  }
  await reporting.stop();
  await expectEachOnce(reporting);
});

test('through twenty reloads an outside broker keeps one connection, and each event is in the log exactly once', async () => {
  const outside = await OutsideBroker.start();
  try {
    writeSite(`mqtt://127.0.0.1:${outside.port}`, undefined, 0);
    const running = await start();
    await until('the gateway is there', () => outside.subscribed.has('fire/fire-panel/events'));
    const reporting = await signIn(outside.port);
    const { connections } = outside;
    for (let n = 1; n <= 20; n++) {
      const before = reporting.acknowledged.length;
      writeSite(`mqtt://127.0.0.1:${outside.port}`, undefined, n);
      expect(await running.reload()).toMatchObject({ reopened: ['field'] });
      await until('reports go on', () => reporting.acknowledged.length > before + 3);
    }
    await until('what is no longer read is left', () => ![...outside.subscribed].some((t) => t.includes('room')));
    await reporting.stop();
    await expectEachOnce(reporting);
    expect(outside.connections).toBe(connections);
  } finally {
    await outside.stop();
  }
});

/** A broker that acknowledges whatever comes, whether anybody reads it or not. */
class OutsideBroker {
  connections = 0;
  readonly subscribed = new Set<string>();
  readonly port: number;
  readonly #broker: Aedes;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  private constructor(broker: Aedes, server: Server) {
    this.#broker = broker;
    this.#server = server;
    const address = server.address();
    this.port = typeof address === 'object' && address ? address.port : 0;
    server.on('connection', (socket) => {
      this.connections++;
      this.#sockets.add(socket);
    });
    broker.on('subscribe', (all) => {
      for (const { topic } of all) this.subscribed.add(topic);
    });
    broker.on('unsubscribe', (all) => {
      for (const topic of all) this.subscribed.delete(topic);
    });
  }

  static async start(): Promise<OutsideBroker> {
    const broker = await Aedes.createBroker();
    const server = createServer(broker.handle).listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new OutsideBroker(broker, server);
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
    await new Promise<void>((resolve) => this.#broker.close(() => resolve()));
  }
}
