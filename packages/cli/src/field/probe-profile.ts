import { type Clock, silentLogger, systemClock } from '@plantroom/base';
import { type Profile, prepareConnection } from '@plantroom/drivers';
import { type PointDetail, readDetailed } from '@plantroom/drivers/modbus';
import { columns } from './columns.ts';
import type { ModbusEndpoint } from './endpoint.ts';
import { withFolder } from './open-site.ts';
import { type Check, checkPlausibility, doubtOf, type Snapshot } from './plausibility.ts';
import { type Variant, variantsOf } from './variants.ts';
import { qualityText, valueText, wordsText } from './watch-table.ts';

export interface ProfileQuery {
  readonly endpoint: ModbusEndpoint;
  readonly profile: Profile;
  /** The protocol keys of an equipment's entry: `unit`, `addressOffset`, `ctRatio`, ... */
  readonly options: Readonly<Record<string, unknown>>;
  readonly clock?: Clock;
  /** Milliseconds between the two reads. */
  readonly pause?: number;
}

export interface ProfileProbe {
  readonly details: readonly PointDetail[];
  readonly checks: readonly Check[];
  /** The way to read the device that fits, where the profile as it is does not. */
  readonly better: Variant | undefined;
}

interface DetailedSnapshot extends Snapshot {
  readonly details: readonly PointDetail[];
}

/**
 * Reads all points twice and judges whether they can be true; if not, tries the ways in which devices are misread most.
 * Throws DriverFailure when the device does not answer.
 */
export async function probeProfile(query: ProfileQuery): Promise<ProfileProbe> {
  const { profile, options, clock = systemClock, pause = 2000 } = query;
  const parameters = parametersFor(profile, options);
  const first = await read(query, query, clock);
  await clock.sleep(pause);
  const second = await read(query, query, clock);
  const checks = checkPlausibility(profile.kind, first, second, parameters);
  const failed = failures(checks);
  let best: { variant: Variant; failed: number; doubt: number } | undefined;
  for (const variant of failed > 0 ? variantsOf(profile, options) : []) {
    const snapshot = await read(query, variant, clock).catch(() => undefined);
    if (!snapshot) continue;
    const left = failures(checkPlausibility(profile.kind, snapshot, snapshot, parameters));
    const doubt = doubtOf(snapshot);
    const isBetter = !best || left < best.failed || (left === best.failed && doubt < best.doubt);
    if (left * 2 < failed && isBetter) best = { variant, failed: left, doubt };
  }
  return { details: second.details, checks, better: best?.variant };
}

/** What a figure itself explains (a scale, a ratio) is no reason to doubt the addresses. */
function failures(checks: readonly Check[]): number {
  return checks.filter((check) => !check.ok && check.likely === undefined).length;
}

function parametersFor(profile: Profile, options: Readonly<Record<string, unknown>>): Record<string, number> {
  return Object.fromEntries(
    Object.entries(profile.parameters).map(([name, parameter]) => {
      const own = options[name];
      return [name, typeof own === 'number' ? own : parameter.default];
    }),
  );
}

function read(
  { endpoint }: ProfileQuery,
  { profile, options }: Pick<ProfileQuery, 'profile' | 'options'>,
  clock: Clock,
): Promise<DetailedSnapshot> {
  const binding = { id: 'device', kind: profile.kind, profile, options, ratings: {} };
  return withFolder(async (directory) => {
    const context = { clock, logger: silentLogger, directory, dataDirectory: directory, secret: () => undefined };
    const connection = await prepareConnection(endpoint.type, 'probe', endpoint.settings, [binding], context);
    try {
      await connection.open();
      const details = await readDetailed(connection, binding.id);
      return { at: clock.monotonic(), details, readings: details.map((d) => d.reading) };
    } finally {
      await connection.close();
    }
  });
}

/** The table of points, the checks, and what to do about those that fail. */
export function profileText({ endpoint, profile, options }: ProfileQuery, probe: ProfileProbe): string[] {
  const { details, checks, better } = probe;
  const good = details.filter((d) => d.reading.quality === 'good').length;
  const likely = better
    ? [`Likely ${better.mistake}. With that, the values fit: ${better.instead}.`]
    : checks.flatMap((check) => (check.likely ? [`Likely ${check.likely}.`] : []));
  const fits = checks.every((check) => check.ok);
  return [
    `${profile.name} at ${endpoint.name}, unit ${options.unit ?? 1}: ${good} of ${details.length} points are good`,
    '',
    ...columns({
      head: ['point', 'value', 'unit', 'address', 'raw', 'quality'],
      rows: details.map((detail) => row(profile, detail)),
      right: [1, 3],
      indent: 2,
    }),
    '',
    ...columns({ rows: checks.map((c) => [c.ok ? '✓' : '✗', c.name, c.detail]), indent: 2 }),
    '',
    ...(fits ? ['All of it can be true.'] : likely.length > 0 ? likely : [unknown]),
  ];
}

const unknown =
  'None of the usual mistakes explains this: compare a value with the display of the device, and its registers with ' +
  'probe --address.';

function row(profile: Profile, { reading, source }: PointDetail): string[] {
  const { value, unit } = valueText(profile.kind, reading);
  const address = source ? String(source.address) : '';
  return [reading.point, value, unit, address, source ? wordsText(source.words) : '', qualityText(reading)];
}
