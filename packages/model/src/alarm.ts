import { z } from 'zod';
import { identifier } from './identifiers.ts';
import { localText } from './local-text.ts';

/** 1 emergency, 2 high, 3 medium, 4 low. */
export const priority = z.union([z.literal(1), z.literal(2), z.literal(3), z.literal(4)]);
export type Priority = z.infer<typeof priority>;

/** The independent facts of an alarm, as in OPC UA Part 9; the ISA-18.2 state is derived from them. */
export const alarmFacts = z.object({
  /** The condition holds (after its on-delay). */
  active: z.boolean(),
  acknowledged: z.boolean(),
  /** The condition has ended, but the alarm stays until an operator resets it. */
  latched: z.boolean(),
  shelved: z.boolean(),
  /** By design: a parent fault, equipment off, start-up. */
  suppressed: z.boolean(),
  outOfService: z.boolean(),
});
export type AlarmFacts = z.infer<typeof alarmFacts>;

/** A point's value at the moment the alarm was raised. */
export const evidence = z.object({ point: z.string(), value: z.number().nullable(), time: z.number().int() });
export type Evidence = z.infer<typeof evidence>;

export const alarmEndings = ['returned', 'withdrawn'] as const;

/** One occurrence of a fault on (equipment, subject). The gateway owns it and alone advances its version. */
export const alarm = z.object({
  /** Derived from site, equipment, fault, subject and the time it was raised. */
  id: z.string().min(1).max(64),
  equipment: identifier,
  /** An entry of the catalogue, such as `pump.dry-run`. */
  fault: z.string().min(1).max(64),
  /** A detector, zone, phase or floor; usually empty. */
  subject: z.string().max(64),
  source: z.enum(['gateway', 'cloud']),
  priority,
  facts: alarmFacts,
  raisedAt: z.number().int(),
  clearedAt: z.number().int().nullable(),
  acknowledgedAt: z.number().int().nullable(),
  acknowledgedBy: z.string().nullable(),
  /** Set once the alarm is over: it returned to normal and was acknowledged, or its point is gone. */
  endedAt: z.number().int().nullable(),
  ending: z.enum(alarmEndings).nullable(),
  /** What happened on this occasion, with figures: "Door will not close, 4 attempts at 6F". */
  detail: localText,
  evidence: z.array(evidence).max(16),
  /** Counts from 1; a higher version replaces a lower one, in any order of arrival. */
  version: z.number().int().min(1),
  /** The command that led to this version, so that a click in the cloud sees its echo. */
  command: z.string().nullable(),
});
export type Alarm = z.infer<typeof alarm>;

/** (equipment, fault, subject): at most one open alarm has it in a site. */
export function alarmIdentity(a: Pick<Alarm, 'equipment' | 'fault' | 'subject'>): string {
  return `${a.equipment}|${a.fault}|${a.subject}`;
}
