import { identifierPattern, kindNames } from '@plantroom/model';
import { type SeriesQuery, type SiteRange, unknownKind } from './contract.ts';
import { isFit, thinnedMeasurement } from './influx-lines.ts';

/**
 * Every text that goes to InfluxQL. Names enter it only when they match the patterns of `isFit`, which hold no quote and
 * no backslash; all else is a number. (The escape of the `influx` package can be closed from inside.)
 */

/** An equipment keeps its measurement unless its kind is corrected; then it has points in two. */
const known: readonly string[] = [...kindNames, unknownKind];
const measurements = known.map((name) => `"${name}"`).join(', ');
/** InfluxDB's times end in 2262; ms. */
const furthest = 9_223_372_036_854;

const at = (time: number) => `${Math.max(-furthest, Math.min(furthest, Math.ceil(time)))}ms`;

function seriesIs({ site, equipment, point }: Omit<SeriesQuery, 'from' | 'to'>): string {
  return `site = '${site}' AND equipment = '${equipment}' AND point = '${point}'`;
}

function inRange(query: SeriesQuery): string {
  return `${seriesIs(query)} AND time >= ${at(query.from)} AND time < ${at(query.to)}`;
}

/** Time, value and quality; undefined for a name that no series can have. */
export function rawQuery(query: SeriesQuery, limit: number): string | undefined {
  if (!isFit(query)) return undefined;
  return `SELECT value, quality FROM ${measurements} WHERE ${inRange(query)} ORDER BY time LIMIT ${Math.trunc(limit)}`;
}

/** Time, mean, quality, minimum, maximum, number and span of what stands for thinned samples. */
export function thinnedRawQuery(query: SeriesQuery, limit: number): string | undefined {
  if (!isFit(query)) return undefined;
  const fields = 'value, quality, minimum, maximum, size, span';
  return `SELECT ${fields} FROM ${thinnedMeasurement} WHERE ${inRange(query)} ORDER BY time LIMIT ${Math.trunc(limit)}`;
}

/** The oldest sample of a site, by measurement. */
export function oldestQuery(site: string): string | undefined {
  if (!identifierPattern.test(site)) return undefined;
  return `SELECT first(quality) FROM ${measurements}, ${thinnedMeasurement} WHERE site = '${site}'`;
}

/** The equipment of a site that has samples in the range. */
export function equipmentQuery({ site, from, to }: SiteRange): string | undefined {
  if (!identifierPattern.test(site)) return undefined;
  const where = `site = '${site}' AND time >= ${at(from)} AND time < ${at(to)}`;
  return `SELECT last(quality) FROM ${measurements}, ${thinnedMeasurement} WHERE ${where} GROUP BY equipment`;
}

/** Samples of all points of an equipment, and what stands for thinned ones; the columns of the queries above. */
export function equipmentRowsQuery({ site, from, to }: SiteRange, equipment: string, limit: number): string {
  const where = `site = '${site}' AND equipment = '${equipment}' AND time >= ${at(from)} AND time < ${at(to)}`;
  const rest = `WHERE ${where} GROUP BY point ORDER BY time LIMIT ${limit}`;
  const thinned = 'value, quality, minimum, maximum, size, span';
  return `SELECT value, quality FROM ${measurements} ${rest}; SELECT ${thinned} FROM ${thinnedMeasurement} ${rest}`;
}

export interface StepsQuery extends SeriesQuery {
  readonly interval: number;
  readonly offset: number;
}

/**
 * Mean, minimum, maximum, last, count and worst quality of each step that has samples. Of `all` values; `usable`
 * leaves out those of bad quality (200 is its first code), which takes InfluxDB several times as long.
 */
export function stepsQuery(query: StepsQuery, values: 'all' | 'usable', limit: number): string | undefined {
  if (!isFit(query)) return undefined;
  const step = `time(${Math.trunc(query.interval)}ms, ${Math.trunc(query.offset)}ms)`;
  const figures = 'mean(value), min(value), max(value), last(value), count(value), max(quality)';
  const where = `${inRange(query)}${values === 'usable' ? ' AND quality < 200' : ''}`;
  return `SELECT ${figures} FROM ${measurements} WHERE ${where} GROUP BY ${step} fill(none) LIMIT ${limit}`;
}

/** Sum, minimum, maximum, number and worst quality of what stands for thinned samples, by step. */
export function thinnedStepsQuery(query: StepsQuery, limit: number): string | undefined {
  if (!isFit(query)) return undefined;
  const figures = 'sum(sum), min(minimum), max(maximum), sum(size), max(quality)';
  const step = `time(${Math.trunc(query.interval)}ms, ${Math.trunc(query.offset)}ms)`;
  return `SELECT ${figures} FROM ${thinnedMeasurement} WHERE ${inRange(query)} GROUP BY ${step} fill(none) LIMIT ${limit}`;
}

/** The newest sample of every series; `quality` is there in all, so it leads. */
export function newestQuery(until: number): string {
  const where = `time < ${at(until + 1)}`;
  return `SELECT last(quality), value, lag FROM ${measurements} WHERE ${where} GROUP BY site, equipment, point`;
}

/** The newest sample of a series of one measurement, as InfluxDB names it. */
export interface NewestSample extends Omit<SeriesQuery, 'from' | 'to'> {
  readonly kind: string;
  /** Whole ms; its row may be later by less than one. */
  readonly time: number;
  readonly value: number | null;
}

const measurementOf = ({ kind }: NewestSample) => `"${known.find((name) => name === kind) ?? unknownKind}"`;

/**
 * When a series last had another value than its newest: the last sample with one, and the last bad sample, which may
 * have had none. InfluxQL cannot ask for a field that is not there.
 */
export function otherValueQuery(row: NewestSample, since: number): string {
  const where = `${seriesIs(row)} AND time >= ${at(since)} AND time < ${at(row.time)}`;
  const other = row.value === null ? '' : ` AND value != ${decimal(row.value)}`;
  return [
    `SELECT last(value) FROM ${measurementOf(row)} WHERE ${where}${other}`,
    `SELECT last(quality), value FROM ${measurementOf(row)} WHERE ${where} AND quality >= 200`,
  ].join('; ');
}

/** The first sample after a time. */
export function firstAfterQuery(row: NewestSample, after: number): string {
  const where = `${seriesIs(row)} AND time >= ${at(after + 1)} AND time < ${at(row.time + 1)}`;
  return `SELECT first(quality) FROM ${measurementOf(row)} WHERE ${where}`;
}

/** A number without an exponent, which InfluxQL does not know, and with a point, so that it is no integer to overflow. */
function decimal(value: number): string {
  const [, sign = '', whole = '', fraction = '', exponent = '0'] =
    /^(-?)(\d+)\.?(\d*)(?:e([+-]\d+))?$/.exec(String(value)) ?? [];
  const shift = Number(exponent);
  const digits = shift < 0 ? whole.padStart(1 - shift, '0') + fraction : whole + fraction.padEnd(shift, '0');
  const point = shift < 0 ? digits.length - fraction.length + shift : whole.length + shift;
  return `${sign}${digits.slice(0, point)}.${digits.slice(point) || '0'}`;
}
