import type { EquipmentView } from '@plantroom/model/api';

export interface MeterNode {
  readonly meter: EquipmentView;
  /** 0 for a meter that no other is above. */
  readonly depth: number;
}

/** The meter tree in reading order: each meter before the ones below it. A parent that is missing counts as none. */
export function meterTree(equipment: readonly EquipmentView[]): MeterNode[] {
  const meters = equipment.filter((each) => each.kind === 'energy-meter');
  const ids = new Set(meters.map((meter) => meter.id));
  const below = Map.groupBy(meters, ({ parent }) => (parent !== null && ids.has(parent) ? parent : undefined));
  const seen = new Set<string>();
  const walk = (parent: string | undefined, depth: number): MeterNode[] =>
    (below.get(parent) ?? []).flatMap((meter) => {
      if (seen.has(meter.id)) return [];
      seen.add(meter.id);
      return [{ meter, depth }, ...walk(meter.id, depth + 1)];
    });
  const tree = walk(undefined, 0);
  // Meters that stand above each other in a circle have no top; they are shown all the same.
  return [...tree, ...meters.filter((meter) => !seen.has(meter.id)).map((meter) => ({ meter, depth: 0 }))];
}

/** The meter of the whole building: the top one with the most meters below it. */
export function mainMeter(equipment: readonly EquipmentView[]): EquipmentView | undefined {
  const tree = meterTree(equipment);
  let best: { meter: EquipmentView; below: number } | undefined;
  tree.forEach(({ meter, depth }, index) => {
    if (depth > 0) return;
    const next = tree.findIndex((node, i) => i > index && node.depth === 0);
    const below = (next < 0 ? tree.length : next) - index - 1;
    if (best === undefined || below > best.below) best = { meter, below };
  });
  return best?.meter;
}
