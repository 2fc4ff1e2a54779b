import type { AlarmPolicy } from '@plantroom/model';
import type { CodeTexts, Fault } from '../faults/define-fault.ts';
import type { DetectionEquipment, OpenAlarmState, ReturnedState } from '../types.ts';
import type { Connection } from './connection.ts';
import type { StartUp } from './start-up.ts';

/** Shared by all that have none: a site has thousands of lists, most of them empty. */
export const none: readonly never[] = [];

/** How many points of a template, in one group or in the whole machine, were last known to have one value. */
export interface Counter {
  readonly value: number;
  count: number;
}

/** A cell of the process image. */
export interface Slot {
  readonly name: string;
  readonly staleAfter: number;
  /** The last known value; it stays when the point goes bad, for the counters. */
  value: number | null;
  /** 0 good, 1 uncertain, 2 bad or never heard. */
  rank: 0 | 1 | 2;
  time: number;
  heard: number;
  badSince: number;
  /** The value is from before a time in which nobody listened. */
  remembered: boolean;
  /** A fault of safety reads it: what arrives is taken as it arrives. */
  urgent: boolean;
  /** Judged when the value or its quality changes. */
  readers: readonly Instance[];
  /** Judged at every sample. */
  timed: readonly Instance[];
  counters: readonly Counter[];
  /** The number of the image that it was last written in. */
  image: number;
}

export type OpenAlarm = { -readonly [K in keyof OpenAlarmState]: OpenAlarmState[K] };

/** The view's own object: filled in place before each judgement. */
export interface Scratch {
  now: number;
  wallTime: number;
  readonly subject: string;
  readonly points: Record<string, number | undefined>;
  readonly ratings: Readonly<Record<string, number>>;
  readonly parameters: Readonly<Record<string, number>>;
  readonly counts: Record<string, number>;
  readonly codes: CodeTexts;
  memory: unknown;
}

/** One fault on one subject of one machine. */
export interface Instance {
  /** Decides between two that are due in the same millisecond. */
  readonly ordinal: number;
  /** `equipment|fault|subject` */
  readonly identity: string;
  readonly machine: Machine;
  readonly fault: Fault;
  readonly subject: string;
  readonly policy: AlarmPolicy;
  /** By the order of `fault.points`. */
  readonly needed: readonly Slot[];
  /** The optional points that the machine has, with their names; decisive: one that the fault cannot do without. */
  readonly optional: readonly { readonly name: string; readonly slot: Slot; readonly decisive: boolean }[];
  readonly counters: readonly { readonly name: string; readonly counter: Counter }[];
  readonly view: Scratch;
  /** Milliseconds. */
  readonly onDelay: number;
  readonly offDelay: number;
  /** 0: never. */
  readonly reAlarm: number;
  pending: 'raise' | 'clear' | undefined;
  since: number;
  due: number;
  unknownSince: number | undefined;
  /** A fault that is judged only so often is not judged again before this event time. */
  nextLook: number;
  off: boolean;
  /** A decisive point cannot be used now: that nothing is seen does not mean that nothing is wrong. */
  blinded: boolean;
  /** Optional points that went stale until then have been seen to. */
  staleSeen: number;
  /** When its newest alarm was first raised. */
  raisedAt: number | undefined;
  /** When it was last raised or cleared, at most three. */
  changes: readonly number[];
  open: OpenAlarm | undefined;
  dirty: boolean;
}

export interface Machine {
  readonly equipment: DetectionEquipment;
  readonly slots: ReadonlyMap<string, Slot>;
  readonly instances: readonly Instance[];
  readonly byFault: ReadonlyMap<string, readonly Instance[]>;
  /** Its instances that a fault of its own can explain, by that fault. */
  readonly explained: ReadonlyMap<string, readonly Instance[]>;
  /** What it shares with others; undefined when its connection is its own. */
  connection: Connection | undefined;
  /** Those that tell of a point that is lost. */
  readonly tellingLoss: readonly Instance[];
  /** The fault that stands for a machine that says nothing. */
  readonly silence: Instance | undefined;
  /** ms that it may send nothing usable: its own shortest cadence at the least, and never less than the fault's delay. */
  readonly silentAfter: number;
  /** When it last sent something usable (gateway time), or began to be listened to. */
  heard: number;
  /** How much earlier than its arrival its newest sample is, ms. */
  lag: number;
  /** Its own alarm that others may have gone with, once that is over. */
  returned: ReturnedState | undefined;
  /** Where the machine says how long its start takes. */
  readonly startUp: StartUp | undefined;
  /** By how much the wall clock was stepped in all, ms: what its faults remember does not move along. */
  stepped: number;
}
