import { type Clock, describeError, PlantroomError } from '@plantroom/base';
import type { FieldConnection, FieldDevice, FieldSink, ProbeResult, Reading } from '../contract.ts';
import { describeProbe } from '../probe-text.ts';
import type { ModbusClient } from './client.ts';
import type { PolledDevice, SeeBlock } from './device.ts';
import type { PropertyItem } from './properties.ts';
import { blockReader, type DeviceCare } from './read-block.ts';
import type { UnitHistory } from './unit-history.ts';

/** One equipment on the bus with all that reading it needs. */
export interface BoundDevice {
  readonly field: FieldDevice;
  readonly device: PolledDevice;
  readonly care: DeviceCare;
}

export interface ConnectionOptions {
  readonly id: string;
  readonly client: ModbusClient;
  readonly bound: readonly BoundDevice[];
  /** What has to be on disk before the connection is closed. */
  readonly memories: readonly { settled(): Promise<void> }[];
  readonly clock: Clock;
}

/** Serial numbers change when a device is replaced, so they are read again now and then. */
const propertyPeriod = 3_600_000;

/** A Modbus bus and the units on it; polled. Properties are told to the sink of `subscribe`. */
export class ModbusConnection implements FieldConnection {
  readonly id: string;
  readonly client: ModbusClient;
  readonly bound: readonly BoundDevice[];
  readonly #byEquipment: ReadonlyMap<string, BoundDevice>;
  readonly #memories: ConnectionOptions['memories'];
  readonly #clock: Clock;
  /** What was told of each equipment, and when it is due again, monotonic ms. */
  readonly #told = new Map<string, { readonly properties: readonly PropertyItem[]; readonly due: number }>();
  #sink: FieldSink | undefined;

  constructor({ id, client, bound, memories, clock }: ConnectionOptions) {
    this.id = id;
    this.client = client;
    this.bound = bound;
    this.#byEquipment = new Map(bound.map((b) => [b.field.equipment, b]));
    this.#memories = memories;
    this.#clock = clock;
  }

  get devices(): readonly FieldDevice[] {
    return this.bound.map((b) => b.field);
  }

  open(): Promise<void> {
    return this.client.open();
  }

  async subscribe(sink: FieldSink): Promise<void> {
    this.#sink = sink;
  }

  /** `see` is given the bytes of each answer, for the person who compares raw and scaled. */
  async poll(equipment: string, see?: SeeBlock): Promise<readonly Reading[]> {
    const bound = this.#find(equipment);
    const readings = await bound.device.poll(blockReader(this.client, bound.care), see);
    if (bound.device.properties.length > 0) await this.#tellProperties(bound);
    if (bound.care.quirks.has('close-after-poll')) await this.client.release();
    return readings;
  }

  async probe(equipment: string): Promise<ProbeResult> {
    const { care } = this.#find(equipment);
    const where = `Unit ${care.unit} at ${this.client.name}`;
    try {
      await this.client.open();
      return describeProbe(where, await this.poll(equipment));
    } catch (thrown) {
      return { ok: false, message: describeError(thrown) };
    }
  }

  history(): UnitHistory[] {
    return this.client.histories.list();
  }

  async close(): Promise<void> {
    await this.client.close();
    await Promise.all(this.#memories.map((memory) => memory.settled()));
  }

  /** A property that cannot be had is no failure of the device: its values are what it is polled for. */
  async #tellProperties({ device: { equipment, properties }, care }: BoundDevice): Promise<void> {
    const sink = this.#sink;
    const now = this.#clock.monotonic();
    const told = this.#told.get(equipment);
    if (!sink || (told?.properties === properties && now < told.due)) return;
    this.#told.set(equipment, { properties, due: now + propertyPeriod });
    for (const { name, area, address, length, read } of properties) {
      const bytes = await this.client
        .read({ unit: care.unit, area, address, count: length }, care)
        .catch(() => undefined);
      const value = bytes && read(bytes);
      if (value !== undefined && value !== '') sink.property({ equipment, name, value });
    }
  }

  #find(equipment: string): BoundDevice {
    const bound = this.#byEquipment.get(equipment);
    if (bound) return bound;
    throw new PlantroomError('unknown-equipment', `Connection ${this.id} has no equipment ${equipment}.`);
  }
}
