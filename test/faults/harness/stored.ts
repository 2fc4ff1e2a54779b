import { coerceError } from '@plantroom/base';
import type { Series } from '@plantroom/model/api';
import type { Span, StoredValue } from './oracle.ts';
import type { Plant } from './plant.ts';
import { meters, points } from './source.ts';

/** Every sample with a value that the cloud shows in these spans of time; they may overlap. */
export async function storedValues(plant: Plant, spans: readonly Span[]): Promise<StoredValue[]> {
  const values: StoredValue[] = [];
  let asked = Number.NEGATIVE_INFINITY;
  for (const [start, to] of spans.toSorted(([a], [b]) => a - b)) {
    const from = Math.max(start, asked);
    asked = Math.max(asked, to);
    if (from >= to) continue;
    for (const meter of meters)
      for (const point of points) values.push(...(await valuesOf(plant, meter, point, [from, to])));
  }
  return values;
}

async function valuesOf(plant: Plant, meter: string, point: string, [from, to]: Span): Promise<StoredValue[]> {
  const query = `site=oracle&equipment=${meter}&point=${point}&from=${from}&to=${to}&aggregate=raw`;
  try {
    const { items } = await plant.api<Series>(`series?${query}`);
    return items.flatMap(({ value, quality, minimum, maximum, ...item }) =>
      value === null || minimum === null || maximum === null
        ? []
        : [{ meter, point, ...item, value, minimum, maximum, quality: quality ?? 0 }],
    );
  } catch (thrown) {
    if (!coerceError(thrown).message.includes('too-many-steps')) throw thrown;
    const middle = Math.floor((from + to) / 2);
    const [early, late] = [[from, middle] as const, [middle, to] as const];
    return [...(await valuesOf(plant, meter, point, early)), ...(await valuesOf(plant, meter, point, late))];
  }
}
