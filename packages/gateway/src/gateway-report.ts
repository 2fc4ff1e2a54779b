import type { Detection } from '@plantroom/detection';
import type { EquipmentProperty } from '@plantroom/drivers';
import type { ClockStatus, GatewayStatus } from '@plantroom/model/wire';
import type { Acquisition } from './acquisition/acquisition.ts';
import type { GatewayClock } from './clock/gateway-clock.ts';
import type { SiteConfig, SiteModel } from './config/index.ts';
import type { LaneStats } from './outbox/contract.ts';
import type { Outbox } from './outbox/outbox.ts';
import type { Reporter } from './reporting/reporter.ts';
import type { GatewayReport, LaneReport, TimeReport } from './status/contract.ts';
import type { Uplink } from './uplink/uplink.ts';

export interface ReportParts {
  readonly site: SiteConfig;
  readonly model: SiteModel;
  readonly version: string;
  readonly acquisition: Pick<Acquisition, 'report' | 'fieldReport' | 'image' | 'skipped'>;
  readonly detector: Pick<Detection, 'open'>;
  readonly reporter: Pick<Reporter, 'offered' | 'logged'>;
  readonly outbox: Pick<Outbox, 'stats' | 'trouble'>;
  readonly uplink: () => Pick<Uplink, 'connected' | 'inFlight'> | undefined;
  readonly properties: ReadonlyMap<string, Readonly<Record<string, string>>>;
  readonly clock: Pick<GatewayClock, 'now' | 'report'>;
}

/** The longest text that the status carries about a connection. */
const detailLength = 300;

/** Puts the gateway's own account together from its parts. */
export async function reportOf(parts: ReportParts): Promise<GatewayReport> {
  const { site, model, acquisition, reporter, clock } = parts;
  const { epoch, lanes, used, maximum, free, fullIn } = await parts.outbox.stats();
  const uplink = parts.uplink();
  return {
    site: site.site.id,
    gateway: site.gateway.id,
    version: parts.version,
    revision: model.revision.revision,
    epoch,
    cloud: uplink === undefined ? 'none' : uplink.connected ? 'connected' : 'disconnected',
    inFlight: uplink?.inFlight ?? 0,
    lanes: { events: laneReport(lanes.events, clock.now()), telemetry: laneReport(lanes.telemetry, clock.now()) },
    log: { used, maximum, free, fullIn, trouble: parts.outbox.trouble ?? null },
    clock: clock.report(),
    points: model.points.length,
    samples: {
      offered: reporter.offered,
      logged: reporter.logged,
      moved: acquisition.image.moved,
      merged: acquisition.image.merged,
      unknown: acquisition.image.unknown,
    },
    skippedPolls: acquisition.skipped,
    openAlarms: parts.detector.open().length,
    connections: acquisition
      .report()
      .map((c) => ({ ...c, silent: [...c.silent], detail: c.detail.slice(0, detailLength) })),
    field: acquisition.fieldReport(),
    properties: Object.fromEntries(parts.properties),
  };
}

export function laneReport({ next: _, oldest, quarantinedEntries: __, ...books }: LaneStats, now: number): LaneReport {
  return { ...books, age: oldest === null ? 0 : Math.max(0, now - oldest) };
}

/** Keeps what devices tell of themselves. */
export function noteProperty(
  properties: Map<string, Readonly<Record<string, string>>>,
  { equipment, name, value }: EquipmentProperty,
): void {
  properties.set(equipment, { ...properties.get(equipment), [name]: value });
}

/** The part of the report that the cloud gets. */
export function wireStatus(report: GatewayReport, now: number): Omit<GatewayStatus, 'online' | 'question'> {
  const { events, telemetry } = report.lanes;
  const booksOf = ({ entries: _, bytes: __, age: ___, ...books }: LaneReport) => books;
  return {
    time: now,
    epoch: report.epoch,
    revision: report.revision,
    version: report.version,
    backlog: {
      entries: events.entries + telemetry.entries,
      bytes: events.bytes + telemetry.bytes,
      oldest: Math.round(Math.max(events.age, telemetry.age)),
    },
    quarantined: events.quarantined + telemetry.quarantined,
    books: { events: booksOf(events), telemetry: booksOf(telemetry) },
    fullIn: report.log.fullIn,
    logTrouble: report.log.trouble?.slice(0, detailLength) ?? null,
    clock: clockStatus(report.clock),
    connections: [...report.connections],
  };
}

function clockStatus({ state, source, doubtfulFor, systemOffset, cloudOffset, lastJump }: TimeReport): ClockStatus {
  return { state, source, doubtfulFor, systemOffset, cloudOffset, lastJump };
}
