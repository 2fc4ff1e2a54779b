import { DataType, type DataValue } from 'node-opcua';
import type { Raw } from '../judge.ts';
import type { UaValue } from './value.ts';

export type { UaValue } from './value.ts';

/** A value free of the library's types. */
export function valueFrom(data: DataValue): UaValue {
  const { sourceTimestamp, serverTimestamp } = data;
  return {
    raw: rawOf(data),
    status: data.statusCode.value,
    ...(sourceTimestamp ? { sourceTime: sourceTimestamp.getTime() } : {}),
    ...(serverTimestamp ? { serverTime: serverTimestamp.getTime() } : {}),
  };
}

/** 64-bit integers come from the library as their two halves. */
function rawOf({ value }: DataValue): Raw {
  const content: unknown = value?.value;
  if (value?.dataType === DataType.UInt64 || value?.dataType === DataType.Int64) {
    const [high, low] = Array.isArray(content) ? content : [];
    if (typeof high !== 'number' || typeof low !== 'number') return undefined;
    const bits = (BigInt(high >>> 0) << 32n) | BigInt(low >>> 0);
    return value.dataType === DataType.Int64 ? BigInt.asIntN(64, bits) : bits;
  }
  return typeof content === 'number' || typeof content === 'boolean' || typeof content === 'string'
    ? content
    : undefined;
}
