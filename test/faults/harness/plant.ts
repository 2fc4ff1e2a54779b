import { cpSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Random, seededRandom, systemClock } from '@plantroom/base';
import { freePort, temporaryDirectory, until } from '@plantroom/testing';
import { type Child, startChild } from '../../../packages/cli/src/demo/child.ts';
import { readyLine } from '../../../packages/cli/src/demo/ready-line.ts';
import { WrongClock } from './clock/wrong-clock.ts';
import { compileShim, FaultyDisk } from './disk/faulty-disk.ts';
import { SmallDisk } from './disk/small-disk.ts';
import { Link } from './link.ts';
import { writeSite } from './site-file.ts';
import { Source } from './source.ts';
import { type StoreChoice, Stores } from './stores/stores.ts';

interface Ports {
  readonly api: number;
  readonly broker: number;
  readonly devices: number;
  readonly status: number;
}

/** With a broker of its own `cloud` serves the API, and the workers store. */
export type Service = 'cloud' | 'worker-1' | 'worker-2' | 'gateway';

const root = join(import.meta.dirname, '..', '..', '..');
const patience = 60_000;
/** Milliseconds after which whoever watches over a service starts it again when it has ended. */
const restartAfter = 1000;
/** Milliseconds for which a power cut waits until it hits something. */
const unsyncedPatience = 3000;
/** MiB of the file system that each service has for its data. */
const diskSizes = { gateway: 64, cloud: 192 } as const;

/** A lane's books as the gateway's status shows them. */
export type Books = Readonly<Record<string, number>>;

export interface GatewayStatus {
  readonly epoch: string;
  readonly cloud: string;
  readonly openAlarms: number;
  readonly lanes: Readonly<Record<'events' | 'telemetry', Books>>;
}

/** What a service has its data on; either part may be missing where this machine cannot have it. */
interface Disk {
  readonly small: SmallDisk | undefined;
  readonly faulty: FaultyDisk | undefined;
}

export interface KillOptions {
  /** What no sync has covered is lost, as this says. */
  readonly powerCut?: Random;
  /** Called at the very moment. */
  readonly onKill?: () => void;
}

/** A whole line of real processes that a test may hurt: devices, gateway, network, cloud. */
export class Plant {
  readonly #folder = temporaryDirectory('plantroom-faults');
  readonly #children: Partial<Record<Service, Child>> = {};
  readonly #ports: Ports;
  readonly disks: Readonly<Record<Service, Disk>>;
  /** ms since 1970 UTC. */
  readonly startedAt = systemClock.now();
  /** The gateway's. */
  readonly clock: WrongClock;
  readonly link: Link;
  readonly source: Source;

  #stores: Stores | undefined;

  private constructor(ports: Ports, random: Random) {
    this.#ports = ports;
    this.link = new Link(random);
    this.source = new Source(ports.devices, 'oracle');
    this.clock = new WrongClock(this.path('gateway-clock'));
    const shim = compileShim(this.#folder.path);
    const diskOf = (service: keyof typeof diskSizes): Disk => ({
      small: SmallDisk.mount(this.path(service), diskSizes[service]),
      faulty: shim === undefined ? undefined : new FaultyDisk(shim, this.path(service), this.path(`${service}-disk`)),
    });
    const none = { small: undefined, faulty: undefined };
    this.disks = { gateway: diskOf('gateway'), cloud: diskOf('cloud'), 'worker-1': none, 'worker-2': none };
  }

  static async start(seed: number, choice: StoreChoice): Promise<Plant> {
    const [api, broker, devices, status] = [await freePort(), await freePort(), await freePort(), await freePort()];
    const plant = new Plant({ api, broker, devices, status }, seededRandom(seed));
    plant.#stores = await Stores.start(choice, plant.path());
    await plant.link.start(plant.brokerPort);
    writeSite(plant.path(), devices);
    for (const service of plant.services) await plant.startService(service);
    return plant;
  }

  path(...parts: string[]): string {
    return join(this.#folder.path, ...parts);
  }

  get stores(): Stores {
    if (!this.#stores) throw new Error('the plant has not started');
    return this.#stores;
  }

  get gatewaySecret(): string {
    return readFileSync(this.path('gateway.secret'), 'utf8').trim();
  }

  get brokerPort(): number {
    const { mosquitto } = this.stores;
    return mosquitto ? Number(new URL(mosquitto.url).port) : this.#ports.broker;
  }

  /** In the order of their start. */
  get services(): readonly Service[] {
    return this.stores.mosquitto ? ['cloud', 'worker-1', 'worker-2', 'gateway'] : ['cloud', 'gateway'];
  }

  /** Starts a service, again and again as whoever watches over it does, until it is ready. */
  async startService(service: Service): Promise<void> {
    const end = systemClock.monotonic() + patience;
    for (;;) {
      const child = startChild({
        name: service,
        entry: join(root, 'packages', service === 'gateway' ? 'gateway' : 'cloud', 'src', 'main.ts'),
        logDirectory: this.#folder.path,
        args: this.#argumentsOf(service),
        nodeFlags: service === 'gateway' ? this.clock.nodeFlags : [],
        env: { ...process.env, ...this.disks[service].faulty?.environment, ...this.clock.environment },
      });
      this.#children[service] = child;
      try {
        await readyLine(child, patience);
        return;
      } catch (thrown) {
        child.kill('SIGKILL');
        if (systemClock.monotonic() > end) throw thrown;
        await systemClock.sleep(restartAfter);
      }
    }
  }

  /** Ends it at once; what it had not synced is on the disk all the same unless the power is cut. */
  async kill(service: Service, { powerCut, onKill = () => {} }: KillOptions = {}): Promise<void> {
    const child = this.#children[service];
    const { faulty } = this.disks[service];
    if (powerCut) await faulty?.whileUnsynced(powerCut, unsyncedPatience);
    onKill();
    child?.kill('SIGKILL');
    await child?.ended;
    if (powerCut) faulty?.powerCut(powerCut);
    else faulty?.settle();
  }

  signal(service: Service, signal: 'SIGSTOP' | 'SIGCONT'): void {
    this.#children[service]?.kill(signal);
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
  async drained(timeout = 600_000): Promise<number> {
    const from = systemClock.monotonic();
    const isEmpty = async () => {
      const { lanes } = await this.status();
      return lanes.events.buffered === 0 && lanes.telemetry.buffered === 0;
    };
    await until('the log is empty', isEmpty, { timeout, every: 100 });
    return systemClock.monotonic() - from;
  }

  /** Stops all; with `keep` the files stay where `path()` says. */
  async stop({ keep }: { readonly keep: boolean }): Promise<void> {
    await this.source.stop();
    for (const service of this.services.toReversed()) await this.#children[service]?.stop();
    await this.link.stop();
    await this.stores.stop();
    for (const service of ['gateway', 'cloud'] as const) {
      if (keep) cpSync(this.path(service), this.path(`${service}-kept`), { recursive: true });
      this.disks[service].small?.unmount();
    }
    if (!keep) this.#folder.remove();
  }

  #argumentsOf(service: Service): string[] {
    const { api, broker, status } = this.#ports;
    const data = ['--data', this.path(service)];
    const secret = this.path('gateway.secret');
    if (service === 'gateway')
      return [
        ...['--site', this.path('site.yaml'), ...data, '--status-port', String(status)],
        ...['--cloud', `mqtt://127.0.0.1:${this.link.port}`, '--secret-file', secret],
      ];
    const cloud = [...data, '--config', this.path('cloud.yaml')];
    if (service !== 'cloud') return [...cloud, '--roles', 'ingest,jobs'];
    const role = this.stores.mosquitto ? ['--roles', 'api'] : ['--mqtt-port', String(broker)];
    return [
      ...[...cloud, ...role, '--port', String(api)],
      ...['--api-token-file', this.path('token'), '--enrol', `oracle/gw-1:${secret}`],
    ];
  }
}
