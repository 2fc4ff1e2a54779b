import type { LocalText } from '@plantroom/model';
import type { Area } from './pdu.ts';
import type { Discovery } from './sunspec.ts';

/** What a bus is going to be asked, and whether it has the time. All times are milliseconds. */
export interface BusPlan {
  readonly connection: string;
  /** The server or serial device, such as `192.0.2.10:502` or `/dev/ttyUSB0 9600 8N1`. */
  readonly server: string;
  readonly units: readonly UnitPlan[];
  /** Time to read everything once. */
  readonly cycle: number;
  /** Share of the bus's time that all periods together need; above 1 the periods cannot be met. */
  readonly share: number;
  /** Where the time that a device needs to answer is from. */
  readonly latency: 'assumed' | 'measured';
  readonly warnings: readonly PlanWarning[];
}

export interface UnitPlan {
  readonly equipment: string;
  readonly unit: number;
  readonly period: number;
  readonly requests: readonly RequestPlan[];
  /** Registers that the device refused and that are left out. */
  readonly holes: readonly HolePlan[];
  /** How its registers are found, when no profile has their addresses. */
  readonly discovery?: Discovery;
  /** Time of one poll of this equipment. */
  readonly time: number;
  /** Share of the bus's time: `time / period`. */
  readonly share: number;
}

export interface RequestPlan {
  readonly function: 1 | 2 | 3 | 4;
  readonly area: Area;
  readonly address: number;
  readonly count: number;
  readonly points: readonly string[];
  readonly time: number;
}

export interface HolePlan {
  readonly area: Area;
  readonly address: number;
  readonly count: number;
  readonly points: readonly string[];
  /** The exception that the device answered. */
  readonly exception: number;
}

export interface PlanWarning {
  /** Undefined when the whole bus is meant. */
  readonly equipment?: string;
  readonly text: LocalText;
}
