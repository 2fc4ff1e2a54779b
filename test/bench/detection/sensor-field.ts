import type { EquipmentBinding } from '@plantroom/drivers';
import { type TopicReader, topicReaders } from '../../../packages/drivers/src/mqtt/messages.ts';
import type { MqttProfile } from '../../../packages/drivers/src/profiles/schema.ts';
import type { Field, Told } from './field.ts';

/** Missed messages in a row that make a publishing device silent for the driver. */
const missed = 3;

/** A sensor behind its messages. */
export class SensorMessages implements Field {
  readonly equipment: string;
  readonly period: number;
  readonly points: readonly string[];
  readonly #readers: ReadonlyMap<string, TopicReader>;
  #waiting: Told[] = [];
  #heard = 0;
  #silent = false;

  constructor(binding: EquipmentBinding, profile: MqttProfile) {
    const readers = topicReaders(binding, profile, { device: binding.id });
    this.equipment = binding.id;
    this.period = profile.period;
    this.points = readers.flatMap(({ points }) => points);
    this.#readers = new Map(readers.map((reader) => [reader.topic, reader]));
  }

  /** Takes a message as it was published. */
  take(topic: string, payload: object): void {
    const reader = this.#readers.get(topic);
    if (reader) this.#waiting.push({ readings: reader.readings(Buffer.from(JSON.stringify(payload)), false) });
  }

  poll(now: number): Told | undefined {
    const told = this.#waiting.shift();
    if (told || this.#heard === 0) {
      this.#heard = now;
      this.#silent = false;
      return told;
    }
    if (this.#silent || now - this.#heard <= missed * this.period) return undefined;
    this.#silent = true;
    return { silence: 'no-answer' };
  }
}
