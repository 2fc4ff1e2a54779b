import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort, temporaryDirectory, until } from '@plantroom/testing';
import { type Child, startChild } from '../../../packages/cli/src/demo/child.ts';
import { readyLine } from '../../../packages/cli/src/demo/ready-line.ts';
import { Link } from './link.ts';
import { meters, points, pump, Source } from './source.ts';

interface Ports {
  readonly api: number;
  readonly broker: number;
  readonly devices: number;
  readonly status: number;
}

const root = join(import.meta.dirname, '..', '..', '..');
const patience = 60_000;

/** A lane's books as the gateway's status shows them. */
export type Books = Readonly<Record<string, number>>;

export interface GatewayStatus {
  readonly epoch: string;
  readonly cloud: string;
  readonly lanes: Readonly<Record<'events' | 'telemetry', Books>>;
}

const profile = (kind: string, names: readonly string[]) => `
name: oracle-${kind}
title: { en: Oracle, zh: 预言 }
kind: ${kind}
source: the test
mark: own
period: 1000
protocol: mqtt
topic: oracle/{device}
time: { path: time, format: milliseconds }
points:
${names.map((name) => `  ${name}: { path: ${name}, type: number }`).join('\n')}
`;

/** A whole line of real processes that a test may hurt: devices, gateway, network, cloud. */
export class Plant {
  readonly #folder = temporaryDirectory('plantroom-faults');
  #cloud: Child | undefined;
  #gateway: Child | undefined;
  readonly #ports: Ports;
  readonly link: Link;
  readonly source: Source;

  private constructor(ports: Ports) {
    this.#ports = ports;
    this.link = new Link(ports.broker);
    this.source = new Source(ports.devices, 'oracle');
  }

  static async start(): Promise<Plant> {
    const [api, broker, devices, status] = [await freePort(), await freePort(), await freePort(), await freePort()];
    const plant = new Plant({ api, broker, devices, status });
    await plant.link.start();
    plant.#writeSite();
    await plant.startCloud();
    await plant.startGateway();
    return plant;
  }

  path(...parts: string[]): string {
    return join(this.#folder.path, ...parts);
  }

  get gatewayData(): string {
    return this.path('gateway');
  }

  get gatewaySecret(): string {
    return readFileSync(this.path('gateway.secret'), 'utf8').trim();
  }

  get brokerPort(): number {
    return this.#ports.broker;
  }

  async startCloud(): Promise<void> {
    this.#cloud = startChild({
      name: 'cloud',
      entry: join(root, 'packages', 'cloud', 'src', 'main.ts'),
      logDirectory: this.#folder.path,
      args: [
        ...['--data', this.path('cloud'), '--port', String(this.#ports.api), '--mqtt-port', String(this.#ports.broker)],
        ...['--api-token-file', this.path('token'), '--enrol', `oracle/gw-1:${this.path('gateway.secret')}`],
      ],
    });
    await readyLine(this.#cloud, patience);
  }

  async startGateway(): Promise<void> {
    this.#gateway = startChild({
      name: 'gateway',
      entry: join(root, 'packages', 'gateway', 'src', 'main.ts'),
      logDirectory: this.#folder.path,
      args: [
        ...['--site', this.path('site.yaml'), '--data', this.gatewayData, '--status-port', String(this.#ports.status)],
        ...['--cloud', `mqtt://127.0.0.1:${this.link.port}`, '--secret-file', this.path('gateway.secret')],
      ],
    });
    await readyLine(this.#gateway, patience);
  }

  async kill(which: 'cloud' | 'gateway'): Promise<void> {
    const child = which === 'cloud' ? this.#cloud : this.#gateway;
    child?.kill('SIGKILL');
    await child?.ended;
  }

  signal(which: 'cloud' | 'gateway', signal: 'SIGSTOP' | 'SIGCONT'): void {
    (which === 'cloud' ? this.#cloud : this.#gateway)?.kill(signal);
  }

  async status(): Promise<GatewayStatus> {
    const answer = await fetch(`http://127.0.0.1:${this.#ports.status}/status`, { signal: AbortSignal.timeout(5000) });
    return (await answer.json()) as GatewayStatus;
  }

  async api<T>(path: string): Promise<T> {
    const token = readFileSync(this.path('token'), 'utf8').trim();
    const answer = await fetch(`http://127.0.0.1:${this.#ports.api}/api/v1/${path}`, {
      headers: { authorization: `Bearer ${token}` },
      signal: AbortSignal.timeout(20_000),
    });
    if (!answer.ok) throw new Error(`GET ${path} was answered ${answer.status}: ${await answer.text()}`);
    return (await answer.json()) as T;
  }

  /** Waits until nothing is left in the gateway's log; gives the milliseconds that it took. */
  async drained(now: () => number): Promise<number> {
    const from = now();
    await until(
      'the log is empty',
      async () => {
        const { lanes } = await this.status();
        return lanes.events.buffered === 0 && lanes.telemetry.buffered === 0;
      },
      { timeout: 180_000, every: 200 },
    );
    return now() - from;
  }

  async stop(): Promise<void> {
    await this.source.stop();
    await this.#gateway?.stop();
    await this.#cloud?.stop();
    await this.link.stop();
  }

  remove(): void {
    this.#folder.remove();
  }

  #writeSite(): void {
    const report = points.map((point) => `${point}: { deadband: 0 }`).join(', ');
    const equipment = meters.map(
      (m) => `  ${m}: { profile: ./meter.yaml, on: field, device: ${m}, name: ${m}, report: { ${report} } }`,
    );
    writeFileSync(this.path('meter.yaml'), profile('energy-meter', points));
    writeFileSync(this.path('pump.yaml'), profile('pump', ['tripped']));
    writeFileSync(this.path('devices.secret'), 'oracle');
    writeFileSync(
      this.path('site.yaml'),
      `
site: { id: oracle, name: { en: Oracle, zh: 预言 }, timezone: Asia/Shanghai }
broker: { port: ${this.#ports.devices}, users: { devices: { password: { file: devices.secret } } } }
connections: { field: { mqtt: embedded } }
equipment:
${equipment.join('\n')}
  ${pump}: { profile: ./pump.yaml, on: field, device: ${pump}, name: Pump }
`,
    );
  }
}
