import type { Random } from '@plantroom/base';
import type { EquipmentBinding } from '@plantroom/drivers';
import { z } from 'zod';
import { modbusOptions } from '../../../packages/drivers/src/modbus/config.ts';
import { itemsOf } from '../../../packages/drivers/src/modbus/items.ts';
import { encodeRead } from '../../../packages/drivers/src/modbus/pdu.ts';
import { type Block, planBlocks } from '../../../packages/drivers/src/modbus/plan.ts';
import { parametersOf } from '../../../packages/drivers/src/parameters.ts';
import type { ModbusProfile } from '../../../packages/drivers/src/profiles/schema.ts';
import type { RawReading } from '../../../packages/gateway/src/acquisition/contract.ts';
import { DeviceHealth } from '../../../packages/gateway/src/acquisition/device-health.ts';
import { parseRead, type Unit } from '../../../simulators/src/modbus/unit.ts';
import type { Field, Told } from './field.ts';

interface Request {
  readonly block: Block;
  readonly pdu: Buffer;
  /** The last answer and what it was read as: the same bytes mean the same. */
  answer: Buffer;
  readings: readonly RawReading[];
  /** When they were handed on last. */
  told: number;
}

const options = z.object(modbusOptions);
/** Registers that stand still are handed on this often (ms), which keeps them fresh and the run short. */
const unchanged = 10_000;
/** An answer that is later than this (ms) is no answer, as with the driver's usual timeout. */
const timeout = 1000;

/** A Modbus device of the simulated building: its registers as bytes, read as the driver reads them, without a socket between. */
export class ModbusField implements Field {
  readonly equipment: string;
  readonly period: number;
  readonly points: readonly string[];
  readonly #unit: Unit;
  readonly #requests: Request[];
  readonly #health: DeviceHealth;
  #retryAt = 0;
  #heard = false;

  constructor(binding: EquipmentBinding, profile: ModbusProfile, unit: Unit, random: Random) {
    const { addressOffset } = options.parse(binding.options);
    const items = itemsOf({ kind: binding.kind, profile, addressOffset, parameters: parametersOf(binding) });
    this.equipment = binding.id;
    this.period = binding.period ?? profile.period;
    this.points = items.map(({ point }) => point);
    this.#unit = unit;
    this.#health = new DeviceHealth(random);
    const { maximumRegisters, maximumGap } = profile.modbus;
    this.#requests = planBlocks(items, { maximumRegisters, maximumGap }).map((block) => ({
      block,
      pdu: encodeRead({ unit: unit.id, area: block.area, address: block.address, count: block.length }),
      answer: Buffer.alloc(0),
      readings: [],
      told: 0,
    }));
  }

  poll(now: number): Told | undefined {
    if (now < this.#retryAt) return undefined;
    const reason = this.#read();
    if (reason === undefined) {
      this.#heard = true;
      this.#health.answered();
      return { readings: this.#requests.flatMap((request) => this.#due(request, now)) };
    }
    const kind = reason === 'no-answer' ? reason : 'device-exception';
    const { delay, fellSilent } = this.#health.failed(this.#heard, kind, '');
    this.#retryAt = now + delay;
    return fellSilent ? { silence: reason } : undefined;
  }

  #due(request: Request, now: number): readonly RawReading[] {
    if (now - request.told < unchanged) return [];
    request.told = now;
    return request.readings;
  }

  /** Reads all blocks; gives why that failed. */
  #read(): 'no-answer' | 'device-exception' | undefined {
    const disturbance = this.#unit.disturbance();
    if (disturbance?.silent || (disturbance && disturbance.delay() > timeout)) return 'no-answer';
    for (const request of this.#requests) {
      const asked = disturbance && parseRead(request.pdu);
      if (asked && disturbance.exception(asked) !== undefined) return 'device-exception';
      const answer = this.#unit.answer(request.pdu);
      if (((answer[0] ?? 0) & 0x80) !== 0)
        throw new Error(
          `${this.equipment} refuses registers ${request.block.address} and on: ${answer.toString('hex')}`,
        );
      if (!answer.equals(request.answer)) this.#decode(request, answer);
    }
    return undefined;
  }

  #decode(request: Request, answer: Buffer): void {
    const { block } = request;
    const bytes = answer.subarray(2);
    request.answer = answer;
    request.told = 0;
    request.readings = block.items.map(({ point, address, read }) => ({
      equipment: this.equipment,
      point,
      ...read(bytes, address - block.address),
    }));
  }
}
