import { createHash } from 'node:crypto';
import { createDetection, type Detection, type DetectionEquipment, type DetectionState } from '@plantroom/detection';
import type { SiteConfig, SitePoint } from './config/index.ts';

/** Detection for this site, going on from what the log kept. */
export function createDetector(
  site: SiteConfig,
  points: readonly SitePoint[],
  saved: unknown,
  startedAt: number,
): Detection {
  const byEquipment = Map.groupBy(points, (p) => p.equipment);
  const equipment: DetectionEquipment[] = site.equipment.map(({ id, kind, connection, ratings, parameters }) => ({
    id,
    kind,
    connection,
    ratings,
    parameters,
    points: (byEquipment.get(id) ?? []).map(({ point, cadence }) => ({ point, cadence })),
  }));
  return createDetection({
    site: site.site.id,
    equipment,
    startedAt,
    newAlarmId: (identity, raisedAt) => idOf('a', site.site.id, identity, String(raisedAt)),
    newOrderId: (alarm) => idOf('w', site.site.id, alarm),
    ...(isDetectionState(saved) ? { initial: saved } : {}),
  });
}

/** The same occurrence has the same id, however often it is told. */
function idOf(prefix: string, ...parts: string[]): string {
  return `${prefix}-${createHash('sha256').update(parts.join('\n')).digest('hex').slice(0, 24)}`;
}

/** Only detection writes this key of the log; its version says whether this detection can read it. */
function isDetectionState(saved: unknown): saved is DetectionState {
  return typeof saved === 'object' && saved !== null && 'version' in saved && saved.version === 1;
}
