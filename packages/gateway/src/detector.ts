import { createHash } from 'node:crypto';
import { type Clock, ClockSteps, type Logger } from '@plantroom/base';
import { createDetection, type Detection, type DetectionEquipment, type DetectionState } from '@plantroom/detection';
import { rulesFor, type SiteConfig, type SitePoint } from './config/index.ts';

/**
 * Detection for this site, going on from what the log kept; after a standstill it goes on as after a restart. Before each
 * call it is told of steps of the wall clock, so that they neither age a value nor end a delay.
 */
export class SiteDetector {
  readonly #logger: Logger;
  readonly #steps: ClockSteps;
  readonly #make: (startedAt: number, saved: unknown) => Detection;
  #equipment: readonly DetectionEquipment[];
  #detection: Detection;

  constructor(
    site: SiteConfig,
    points: readonly SitePoint[],
    saved: unknown,
    { clock, logger }: { readonly clock: Clock; readonly logger: Logger },
  ) {
    this.#logger = logger;
    this.#steps = new ClockSteps(clock);
    this.#equipment = equipmentOf(site, points);
    this.#make = (at, state) =>
      createDetection({
        site: site.site.id,
        equipment: this.#equipment,
        startedAt: at,
        newAlarmId: (identity, raisedAt) => idOf('a', site.site.id, identity, String(raisedAt)),
        newOrderId: (alarm, again) => idOf('w', site.site.id, alarm, ...(again === undefined ? [] : [String(again)])),
        ...(isDetectionState(state) ? { initial: state } : {}),
      });
    const now = clock.now();
    // What was kept by a clock that was ahead, and has been set right since, would wait until that time comes.
    const ahead = isDetectionState(saved) ? Math.max(0, saved.clock - now) : 0;
    this.#detection = this.#make(now + ahead, saved);
    if (ahead > 0) this.#detection.clockStepped(-ahead);
  }

  ingest(...args: Parameters<Detection['ingest']>) {
    return this.#inStep().ingest(...args);
  }

  fact(...args: Parameters<Detection['fact']>) {
    return this.#inStep().fact(...args);
  }

  tick(now: number) {
    return this.#inStep().tick(now);
  }

  command(...args: Parameters<Detection['command']>) {
    return this.#inStep().command(...args);
  }

  /** The clock was wrong from `from` to `to` (as it was), by `by` ms, and has been set: open alarms get their right times. */
  rename(...args: Parameters<Detection['rename']>) {
    return this.#inStep().rename(...args);
  }

  /** Another site file: what stays goes on, alarms of what is gone end as withdrawn. */
  use(site: SiteConfig, points: readonly SitePoint[], now: number) {
    this.#equipment = equipmentOf(site, points);
    return this.#inStep().reconfigure(this.#equipment, now);
  }

  resume(now: number): void {
    this.#detection = this.#make(now, this.#inStep().state());
  }

  open() {
    return this.#detection.open();
  }

  state() {
    return this.#detection.state();
  }

  #inStep(): Detection {
    const milliseconds = this.#steps.look();
    if (milliseconds === 0) return this.#detection;
    this.#logger.warn({ code: 'clock-step', milliseconds }, 'The clock was set; ages and delays go on as they were.');
    this.#detection.clockStepped(milliseconds);
    return this.#detection;
  }
}

/** The machines of a site as detection sees them. */
export function equipmentOf(site: SiteConfig, points: readonly SitePoint[]): DetectionEquipment[] {
  const byEquipment = Map.groupBy(points, (p) => p.equipment);
  return site.equipment.map(({ id, kind, connection, ratings, parent, maintenance, learn, parameters, profile }) => ({
    id,
    kind,
    connection,
    ratings,
    parent,
    ...(maintenance && { maintenance }),
    ...(learn === undefined ? {} : { learn }),
    parameters,
    codes: profile.codes,
    rules: rulesFor(site.rules, id, kind),
    points: (byEquipment.get(id) ?? []).map(({ point, cadence }) => ({ point, cadence })),
  }));
}

/** The same occurrence has the same id, however often it is told. */
function idOf(prefix: string, ...parts: string[]): string {
  return `${prefix}-${createHash('sha256').update(parts.join('\n')).digest('hex').slice(0, 24)}`;
}

/** Only detection writes this key of the log; its version says whether this detection can read it. */
function isDetectionState(saved: unknown): saved is DetectionState {
  return typeof saved === 'object' && saved !== null && 'version' in saved && saved.version === 1;
}
