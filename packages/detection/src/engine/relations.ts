import { silenceOf } from './agenda.ts';
import type { Instance } from './instance.ts';
import type { Plant } from './plant.ts';
import { groupHolds } from './subjects.ts';

/**
 * The fault that explains this one: a silent equipment explains everything but safety; else what the declaration names.
 * A machine that its own fault has stopped (`off`) is still explained by it, until somebody has seen to that alarm.
 */
export function explainerOf(instance: Instance): string | undefined {
  const { fault, machine, subject } = instance;
  if (fault.safety) return undefined;
  const { silence } = machine;
  if (silence && silence !== instance && silence.open?.alarm.facts.active) return silence.fault.id;
  for (const explanation of fault.explainedBy) {
    for (const other of machine.byFault.get(explanation.fault) ?? []) {
      if (explanation.subject === 'group' && !groupHolds(other.subject, subject)) continue;
      if (other.open && (other.open.alarm.facts.active || other.off)) return other.fault.id;
    }
  }
  return undefined;
}

/**
 * The equipment whose silence stands for the whole connection: one whose silence is shown already, while nothing at all has
 * been heard on the connection for half the time that silence takes.
 */
export function leaderOf(instance: Instance, plant: Plant, now: number): string | undefined {
  const { machine } = instance;
  if (machine.equipment.connection === undefined) return undefined;
  const neighbours = plant.neighbours(machine);
  const leader = neighbours.find((other) => other !== machine && shown(other.silence));
  if (!leader) return undefined;
  if (instance.open?.alarm.facts.suppressed) return leader.equipment.id;
  const dead = neighbours.every((other) => !other.silence || now - other.heard > silenceOf(other.silence) / 2);
  return dead ? leader.equipment.id : undefined;
}

function shown(silence: Instance | undefined): boolean {
  const facts = silence?.open?.alarm.facts;
  return facts?.active === true && !facts.suppressed;
}
