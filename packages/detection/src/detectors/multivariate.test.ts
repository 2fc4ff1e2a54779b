import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MultivariateDetector, type MultivariateState } from './multivariate.ts';

/** Nearly normal noise, the same in every run. */
function noise(seed: number): () => number {
  let state = seed;
  const uniform = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  return () => Array.from({ length: 12 }, uniform).reduce((sum, value) => sum + value, -6);
}

const [flow, head, current, vibration, temperature] = [0, 1, 2, 3, 4];
const training = 400;

/** A pump whose demand wanders: flow, head and current move together, and its casing warms over the hours. */
function pump(rows: number, change: (row: number, values: number[]) => void = () => {}): number[][] {
  const random = noise(11);
  let demand = 0;
  return Array.from({ length: rows }, (_, row) => {
    demand = 0.97 * demand + 0.25 * random();
    const values = [
      30 + 3 * demand + 0.3 * random(),
      20 - 1.5 * demand + 0.2 * random(),
      12 + demand + 0.1 * random(),
      2 + 0.1 * random(),
      45 + row / 500 + 0.05 * random(),
    ];
    change(row, values);
    return values;
  });
}

const judge = (rows: readonly number[][], detector = new MultivariateDetector(5, training)) =>
  rows.map((row) => detector.observe(row));

/** Adds to one sensor from row 700 to 900. */
const moved = (sensor: number, by: number) =>
  pump(1400, (row, values) => {
    if (row >= 700 && row < 900) values[sensor] = (values[sensor] ?? 0) + by;
  });

describe('the detector that learns one machine', () => {
  test('is silent while it learns, and on a healthy machine', () => {
    const judged = judge(pump(6000));
    expect(judged.slice(0, training).every(({ score }) => score === 0)).toBe(true);
    expect(judged.filter(({ anomaly }) => anomaly).length).toBeLessThanOrEqual(30);
  });

  // Flow 2 m3/h less is usual alone; it is not at this head and this current.
  test.each([
    ['a flow that does not fit head and current', flow, -2],
    ['a head that does not fit the flow', head, 1.2],
    ['a current that does not fit the flow', current, 0.8],
    ['a vibration', vibration, 0.5],
    ['a casing that is hot', temperature, 2],
  ])('finds %s, names the sensor, and sees it end', (_, sensor, by) => {
    const judged = judge(moved(sensor, by));
    const during = judged.slice(720, 900);
    expect(during.filter(({ anomaly }) => anomaly).length).toBeGreaterThan(150);
    expect(during.filter(({ blame }) => blame[0] === sensor).length).toBeGreaterThan(150);
    expect(judged.slice(400, 700).filter(({ anomaly }) => anomaly)).toHaveLength(0);
    expect(judged.slice(960).filter(({ anomaly }) => anomaly).length).toBeLessThan(10);
  });

  test('takes a change for good as usual in the end', () => {
    const judged = judge(
      pump(4000, (row, values) => row >= 700 && values.splice(vibration, 1, (values[vibration] ?? 0) + 1)),
    );
    expect(judged.slice(700, 1100).filter(({ anomaly }) => anomaly).length).toBeGreaterThan(300);
    expect(judged.slice(3000).filter(({ anomaly }) => anomaly).length).toBeLessThan(30);
  });

  test('names a sensor that never moved in training, once it does', () => {
    const rows = pump(800, (row, values) => values.push(row < 600 ? 0 : 1));
    const judged = judge(rows, new MultivariateDetector(6, training));
    expect(judged.slice(training, 600).filter(({ anomaly }) => anomaly)).toHaveLength(0);
    expect(judged[610]?.blame).toEqual([5]);
  });

  test('goes on without sensors that give nothing, and learns one that comes late', () => {
    const rows = pump(1400, (row, values) => {
      if (row < 300) values[head] = Number.NaN;
      if (row % 3 === 0) values[current] = Number.NaN;
    });
    const judged = judge(rows);
    expect(judged.slice(500).filter(({ anomaly }) => anomaly).length).toBeLessThan(10);
    expect(judge(rows.map(() => [Number.NaN, Number.NaN])).every(({ score }) => score === 0)).toBe(true);
  });

  test('scores the same, wherever a restart falls, for numbers of any kind', () => {
    const cell = fc.oneof(
      { weight: 12, arbitrary: fc.integer({ min: 0, max: 9 }) },
      fc.constantFrom(Number.NaN, 1e300, -1e30, 1e30, 5e-324, Number.NEGATIVE_INFINITY),
    );
    const rows = fc
      .array(fc.tuple(cell, cell, cell), { minLength: 20, maxLength: 100 })
      .map((some) => [...some, ...some, ...some].map((row) => [...row]));
    fc.assert(
      fc.property(rows, fc.nat(300), fc.integer({ min: 0, max: 120 }), (values, where, learned) => {
        const split = where % values.length;
        const before = new MultivariateDetector(3, learned);
        const first = judge(values.slice(0, split), before);
        const saved = JSON.parse(JSON.stringify(before.state())) as MultivariateState;
        const second = judge(values.slice(split), new MultivariateDetector(3, learned, saved));
        const whole = judge(values, new MultivariateDetector(3, learned));
        expect([...first, ...second]).toEqual(whole);
        expect(whole.every(({ score }) => score >= 0 && score <= 1)).toBe(true);
      }),
      { numRuns: 60 },
    );
  });
});
