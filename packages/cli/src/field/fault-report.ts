import { availabilityOf } from '@plantroom/detection';
import type { Profile } from '@plantroom/drivers';
import { type ReadRule, rulesFor, type SiteEquipment } from '@plantroom/gateway/config';
import { namesOf } from './columns.ts';

interface Group {
  readonly equipment: SiteEquipment[];
  readonly total: number;
  /** What cannot run, in the words of the fault library. */
  readonly lines: readonly string[];
}

/**
 * Which faults cannot run, and why: for each group of equipment that lack the same, one paragraph. Nothing for equipment
 * that can have all faults of its kind.
 */
export function faultReport(equipment: readonly SiteEquipment[], rules: readonly ReadRule[] = []): string[] {
  const groups = new Map<string, Group>();
  for (const one of equipment) {
    const own = { points: pointsOf(one.profile), rules: rulesFor(rules, one.id, one.kind) };
    const all = availabilityOf({ kind: one.kind, ratings: one.ratings, ...own });
    const lines = all.flatMap((a) => (a.runs ? [] : [`${a.fault}: ${a.reason.en}`]));
    if (lines.length === 0) continue;
    const key = [one.kind, ...lines].join('\n');
    const group = groups.get(key) ?? { equipment: [], total: all.length, lines };
    groups.set(key, group);
    group.equipment.push(one);
  }
  return [...groups.values()].flatMap(({ equipment: members, total, lines }) => {
    const ids = members.map((e) => e.id);
    return [
      `${namesOf(ids, 'equipment')} (${members[0]?.kind}): ${total - lines.length} of ${total} faults can be found`,
      ...lines.map((line) => `  ${line}`),
    ];
  });
}

/** One point of each indexed name is enough to tell what a fault lacks. */
function pointsOf(profile: Profile) {
  const cadence = { period: profile.period, maximumSilence: profile.period };
  return Object.keys(profile.points).map((name) => ({ point: name.replace(/\[(\d+)\.\.\d+\]/g, '[$1]'), cadence }));
}
