import type { DetectionEquipment } from '../types.ts';

type Work = NonNullable<DetectionEquipment['maintenance']>[number];

/** The planned work that goes on at a moment; `from` belongs to it, `to` does not. */
export function maintenanceAt({ maintenance = [] }: DetectionEquipment, now: number): Work | undefined {
  return maintenance.find((work) => work.from <= now && now < work.to);
}

/** When planned work next begins or ends after a moment. */
export function nextMaintenance({ maintenance = [] }: DetectionEquipment, after: number): number {
  const edges = maintenance.flatMap((work) => [work.from, work.to]).filter((edge) => edge > after);
  return Math.min(Number.POSITIVE_INFINITY, ...edges);
}
