import { type KindName, kinds, type PointOf } from '@plantroom/model';

interface KindFacts {
  /** What a list shows of a machine: the first of these that it has. */
  readonly keyPoints: readonly string[];
  /** What a trend shows before anybody chooses: up to three of these that it has. */
  readonly trendPoints: readonly string[];
}

/** Points are checked against their kind by the compiler. */
function facts<K extends KindName>(
  _kind: K,
  keyPoints: readonly PointOf<K>[],
  trendPoints: readonly PointOf<K>[],
): KindFacts {
  return { keyPoints, trendPoints };
}

export const kindFacts: Readonly<Record<KindName, KindFacts>> = {
  elevator: facts('elevator', ['floor', 'mode'], ['floor', 'load', 'driveTemperature']),
  pump: facts(
    'pump',
    ['flow', 'dischargePressure', 'power', 'running'],
    ['flow', 'head', 'dischargePressure', 'power'],
  ),
  'fire-panel': facts('fire-panel', ['fireCount', 'fire'], ['batteryVoltage', 'faultCount', 'disabledCount']),
  'energy-meter': facts('energy-meter', ['power', 'energyImport'], ['power', 'reactivePower', 'powerFactor']),
  'environment-sensor': facts('environment-sensor', ['temperature', 'humidity'], ['temperature', 'humidity', 'co2']),
  'water-tank': facts('water-tank', ['level', 'depth'], ['level', 'temperature']),
};

/** Points in the order of their kind's vocabulary, which goes from what matters most; indexed ones by their address. */
export function inKindOrder(kind: KindName, points: readonly string[]): string[] {
  const order = Object.keys(kinds[kind].points);
  const rank = (point: string) => order.indexOf(point.replace(/\[\d+\]/g, '[]'));
  return [...points].sort((a, b) => rank(a) - rank(b) || a.localeCompare(b, 'en', { numeric: true }));
}

export function keyPointOf(kind: KindName, points: readonly string[]): string | undefined {
  return kindFacts[kind].keyPoints.find((point) => points.includes(point)) ?? points[0];
}

export function trendPointsOf(kind: KindName, points: readonly string[]): string[] {
  const chosen = kindFacts[kind].trendPoints.filter((point) => points.includes(point)).slice(0, 3);
  return chosen.length > 0 ? chosen : points.slice(0, 1);
}
