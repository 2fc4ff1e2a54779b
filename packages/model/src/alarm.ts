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

/** A shelving of an alarm (OPC UA Part 9, 5.8.11: TimedShelved, OneShotShelved): who, why, and when it ends by itself. */
export const shelving = z.object({
  since: z.number().int(),
  /** It ends then at the latest, whatever its kind. */
  until: z.number().int(),
  /** It ends as soon as the alarm returns to normal. */
  oneShot: z.boolean(),
  by: z.string(),
  reason: z.string().max(500),
});
export type Shelving = z.infer<typeof shelving>;

/** Whatever was asked for: an alarm that is shelved for ever is forgotten. Milliseconds. */
export const longestShelving = 24 * 3_600_000;

/** An alarm that somebody took out of service, until somebody returns it. */
export const removal = z.object({ since: z.number().int(), by: z.string(), reason: z.string().max(500) });
export type Removal = z.infer<typeof removal>;

/** Why an alarm is suppressed by design: another alarm explains it, or a planned maintenance. */
export const suppression = z.object({ alarm: z.string().nullable(), reason: z.string().max(200) });
export type Suppression = z.infer<typeof suppression>;

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
  /** While it is shelved. */
  shelving: shelving.optional(),
  /** While it is out of service. */
  removal: removal.optional(),
  /** While it is suppressed. */
  suppression: suppression.optional(),
  /** It changed three times within a minute: its return is held back until it has been quiet, and somebody should act. */
  chattering: z.boolean().optional(),
  /** Raised in a flood of alarms: the one that came first (ISA-18.2 first-out), perhaps itself. */
  firstOut: z.string().optional(),
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
  // Joined, not a template: a site keeps thousands of them, and this is one string instead of a tree of three.
  return [a.equipment, a.fault, a.subject].join('|');
}
