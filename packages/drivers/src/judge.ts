import type { PointDefinition, Quality, QualityReason } from '@plantroom/model';
import type { Conversion } from './profiles/conversion.ts';

/** A value as the protocol's decoder gives it; undefined when the bytes make no value. */
export type Raw = number | bigint | boolean | string | undefined;

/** A reading without its name and time. */
export interface Judged {
  readonly value: number | null;
  readonly quality: Quality;
  readonly reason?: QualityReason;
  readonly raw?: number;
}

export type Judge = (raw: Raw) => Judged;

/**
 * Makes the function that turns a raw value into a value of the point, with its quality. A sentinel is bad/not-available
 * and never zero; an unknown state is bad/decode and keeps its code in `raw`; what is impossible for the kind
 * is bad/out-of-range; an integer beyond 2^53 is uncertain/overflow, as it can no longer be told from its neighbours.
 * `bits` is the width of the raw integer, for marks such as all-ones.
 */
export function createJudge(
  conversion: Conversion,
  definition: PointDefinition,
  parameters: Readonly<Record<string, number>>,
  bits = 0,
): Judge {
  const absent = new Set((conversion.notAvailable ?? []).flatMap((mark) => sentinels(mark, bits)));
  const toValue = createMapping(conversion, parameters);
  return (raw) => {
    if (raw === undefined) return bad('decode');
    const number = typeof raw === 'string' ? raw : Number(raw);
    if (Number.isNaN(number) || (absent.size > 0 && absent.has(typeof raw === 'bigint' ? raw : Number(raw)))) {
      return bad('not-available');
    }
    const value = toValue(number);
    if (value === undefined) return typeof number === 'number' ? { ...bad('decode'), raw: number } : bad('decode');
    if (!Number.isFinite(value)) return bad('overflow');
    const judged = inDomain(value, definition, number);
    const lossy = typeof raw === 'bigint' && (raw > maximumExact || raw < -maximumExact);
    return lossy && judged.quality === 'good' ? { value, quality: 'uncertain', reason: 'overflow' } : judged;
  };
}

const maximumExact = BigInt(Number.MAX_SAFE_INTEGER) + 1n;

export function bad(reason: QualityReason): Judged {
  return { value: null, quality: 'bad', reason };
}

/** A mark as the decoder gives it: 64-bit integers are bigint. */
function sentinels(mark: number | boolean | string, bits: number): (number | bigint)[] {
  if (typeof mark !== 'string') return Number.isInteger(Number(mark)) ? [Number(mark), BigInt(mark)] : [Number(mark)];
  const half = 1n << BigInt(bits - 1);
  const pattern = mark === 'all-ones' ? 2n * half - 1n : mark === 'signed-maximum' ? half - 1n : -half;
  return bits > 32 ? [pattern] : [Number(pattern)];
}

type Mapping = (raw: number | string) => number | undefined;

function createMapping(conversion: Conversion, parameters: Readonly<Record<string, number>>): Mapping {
  const { states, flags, threshold } = conversion;
  if (states) {
    const codes = new Map(Object.entries(states));
    return (raw) => codes.get(String(raw));
  }
  if (flags) {
    return (raw) => {
      const word = Number(raw);
      const first = flags.find(({ bit, is }) => Math.trunc(word / 2 ** bit) % 2 === is);
      return first ? first.value : conversion.otherwise;
    };
  }
  if (threshold !== undefined) return (raw) => (Number(raw) >= threshold ? 1 : 0);
  const scale = createScale(conversion, parameters);
  const { clamp } = conversion;
  return (raw) => {
    if (typeof raw !== 'number') return undefined;
    const value = scale(raw);
    // An infinity is no swing of a sensor: it stays what it is, and bad.
    return clamp && Number.isFinite(value) ? Math.min(clamp[1], Math.max(clamp[0], value)) : value;
  };
}

/** A factor such as 0.1 is applied as a division by 10: 2301 x 0.1 is 230.10000000000002, 2301 / 10 is 230.1. */
function createScale(conversion: Conversion, parameters: Readonly<Record<string, number>>): (raw: number) => number {
  const { factor = 1, offset = 0 } = conversion;
  const product = (names: readonly string[] = []) => names.reduce((p, name) => p * (parameters[name] ?? Number.NaN), 1);
  const inverse = Math.round(1 / factor);
  const isInverse = Math.abs(factor) < 1 && Math.abs(inverse * factor - 1) < 1e-12;
  const times = product(conversion.multiply) * (isInverse ? 1 : factor);
  const by = product(conversion.divide) * (isInverse ? inverse : 1);
  if (times === 1 && by === 1 && offset === 0) return (raw) => raw;
  return (raw) => withoutNoise((raw * times) / by + offset);
}

/** Binary arithmetic leaves digits behind the ninth decimal that no device gave. */
function withoutNoise(value: number): number {
  return Math.abs(value) < 9e6 ? Math.round(value * 1e9) / 1e9 : value;
}

function inDomain(value: number, definition: PointDefinition, raw: number | string): Judged {
  if (definition.type === 'state') {
    if (value in definition.states) return { value, quality: 'good' };
    return typeof raw === 'number' ? { ...bad('decode'), raw } : bad('decode');
  }
  const [low, high] = definition.type === 'analog' ? definition.range : [0, Number.POSITIVE_INFINITY];
  return value >= low && value <= high ? { value, quality: 'good' } : { value, quality: 'bad', reason: 'out-of-range' };
}
