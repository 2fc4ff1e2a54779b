import { systemClock, type Timer } from '@plantroom/base';
import { connect, type MqttClient } from 'mqtt';

/** A value that a device told: what the store must hold, and where nothing else may stand. */
export interface Told {
  readonly time: number;
  /** When the gateway's broker had taken it, ms since 1970 UTC; undefined when it may never have arrived. */
  taken: number | undefined;
}

export const meters = ['m1', 'm2', 'm3', 'm4'] as const;
export type Meter = (typeof meters)[number];
export const points = ['power', 'apparentPower', 'reactivePower'] as const;
export const pump = 'pump';
/** Milliseconds between two messages of a meter. */
const period = 200;
const tripPeriod = 4000;
/** Milliseconds that a connection may take. */
const patience = 5000;

/** Values that differ by the message alone differ by this. */
const step = 1 / 4;
/** Meter and point are in what is left of it. */
const share = 1 / 64;

/** The value of a point in the `n`th message: tells meter, point and message apart from all others. */
export function toldValue(meter: string, point: string, n: number): number {
  const place = meters.indexOf(meter as Meter) * points.length + points.indexOf(point as 'power');
  return n * step + place * share;
}

/** Which meter, point and message a value belongs to; undefined when nobody can have told it. */
export function originOf(value: number): { meter: Meter; point: string; n: number } | undefined {
  const n = Math.floor(value / step);
  const place = (value - n * step) / share;
  const meter = meters[Math.floor(place / points.length)];
  const point = points[place % points.length];
  return meter && point ? { meter, point, n } : undefined;
}

/** Devices that publish to the gateway's own broker, and a note of everything that they told. */
export class Source {
  readonly told = new Map<string, Map<number, Told>>(meters.map((m) => [m, new Map()]));
  trips = 0;
  readonly #port: number;
  readonly #password: string;
  #client: MqttClient | undefined;
  #connecting = false;
  #timers: Timer[] = [];
  #n = 0;
  #last = 0;

  constructor(port: number, password: string) {
    this.#port = port;
    this.#password = password;
  }

  start(): void {
    this.#timers = [
      systemClock.every(period, () => this.#publish()),
      systemClock.every(tripPeriod, () => this.#trip()),
    ];
  }

  async stop(): Promise<void> {
    for (const timer of this.#timers) timer.cancel();
    this.#timers = [];
    await this.#client?.endAsync(true).catch(() => {});
    this.#client = undefined;
  }

  /** A fresh client at each connection: one that sends again what it is not sure of would tell values twice. */
  async #connect(): Promise<void> {
    if (this.#connecting) return;
    this.#connecting = true;
    const client = connect(`mqtt://127.0.0.1:${this.#port}`, {
      ...{ username: 'devices', password: this.#password, reconnectPeriod: 0, connectTimeout: 2000 },
    });
    client.on('error', () => {});
    try {
      // The gateway may go down in the middle of it; the next message tries again.
      await new Promise<void>((resolve, reject) => {
        client.once('connect', () => resolve());
        client.once('close', () => reject(new Error('the gateway broke the connection')));
        systemClock.after(patience, () => reject(new Error('the gateway gave no answer')));
      });
      if (this.#timers.length === 0) return void client.end(true);
      client.on('close', () => {
        if (this.#client === client) this.#client = undefined;
        client.end(true);
      });
      this.#client = client;
    } catch {
      client.end(true);
    } finally {
      this.#connecting = false;
    }
  }

  #publish(): void {
    const client = this.#client;
    if (!client?.connected) return void this.#connect();
    // Two values of one point in one millisecond would be moved apart.
    const time = Math.max(systemClock.now(), this.#last + 1);
    this.#last = time;
    const n = this.#n++;
    for (const meter of meters) {
      const told: Told = { time, taken: undefined };
      this.told.get(meter)?.set(n, told);
      const values = Object.fromEntries(points.map((point) => [point, toldValue(meter, point, n)]));
      client.publish(`oracle/${meter}`, JSON.stringify({ ...values, time: told.time }), { qos: 1 }, (error) => {
        if (!error) told.taken = systemClock.now();
      });
    }
  }

  #trip(): void {
    const client = this.#client;
    if (!client?.connected) return;
    this.trips++;
    const tell = (tripped: number) =>
      client.connected &&
      client.publish(`oracle/${pump}`, JSON.stringify({ tripped, time: systemClock.now() }), { qos: 1 }, () => {});
    tell(1);
    systemClock.after(tripPeriod / 2, () => tell(0));
  }
}
