import { alarmStateOf, type CatalogueEntry, type LocalText, lackOf, type Priority } from '@plantroom/model';
import type { AlarmView, EquipmentView, FaultView, GatewayView } from '@plantroom/model/api';
import type { GatewayStatus } from '@plantroom/model/wire';
import { type AlarmRow, conflictPresence, type GatewayRow } from '../records/contract.ts';
import type { EquipmentEntry } from './site-directory.ts';

const unknownText: LocalText = {
  en: 'Not known any more: the site no longer watches for this fault.',
  zh: '已无说明：该项目不再监测此故障。',
};

/** Texts of a fault; an alarm of a former model keeps at least its code. */
export function textsOf(fault: string, entry: CatalogueEntry | undefined) {
  return {
    title: entry?.title ?? { en: fault, zh: fault },
    cause: entry?.cause ?? unknownText,
    consequence: entry?.consequence ?? unknownText,
    steps: entry ? [...entry.steps] : [],
  };
}

export function viewAlarm(row: AlarmRow, entry: CatalogueEntry | undefined): AlarmView {
  return {
    ...row,
    evidence: [...row.evidence],
    state: alarmStateOf(row.facts),
    safety: entry?.safety ?? false,
    ...(entry?.respondWithin && { respondWithin: entry.respondWithin }),
    ...textsOf(row.fault, entry),
    // Of a fault that is gone its own words are left.
    ...(!entry && { title: row.detail }),
  };
}

/** `alarms` are the open ones of this equipment. */
export function viewEquipment(
  site: string,
  { gateway, equipment, points }: EquipmentEntry,
  alarms: readonly AlarmRow[],
): EquipmentView {
  const { parent = null, ...rest } = equipment;
  const priority = alarms.reduce<Priority | null>((p, a) => (p === null || a.priority < p ? a.priority : p), null);
  return { ...rest, site, gateway, parent, priority, openAlarms: alarms.length, points: [...points] };
}

/** A catalogue that does not say what a fault needs, of an older gateway, tells nothing of it. */
export function viewFaults({ equipment, points }: EquipmentEntry, catalogue: Iterable<CatalogueEntry>): FaultView[] {
  const names = new Set(points.map((point) => point.replace(/\[\d+\]/g, '[]')));
  return [...catalogue].flatMap((entry) => {
    const { fault, title, priority, respondWithin, needs, reserved = false } = entry;
    if (entry.kind !== equipment.kind || !needs || entry.equipment?.includes(equipment.id) === false) return [];
    const lack = lackOf(needs, names, equipment.ratings) ?? null;
    return [{ fault, title, priority, ...(respondWithin && { respondWithin }), lack, reserved }];
  });
}

/** A gateway that says nothing for this long (ms) is not online, whatever its last status says: a status does not age. */
const longestSilence = 120_000;

function viewLog(
  { thinned, dropped, corrupt }: { thinned: number; dropped: number; corrupt: number },
  { fullIn = null, logTrouble = null }: GatewayStatus,
): GatewayView['log'] {
  return { thinned, lost: dropped + corrupt, fullIn, trouble: logTrouble };
}

export function viewGateway(row: GatewayRow, now: number): GatewayView {
  const { site, gateway, status, conflict, heardAt, samples, lag, corrections } = row;
  return {
    site,
    id: gateway,
    online: (status?.online ?? false) && heardAt !== null && now - heardAt <= longestSilence,
    heardAt,
    epoch: status?.epoch ?? null,
    revision: status?.revision ?? null,
    version: status?.version ?? null,
    backlog: status?.backlog ?? null,
    quarantined: status?.quarantined ?? 0,
    conflict: conflict !== null && now - conflict.at < conflictPresence ? conflict : null,
    log: status?.books ? viewLog(status.books.telemetry, status) : null,
    clock: status?.clock ?? null,
    corrections: corrections.map(({ from, to, by, source }) => ({ from, to, by, source })),
    lag,
    samples,
    connections: status?.connections ?? [],
  };
}
