import { BinaryReader, WireType } from '@bufbuild/protobuf/wire';
import type { Raw } from '../../judge.ts';

/** A metric as it stands in a payload. */
export interface Metric {
  /** Only in births where aliases are used. */
  readonly name: string | undefined;
  readonly alias: bigint | undefined;
  /** ms since 1970 UTC. */
  readonly time: number | undefined;
  readonly datatype: number | undefined;
  readonly historical: boolean;
  readonly isNull: boolean;
  /** The property Quality: 0 bad, 192 good, 500 stale. */
  readonly quality: number | undefined;
  readonly value: WireValue | undefined;
}

/** The field of the value's oneof and what is in it; its meaning needs the datatype. */
export interface WireValue {
  readonly field: 'int' | 'long' | 'float' | 'double' | 'boolean' | 'string' | 'other';
  readonly content: number | bigint | boolean | string;
}

export interface Payload {
  /** ms since 1970 UTC. */
  readonly time: number | undefined;
  readonly seq: number | undefined;
  readonly metrics: readonly Metric[];
}

/** Bytes and metrics of a payload at most; the largest births have some thousands. */
const largest = 4 * 1024 * 1024;
const mostMetrics = 20_000;
const mostProperties = 100;

/**
 * Reads a Sparkplug B payload (specification 3.0, chapter 6.4: field numbers of Payload, Metric and PropertySet). What is
 * not needed here (data sets, templates, metadata) is passed over. Undefined when the bytes are none.
 */
export function decodePayload(bytes: Uint8Array): Payload | undefined {
  if (bytes.length > largest) return undefined;
  try {
    return readPayload(new BinaryReader(bytes));
  } catch {
    // The library throws what it likes at bytes that are no message.
    return undefined;
  }
}

function readPayload(reader: BinaryReader): Payload {
  let time: number | undefined;
  let seq: number | undefined;
  const metrics: Metric[] = [];
  while (reader.pos < reader.len) {
    const [field, type] = reader.tag();
    if (field === 1) time = timeOf(expect(reader, type, WireType.Varint).uint64());
    else if (field === 2) {
      if (metrics.length === mostMetrics) throw new RangeError(`a payload of more than ${mostMetrics} metrics`);
      metrics.push(readMetric(inner(reader, type)));
    } else if (field === 3) seq = Number(expect(reader, type, WireType.Varint).uint64());
    else reader.skip(type, field);
  }
  return { time, seq, metrics };
}

function readMetric(reader: BinaryReader): Metric {
  const metric: { -readonly [K in keyof Metric]: Metric[K] } = {
    name: undefined,
    alias: undefined,
    time: undefined,
    datatype: undefined,
    historical: false,
    isNull: false,
    quality: undefined,
    value: undefined,
  };
  const varint = (type: WireType) => expect(reader, type, WireType.Varint);
  while (reader.pos < reader.len) {
    const [field, type] = reader.tag();
    switch (field) {
      case 1:
        metric.name = expect(reader, type, WireType.LengthDelimited).string();
        break;
      case 2:
        metric.alias = BigInt(varint(type).uint64());
        break;
      case 3:
        metric.time = timeOf(varint(type).uint64());
        break;
      case 4:
        metric.datatype = varint(type).uint32();
        break;
      case 5:
        metric.historical = varint(type).bool();
        break;
      case 7:
        metric.isNull = varint(type).bool();
        break;
      case 9:
        metric.quality = readQuality(inner(reader, type));
        break;
      default:
        if (field >= 10 && field <= 19) metric.value = readValue(reader, field - 10, type);
        else reader.skip(type, field);
    }
  }
  return metric;
}

/** Fields of the value's oneof from 0: int, long, float, double, boolean, string, bytes, data set, template, extension. */
function readValue(reader: BinaryReader, at: number, type: WireType): WireValue {
  switch (at) {
    case 0:
      return { field: 'int', content: expect(reader, type, WireType.Varint).uint32() };
    case 1:
      return { field: 'long', content: BigInt(expect(reader, type, WireType.Varint).uint64()) };
    case 2:
      return { field: 'float', content: expect(reader, type, WireType.Bit32).float() };
    case 3:
      return { field: 'double', content: expect(reader, type, WireType.Bit64).double() };
    case 4:
      return { field: 'boolean', content: expect(reader, type, WireType.Varint).bool() };
    case 5:
      return { field: 'string', content: expect(reader, type, WireType.LengthDelimited).string() };
    default:
      reader.skip(type, at + 10);
      return { field: 'other', content: '' };
  }
}

/** A property set is a list of keys and, apart from it, one of values. */
function readQuality(reader: BinaryReader): number | undefined {
  const keys: string[] = [];
  const values: (number | undefined)[] = [];
  while (reader.pos < reader.len) {
    const [field, type] = reader.tag();
    if (keys.length > mostProperties || values.length > mostProperties)
      throw new RangeError(`a metric of more than ${mostProperties} properties`);
    if (field === 1) keys.push(expect(reader, type, WireType.LengthDelimited).string());
    else if (field === 2) values.push(readPropertyNumber(inner(reader, type)));
    else reader.skip(type, field);
  }
  return values[keys.indexOf('Quality')];
}

function readPropertyNumber(reader: BinaryReader): number | undefined {
  let value: number | undefined;
  while (reader.pos < reader.len) {
    const [field, type] = reader.tag();
    if (field === 3) value = expect(reader, type, WireType.Varint).uint32();
    else if (field === 4) value = Number(expect(reader, type, WireType.Varint).uint64());
    else reader.skip(type, field);
  }
  return value;
}

/** A field of another wire type than the specification's would be read as nonsense. */
function expect(reader: BinaryReader, given: WireType, wanted: WireType): BinaryReader {
  if (given !== wanted) throw new RangeError(`a field of wire type ${given} instead of ${wanted}`);
  return reader;
}

function inner(reader: BinaryReader, type: WireType): BinaryReader {
  return new BinaryReader(expect(reader, type, WireType.LengthDelimited).bytes());
}

function timeOf(time: bigint | string): number | undefined {
  const number = Number(time);
  return number > 0 && number <= maximumTime ? number : undefined;
}

/** The last moment that a JavaScript date can name. */
const maximumTime = 8_640_000_000_000_000;

/** Widths and signs of the integer types (specification 3.0, 6.4.16): Int8 to Int64 are 1 to 4, UInt8 to UInt64 5 to 8. */
const integerBits: Readonly<Record<number, number>> = { 1: 8, 2: 16, 3: 32, 4: 64, 5: 8, 6: 16, 7: 32, 8: 64, 13: 64 };
const lastSigned = 4;

/**
 * The value by its datatype; undefined when it has none that is a number, a boolean or a text, or when type and field
 * contradict each other. Signed integers travel as the bits of unsigned ones.
 */
export function rawOf({ value, datatype }: Pick<Metric, 'value' | 'datatype'>): Raw {
  if (!value) return undefined;
  const { field, content } = value;
  if (field === 'other') return undefined;
  if (field !== 'int' && field !== 'long') return content;
  const bits = integerBits[datatype ?? 0];
  // Without a type nobody knows whether 0xffffffff is a great number or minus one.
  if (bits === undefined || datatype === undefined) return undefined;
  const word = BigInt(content as number | bigint);
  const integer = datatype <= lastSigned ? BigInt.asIntN(bits, word) : BigInt.asUintN(bits, word);
  return bits === 64 ? integer : Number(integer);
}
