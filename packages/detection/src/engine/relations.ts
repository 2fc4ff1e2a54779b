import type { Explainer } from '../stages/stage.ts';
import type { Instance, Machine } from './instance.ts';
import type { Plant } from './plant.ts';
import { returnsWith } from './returning.ts';
import { groupHolds } from './subjects.ts';

/**
 * The alarm that explains this one: a silent equipment explains everything but safety; else what the declaration names, or a
 * loss of the supply above it.
 * A machine that its own fault has stopped (`off`) is still explained by it, until somebody has seen to that alarm.
 */
export function explainerOf(instance: Instance, plant: Plant, now: number): Explainer | undefined {
  const { fault, machine, subject } = instance;
  if (fault.safety) return undefined;
  const { silence } = machine;
  if (silence && silence !== instance && silence.open?.alarm.facts.active) return asExplainer(silence);
  for (const explanation of fault.explainedBy) {
    for (const other of machine.byFault.get(explanation.fault) ?? []) {
      if (explanation.subject === 'group' && !groupHolds(other.subject, subject)) continue;
      if (other.open?.alarm.facts.active || (other.open && other.off)) return asExplainer(other);
    }
  }
  return lostFeed(instance, plant, now);
}

/**
 * What the meters above the machine tell of its supply, the nearest first: a loss explains all; a meter that is silent itself,
 * as it hangs on the same supply, explains that the machine is silent. Either explains that for a while after it is over.
 */
function lostFeed({ machine, fault }: Instance, plant: Plant, now: number): Explainer | undefined {
  const seen = new Set<string>([machine.equipment.id]);
  for (let id = machine.equipment.parent; id !== undefined && !seen.has(id); ) {
    seen.add(id);
    const above = plant.machines.get(id);
    const explains = (other: Instance) =>
      other.fault.endsSupply || (fault.trigger === 'silence' && other === above?.silence);
    const loss = above?.instances.find((other) => explains(other) && other.open?.alarm.facts.active);
    if (loss) return asExplainer(loss);
    const over = above && fault.trigger === 'silence' ? returnsWith(machine, above, now) : undefined;
    if (over) return over;
    id = above?.equipment.parent;
  }
  return undefined;
}

function asExplainer({ open, machine, fault }: Instance): Explainer | undefined {
  return open && { alarm: open.alarm.id, equipment: machine.equipment.id, fault: fault.id };
}

/**
 * The equipment whose silence stands for the whole connection: one whose silence is shown already, while nothing at all has
 * been heard on the connection for half the time that silence takes. It stands for a while for those that come back after it.
 */
export function leaderOf(instance: Instance, plant: Plant, now: number): Explainer | undefined {
  const { machine, open } = instance;
  if (machine.equipment.connection === undefined) return undefined;
  const neighbours = plant.neighbours(machine);
  const leader = neighbours.find((other) => other !== machine && shown(other.silence))?.silence;
  const isUnderOne = open?.alarm.facts.suppressed && open.alarm.suppression?.alarm !== null;
  if (leader && isUnderOne) return asExplainer(leader);
  if (isUnderOne) {
    const first = neighbours.find((other) => other !== machine && returnsWith(machine, other, now));
    return first && returnsWith(machine, first, now);
  }
  const isQuiet = (other: Machine) => !other.silence || now - other.heard > other.silentAfter / 2;
  return leader && neighbours.every(isQuiet) ? asExplainer(leader) : undefined;
}

function shown(silence: Instance | undefined): boolean {
  const facts = silence?.open?.alarm.facts;
  return facts?.active === true && !facts.suppressed;
}
