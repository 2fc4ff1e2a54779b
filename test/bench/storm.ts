import { join } from 'node:path';
import { ManualClock } from '@plantroom/base';
import { createDetection, type Detection, type DetectionEquipment } from '@plantroom/detection';
import type { Alarm, Sample } from '@plantroom/model';
import { temporaryDirectory } from '@plantroom/testing';
import { openSqliteRecords } from '../../packages/cloud/src/records/sqlite-records.ts';
import { atMost, type Bench, type Figure, orientation } from './figure.ts';

const start = Date.UTC(2026, 4, 12, 1, 0, 0);
const cadence = { period: 1000, maximumSilence: 600_000 };
const healthy = { tripped: 0, running: 1, flow: 140, power: 70, vibration: 1, bearingTemperature: 50 };
const broken = { tripped: 1, running: 1, flow: 0, power: 10, vibration: 9, bearingTemperature: 90 };
const points = (values: object) => Object.keys(values).map((point) => ({ point, cadence }));
const voltages = { voltageL1: 0, voltageL2: 0, voltageL3: 0 };

/** Pumps on 50 buses below one meter. */
function plant(pumps: number): DetectionEquipment[] {
  const ratings = { ratedPower: 75, ratedFlow: 144 };
  return [
    { id: 'feeder', kind: 'energy-meter', ratings: {}, points: points(voltages) },
    ...Array.from({ length: pumps }, (_, n) => ({
      ...({ id: `pump-${n}`, kind: 'pump', ratings, connection: `bus-${n % 50}`, parent: 'feeder' } as const),
      points: points(healthy),
    })),
  ];
}

const samplesOf = (equipment: string, time: number, values: Readonly<Record<string, number>>): Sample[] =>
  Object.entries(values).map(([point, value]) => ({
    ...{ equipment, point, time, gatewayTime: time, value },
    quality: 'good',
  }));

interface Storm {
  readonly versions: readonly Alarm[];
  readonly open: readonly Alarm[];
  readonly milliseconds: number;
  readonly longest: number;
}

/** The supply is lost, or each pump breaks by itself; every machine tells it within the same second. */
function storm(pumps: number, isSupplyLost: boolean): Storm {
  const equipment = plant(pumps);
  const detection: Detection = createDetection({
    ...{ site: 'harbour', startedAt: start, equipment },
    newAlarmId: (identity, raisedAt) => `${identity}|${raisedAt - start}`,
    newOrderId: (alarm, again) => `o${again ?? ''}-${alarm}`.slice(0, 64),
  });
  for (const { id } of equipment.slice(1)) detection.ingest(samplesOf(id, start, healthy));
  const versions: Alarm[] = [];
  let longest = 0;
  const step = (work: () => { readonly alarms: readonly Alarm[] }) => {
    const from = performance.now();
    versions.push(...work().alarms);
    longest = Math.max(longest, performance.now() - from);
  };
  const from = performance.now();
  const then = start + 10_000;
  if (isSupplyLost) step(() => detection.ingest(samplesOf('feeder', then, voltages)));
  // A batch as the gateway hands it over: what a few dozen machines told.
  for (let n = 1; n < equipment.length; n += 25)
    step(() => detection.ingest(equipment.slice(n, n + 25).flatMap(({ id }) => samplesOf(id, then, broken))));
  for (let second = 11; second < 130; second++) step(() => detection.tick(start + second * 1000));
  return { versions, open: detection.open(), milliseconds: performance.now() - from, longest };
}

/** How long the cloud takes to store them as frames of 200, and to give the first page of what is open. */
async function storedIn(versions: readonly Alarm[]): Promise<{ perAlarm: number; page: number }> {
  using folder = temporaryDirectory('plantroom-storm');
  const records = await openSqliteRecords(join(folder.path, 'records.sqlite'), new ManualClock(start));
  const nothing = { models: [], transitions: [], orders: [], intervals: [], deviceEvents: [], gaps: [] };
  const rest = { ...nothing, corrections: [], outcomes: [] };
  const from = performance.now();
  for (let n = 0; n < versions.length; n += 200) {
    const entry = { site: 'harbour', gateway: 'gw-1', epoch: 'epoch-0001', lane: 'events', sequence: n + 1 } as const;
    await records.commitEvents({ ...rest, entry, receivedAt: start, alarms: versions.slice(n, n + 200) });
  }
  const perAlarm = (performance.now() - from) / versions.length;
  const asked = performance.now();
  await records.alarms({ site: 'harbour', open: true, limit: 100 });
  const page = performance.now() - asked;
  await records.close();
  return { perAlarm, page };
}

export const bench: Bench = {
  about:
    'storms within two minutes: 2,500 pumps below one lost supply, and 2,000 that each break by themselves; what is shown, and how long it takes',
  async run(): Promise<Figure[]> {
    storm(100, true);
    const small = storm(200, false);
    const own = storm(2000, false);
    const lost = storm(2500, true);
    const alarms = new Set(lost.open.map(({ id }) => id)).size;
    const standing = lost.open.filter(({ facts }) => !facts.suppressed).length;
    const each = (one: Storm) => one.milliseconds / new Set(one.versions.map(({ id }) => id)).size;
    const inFlood = own.open.filter(({ facts, firstOut }) => !facts.suppressed && firstOut !== undefined).length;
    const stored = await storedIn(lost.versions);
    return [
      orientation('one lost supply: alarms', alarms, ''),
      atMost('one lost supply: shown, the rest folded under it', standing, '', 1),
      orientation('one lost supply: longest step', lost.longest, 'ms'),
      orientation(
        'each by itself: alarms that nothing suppresses',
        own.open.filter(({ facts }) => !facts.suppressed).length,
        '',
      ),
      orientation('each by itself: marked as one flood, with what came first', inFlood, ''),
      orientation('each by itself: longest step', own.longest, 'ms'),
      atMost('each by itself: cost an alarm, 2,000 pumps to 200', each(own) / each(small), '', 2.5),
      orientation('a version of an alarm into SQLite', stored.perAlarm, 'ms'),
      orientation('the first page of the open ones', stored.page, 'ms'),
    ];
  },
};
