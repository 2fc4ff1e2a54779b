import { ManualClock, silentLogger } from '@plantroom/base';
import { type Alarm, kinds, pointDefinition } from '@plantroom/model';
import { expect, test } from 'vitest';
import { parseSite } from './config/index.ts';
import { SiteDetector } from './detector.ts';

const site = parseSite(
  `
site: { id: harbour-tower, name: Harbour Tower, timezone: Asia/Shanghai }
connections: { meter-bus: { modbus-tcp: 127.0.0.1 } }
equipment: { main-meter: { profile: janitza-umg96rm, on: meter-bus, unit: 1, name: Main meter } }
`,
  'site.yaml',
);
const definition = pointDefinition(kinds['energy-meter'], 'power');

/** A meter that is read once a second, by a gateway whose clock stands at noon. */
function reading(at = Date.UTC(2026, 2, 2, 12), saved?: unknown) {
  if (!definition) throw new Error('an energy meter has no power');
  const clock = new ManualClock(at);
  const cadence = { period: 1000, maximumSilence: 10_000 };
  const power = { equipment: 'main-meter', point: 'power' };
  const points = [
    { ...power, index: 0, kind: 'energy-meter', definition, cadence, deadband: { absolute: 0 } },
  ] as const;
  const detector = new SiteDetector(site, points, saved, { clock, logger: silentLogger });
  const alarms: Alarm[] = [];
  const seconds = async (count: number, answers: boolean) => {
    for (let second = 0; second < count; second++) {
      await clock.advance(1000);
      const now = clock.now();
      if (answers)
        alarms.push(...detector.ingest([{ ...power, time: now, gatewayTime: now, value: 12, quality: 'good' }]).alarms);
      alarms.push(...detector.tick(now).alarms);
    }
  };
  return { clock, detector, seconds, alarms, reload: () => detector.use(site, points, clock.now()) };
}

for (const [step, by] of [
  ['two minutes ahead', 120_000],
  ['an hour back', -3_600_000],
  ['from 1970 to now', 56 * 365 * 86_400_000],
] as const) {
  test(`a clock that is set ${step} silences no meter, and one that falls silent is told as soon as ever`, async () => {
    const { clock, seconds, alarms, reload } = reading();
    await seconds(5, true);
    clock.jump(by);
    // The tick and a reload of the site file come before the next reading.
    await seconds(1, false);
    reload();
    await seconds(5, true);
    expect(alarms).toEqual([]);
    await seconds(30, false);
    clock.jump(by);
    await seconds(29, false);
    expect(alarms).toEqual([]);
    await seconds(2, false);
    expect(alarms.map(({ fault }) => fault)).toEqual(['energy-meter.silent']);
  });
}

test('what was kept by a clock that was ten years ahead goes on at the right time', async () => {
  const future = reading(Date.UTC(2036, 2, 2, 12));
  await future.seconds(5, true);
  await future.seconds(62, false);
  expect(future.alarms.map(({ fault }) => fault)).toEqual(['energy-meter.silent']);
  const { seconds, alarms } = reading(undefined, JSON.parse(JSON.stringify(future.detector.state())));
  await seconds(120, true);
  expect(alarms.map(({ fault, facts }) => [fault, facts.active])).toEqual([['energy-meter.silent', false]]);
  await seconds(62, false);
  expect(alarms.map(({ facts }) => facts.active)).toEqual([false, true]);
});

test('an alarm that was raised by a wrong time is told anew with the right one, and the next is raised at its own', async () => {
  const off = 10 * 365 * 86_400_000;
  const { clock, detector, seconds, alarms } = reading(Date.UTC(2036, 2, 2, 12));
  const from = clock.now();
  await seconds(5, true);
  await seconds(62, false);
  const [raised] = alarms;
  const to = clock.now();
  clock.jump(-off);
  const renamed = detector.rename({ from, to, by: -off });
  expect(renamed.alarms).toEqual([
    {
      ...raised,
      raisedAt: (raised?.raisedAt ?? 0) - off,
      evidence: raised?.evidence.map((e) => ({ ...e, time: e.time - off })),
      version: 2,
    },
  ]);
  expect(detector.rename({ from, to, by: -off }).alarms).toEqual([]);
  await seconds(120, true);
  const id = raised?.id ?? '';
  const acknowledge = {
    id: 'c',
    alarm: id,
    action: 'acknowledge',
    actor: 'me',
    time: clock.now(),
    comment: '',
  } as const;
  expect(detector.command(acknowledge).alarms.at(-1)).toMatchObject({ id, endedAt: clock.now() });
  await seconds(62, false);
  expect(alarms.at(-1)?.version).toBe(1);
  expect(clock.now() - (alarms.at(-1)?.raisedAt ?? 0)).toBeLessThan(3000);
});
