import type { Alarm, Sample } from '@plantroom/model';
import { allFaults } from '../faults/index.ts';
import { createDetection, type DetectionEquipment } from '../index.ts';
import type { CaseKind, FaultCase, FaultCases, Figures, Steps } from './case-file.ts';
import { ids, sample, start } from './rig.ts';

/** Seven polls in which a line answers late now and then; never so late that a value is stale. */
const uneven = [1, 2, 1, 2, 1];

export function equipmentOfCases(cases: FaultCases, without: readonly string[] = []): DetectionEquipment {
  const { fault, poll, ratings, parameters, states } = cases;
  const kind = allFaults.find(({ id }) => id === fault)?.kind ?? 'pump';
  const points = [...new Set(Object.values(states).flatMap((state) => Object.keys(state)))];
  const cadence = { period: poll * 1000, maximumSilence: 0 };
  return {
    id: 'machine',
    kind,
    ratings: Object.fromEntries(Object.entries(ratings).filter(([name]) => !without.includes(name))),
    points: points.filter((point) => !without.includes(point)).map((point) => ({ point, cadence })),
    parameters: { [fault]: parameters },
  };
}

/** Plays one case; when alarms of its fault were raised and cleared, in seconds. */
export function playCase(cases: FaultCases, kind: CaseKind, played: FaultCase): [number, number | null][] {
  const detection = createDetection({ ...ids, equipment: [equipmentOfCases(cases)] });
  const seen = new Map<string, Alarm>();
  let before: Sample[] = [];
  for (const second of polls(cases.poll, played.end, kind)) {
    const time = start + second * 1000;
    const now = samplesAt(cases, played.steps, second, time);
    const late = Math.min(30_000, cases.poll * 500);
    const batches = [now];
    if (kind === 'duplicate') batches.push(now);
    // What arrives late was overtaken by what is newer, whatever it says.
    if (kind === 'out-of-order' && now.length > 0)
      batches.push(before.map((old) => ({ ...old, time: time - late, gatewayTime: time })));
    for (const { alarms } of [...batches.map((batch) => detection.ingest(batch)), detection.tick(time)])
      for (const alarm of alarms) if (alarm.fault === cases.fault) seen.set(alarm.id, alarm);
    before = now;
  }
  const seconds = (time: number) => (time - start) / 1000;
  return [...seen.values()].map(({ raisedAt, clearedAt }) => [
    seconds(raisedAt),
    clearedAt === null ? null : seconds(clearedAt),
  ]);
}

function* polls(period: number, end: number, kind: CaseKind): Generator<number> {
  for (let at = 0, poll = 0; at <= end; poll += 1) {
    yield at;
    at += period * (kind === 'irregular' ? (uneven[poll % uneven.length] ?? 1) : 1);
  }
}

function samplesAt(cases: FaultCases, steps: Steps, second: number, time: number): Sample[] {
  const [from, name] = stepAt(steps, second);
  const course = cases.courses[name];
  const state = course ? stepAt(course.steps, (second - from) % course.of)[1] : name;
  if (state === 'gone') return [];
  const figures: Figures | undefined = state === 'gap' ? cases.states.sound : cases.states[state];
  if (!figures) throw new Error(`${cases.fault}: no state or course "${state}"`);
  return Object.entries({ ...cases.states.sound, ...figures }).map(([point, { base, rate }]) =>
    sample('machine', point, time, state === 'gap' ? null : base + rate * second),
  );
}

function stepAt(steps: Steps, second: number): readonly [number, string] {
  return steps.findLast(([from]) => from <= second) ?? [0, 'sound'];
}
