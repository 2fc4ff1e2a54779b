import type { EquipmentBinding } from '@plantroom/drivers';
import { type UaNode, uaNodes, uaPoints } from '../../../packages/drivers/src/opcua/points.ts';
import { SourceTimes } from '../../../packages/drivers/src/opcua/source-times.ts';
import type { OpcUaProfile } from '../../../packages/drivers/src/profiles/schema.ts';
import type { RawReading } from '../../../packages/gateway/src/acquisition/contract.ts';
import type { Building } from '../../../simulators/src/building/building.ts';
import type { Car } from '../../../simulators/src/lifts/car.ts';
import { liftNodes, type NodeDefinition } from '../../../simulators/src/lifts/nodes.ts';
import type { Field, Told } from './field.ts';

const namespace = 'urn:plantroom:simulators:lifts';
const good = 0;
const noCommunication = 0x80310000;
/** The driver reads all values again this often (ms), its usual `refresh`. */
const refresh = 20_000;

interface Variable {
  readonly definition: NodeDefinition;
  readonly node: UaNode;
  readonly times: SourceTimes;
  last: number | boolean;
  status: number;
  time: number;
}

/** A lift behind its OPC UA nodes: changes by step as its server pushes them, all values now and then. */
export class LiftField implements Field {
  readonly equipment: string;
  readonly period = 500;
  readonly points: readonly string[];
  readonly #variables: readonly Variable[];
  readonly #building: Building;
  readonly #car: Car;
  #changes: RawReading[] = [];
  #readAgainAt = 0;

  constructor(binding: EquipmentBinding, profile: OpcUaProfile, building: Building) {
    const car = building.lifts.cars.find(({ rating }) => rating.id === binding.id);
    if (!car) throw new RangeError(`the building has no ${binding.id}`);
    const points = uaPoints(binding, profile, { node: car.rating.node });
    const { nodes } = uaNodes(points, [namespace]);
    this.equipment = binding.id;
    this.points = points.map(({ point }) => point);
    this.#building = building;
    this.#car = car;
    this.#variables = nodes.map((node) => {
      const definition = liftNodes.find(({ name }) => node.nodeId.endsWith(`.${name}`));
      if (!definition) throw new RangeError(`the lift server has no ${node.nodeId}`);
      return { definition, node, times: new SourceTimes(), last: Number.NaN, status: good, time: 0 };
    });
  }

  /** Notes what has changed; to be called after each step of the lifts. */
  look(at: number): void {
    const silent = this.#building.silent(this.equipment);
    const status = silent ? noCommunication : good;
    for (const variable of this.#variables) {
      const next = silent ? variable.last : variable.definition.read(this.#car, this.#building.lifts);
      const same = variable.status === status && (silent || !differs(variable.last, next, variable.definition.step));
      if (same) continue;
      Object.assign(variable, { last: next, status, time: at });
      this.#tell(variable, 'change', at);
    }
  }

  poll(now: number): Told | undefined {
    if (now >= this.#readAgainAt) {
      this.#readAgainAt = now + refresh;
      for (const variable of this.#variables) this.#tell(variable, 'read', now);
    }
    if (this.#changes.length === 0) return undefined;
    const readings = this.#changes;
    this.#changes = [];
    return { readings };
  }

  #tell({ node, last, status, time, times }: Variable, how: 'change' | 'read', now: number): void {
    const value = { raw: last, status, sourceTime: time, ...(how === 'read' ? { serverTime: now } : {}) };
    const heard = times.take(value, how, now);
    if (!heard) return;
    for (const use of node.uses) {
      const reading = use(value, heard.time);
      if (reading) this.#changes.push(reading);
    }
  }
}

/** As the server decides what is worth a notification. */
function differs(a: number | boolean, b: number | boolean, step = 0): boolean {
  if (typeof a === 'number' && typeof b === 'number' && step > 0 && b !== 0) return !(Math.abs(a - b) < step);
  return a !== b;
}
