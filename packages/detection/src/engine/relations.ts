import type { Explainer } from '../stages/stage.ts';
import type { Instance } from './instance.ts';
import type { Plant } from './plant.ts';
import { returnsWith } from './returning.ts';
import { groupHolds } from './subjects.ts';

/** Where explanations are looked for. */
export interface Site {
  readonly plant: Plant;
  /** Instances with an open alarm, by its id. */
  readonly open: ReadonlyMap<string, Instance>;
}

/** The alarm that an alarm is hidden under, if it is under any; it may be over. */
export function hiddenUnder({ open }: Instance): string | undefined {
  return (open?.alarm.facts.suppressed && open.alarm.suppression?.alarm) || undefined;
}

/**
 * Whether an alarm can stand for another: it is not out of service, and what it is hidden under in turn leads to one that is
 * seen, and never back to that other.
 */
function standsFor(explainer: Instance, instance: Instance, { open }: Site): boolean {
  let under: Instance | undefined = explainer;
  for (let steps = 0; under !== undefined && steps <= open.size; steps++) {
    if (under === instance || under.open?.alarm.facts.outOfService) return false;
    const next = hiddenUnder(under);
    under = next === undefined ? undefined : open.get(next);
  }
  return under === undefined;
}

/**
 * The alarm that explains this one: a silent equipment explains everything but safety; else what the declaration names, or a
 * loss of the supply above it.
 * A machine that its own fault has stopped (`off`) is still explained by it, until somebody has seen to that alarm.
 */
export function explainerOf(instance: Instance, site: Site, now: number): Explainer | undefined {
  const { fault, machine, subject } = instance;
  if (fault.safety) return undefined;
  const { silence } = machine;
  if (silence && silence !== instance && silence.open?.alarm.facts.active && standsFor(silence, instance, site))
    return asExplainer(silence);
  for (const explanation of fault.explainedBy) {
    for (const other of machine.byFault.get(explanation.fault) ?? []) {
      if (!other.open || (explanation.subject === 'group' && !groupHolds(other.subject, subject))) continue;
      if ((other.open.alarm.facts.active || other.off) && standsFor(other, instance, site)) return asExplainer(other);
    }
  }
  return lostFeed(instance, site, now);
}

/**
 * What the meters above the machine tell of its supply, the nearest first: a loss explains all; a meter that is silent itself,
 * as it hangs on the same supply, explains that the machine is silent. Either explains that for a while after it is over.
 */
function lostFeed(instance: Instance, site: Site, now: number): Explainer | undefined {
  const { machine, fault } = instance;
  const seen = new Set<string>([machine.equipment.id]);
  for (let id = machine.equipment.parent; id !== undefined && !seen.has(id); ) {
    seen.add(id);
    const above = site.plant.machines.get(id);
    const explains = (other: Instance) =>
      other.fault.endsSupply || (fault.trigger === 'silence' && other === above?.silence);
    const loss = above?.instances.find(
      (other) => other.open?.alarm.facts.active && explains(other) && standsFor(other, instance, site),
    );
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
 * The equipment whose silence stands for the whole connection: one whose silence is seen already, while nothing at all has
 * been heard on the connection for half the time that silence takes. It stands for a while for those that come back after it.
 */
export function leaderOf(instance: Instance, now: number): Explainer | undefined {
  const { machine } = instance;
  const { connection } = machine;
  if (!connection) return undefined;
  const leader = connection.leaders.find((other) => other !== instance);
  const isUnderOne = hiddenUnder(instance) !== undefined;
  if (leader && (isUnderOne || now > connection.heardUntil)) return asExplainer(leader);
  if (!isUnderOne) return undefined;
  for (const other of connection.machines) {
    const over = other.returned && other !== machine ? returnsWith(machine, other, now) : undefined;
    if (over) return over;
  }
  return undefined;
}
