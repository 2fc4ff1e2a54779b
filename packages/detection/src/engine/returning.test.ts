import { describe, expect, it } from 'vitest';
import type { Detection, DetectionEquipment } from '../index.ts';
import { at, feed, make, points, pump, states } from '../testing/engine-kit.ts';

const cadence = { period: 1000, maximumSilence: 10_000 };
const soon = (equipment: DetectionEquipment): DetectionEquipment => ({
  ...equipment,
  points: equipment.points.map(({ point }) => ({ point, cadence })),
});
const feeder = soon({
  id: 'feeder',
  kind: 'energy-meter',
  ratings: {},
  points: points('voltageL1', 'voltageL2', 'voltageL3'),
});
const pumps = [1, 2].map((n) => ({ ...soon(pump), id: `pump-${n}`, parent: 'feeder' }));
const [one, two] = ['pump-1', 'pump-2'];
const volts = (value: number) => ({ voltageL1: value, voltageL2: value, voltageL3: value });

/** Lets the feeder tell its voltage every five seconds, and those machines that they run. */
function live(detection: Detection, from: number, to: number, voltage: number | undefined, ...alive: string[]) {
  const seen = [];
  for (let second = from; second <= to; second += 5) {
    if (voltage !== undefined) seen.push(feed(detection, 'feeder', second, volts(voltage)));
    for (const id of alive) seen.push(feed(detection, id, second, { running: 0 }));
    seen.push(detection.tick(at(second)));
  }
  const shown = seen.flatMap((result) => result.alarms).filter(({ facts }) => facts.active && !facts.suppressed);
  return {
    shown: shown.map(({ equipment, fault }) => `${equipment} ${fault}`),
    orders: seen.flatMap(({ orders }) => orders),
  };
}

/** A cut from 5 s to 200 s; the loss is over at 260 s, so that what it took has until 620 s to return. */
function cut(equipment: readonly DetectionEquipment[] = [feeder, ...pumps]): Detection {
  const detection = make(equipment);
  live(detection, 0, 0, 230, one, two);
  expect(live(detection, 5, 195, 0).shown).toEqual(['feeder energy-meter.supply-lost']);
  live(detection, 200, 260, 230);
  return detection;
}

describe('after an outage', () => {
  it('lets what went with it come back one by one without a word, and tells what does not', () => {
    const detection = cut();
    const late = live(detection, 265, 615, 230, one);
    expect([late.shown, late.orders]).toEqual([[], []]);
    const after = live(detection, 620, 620, 230, one);
    expect(after.shown).toEqual(['pump-2 pump.silent']);
    expect(after.orders.map(({ equipment }) => equipment)).toEqual([two]);
  });

  it('explains one that falls silent only after it, as its values were long not to change', () => {
    const slow = { period: 1000, maximumSilence: 300_000 };
    const steady = { ...pumps[0], points: pump.points.map(({ point }) => ({ point, cadence: slow })) };
    const detection = cut([feeder, steady as DetectionEquipment]);
    expect(live(detection, 265, 615, 230).shown).toEqual([]);
    const hidden = detection.open().find(({ fault }) => fault === 'pump.silent');
    expect(hidden?.suppression?.reason).toBe('returns-after energy-meter.supply-lost of feeder');
    expect(live(detection, 620, 620, 230).shown).toEqual(['pump-1 pump.silent']);
  });

  it('explains nothing but silence, and no machine that was silent before', () => {
    const detection = make([feeder, ...pumps]);
    live(detection, 0, 0, 230, one, two);
    expect(live(detection, 5, 100, 230, one).shown).toEqual(['pump-2 pump.silent']);
    live(detection, 105, 295, 0);
    live(detection, 300, 355, 230);
    expect(live(detection, 360, 360, 230).shown).toContain('pump-2 pump.silent');
    feed(detection, one, 365, { running: 0, tripped: 1 });
    expect(states(detection.tick(at(371)))).toContainEqual(['pump.tripped', 'unacknowledged']);
  });

  it.each([
    ['while it may return', 400],
    ['after that', 700],
  ])('goes on over a restart %s', (_, second) => {
    const before = cut();
    live(before, 265, 300, 230, one);
    const after = make([feeder, ...pumps], JSON.parse(JSON.stringify(before.state())), at(second));
    const shown = live(after, second, Math.max(second, 615), 230, one).shown;
    expect(shown).toEqual(second > 620 ? ['pump-2 pump.silent'] : []);
    expect(live(after, Math.max(second, 620), Math.max(second, 620), 230, one).shown).toEqual(
      second > 620 ? [] : ['pump-2 pump.silent'],
    );
  });

  it('tells it at its time, also where nothing else is due and the loss ended at a sample', () => {
    const meter = { ...feeder, points: points('voltageL1', 'voltageL2', 'voltageL3') };
    const detection = make([{ ...meter, parameters: { 'energy-meter.supply-lost': { offDelay: 0 } } }, ...pumps]);
    live(detection, 0, 0, 230, one, two);
    live(detection, 5, 195, 0);
    live(detection, 200, 555, 230);
    expect(live(detection, 560, 560, 230).shown).toEqual(['pump-1 pump.silent', 'pump-2 pump.silent']);
  });

  it('lasts as long when the clock is set meanwhile', () => {
    const detection = cut();
    detection.clockStepped(3_600_000);
    expect(live(detection, 3865, 4215, 230, one).shown).toEqual([]);
    expect(live(detection, 4220, 4220, 230, one).shown).toEqual(['pump-2 pump.silent']);
  });

  it('holds for machines below a meter that was silent itself', () => {
    const detection = make([feeder, ...pumps]);
    live(detection, 0, 0, 230, one, two);
    expect(live(detection, 5, 195, undefined).shown).toEqual(['feeder energy-meter.silent']);
    // The feeder's silence is over at 205 s.
    expect(live(detection, 200, 560, 230).shown).toEqual([]);
    expect(live(detection, 565, 565, 230).shown).toEqual(['pump-1 pump.silent', 'pump-2 pump.silent']);
  });

  it('holds for the devices of a connection that was dead', () => {
    const bus = ['a', 'b', 'c'].map((id) => ({ ...soon(pump), id, connection: 'bus' }));
    const detection = make(bus);
    live(detection, 0, 0, undefined, 'a', 'b', 'c');
    const [leader = '', ...more] = live(detection, 5, 195, undefined).shown;
    expect([leader, more]).toEqual(['a pump.silent', []]);
    expect(live(detection, 200, 300, undefined, 'a').shown).toEqual([]);
    expect(live(detection, 305, 560, undefined, 'a', 'b').shown).toEqual([]);
    expect(live(detection, 565, 565, undefined, 'a', 'b').shown).toEqual(['c pump.silent']);
  });
});
