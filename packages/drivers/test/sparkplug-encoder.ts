import sparkplug from 'sparkplug-payload';

const encoder = sparkplug.get('spBv1.0');

export interface GivenMetric {
  readonly name?: string;
  readonly alias?: number;
  readonly type: string;
  readonly value: unknown;
  readonly timestamp?: number;
  readonly isHistorical?: boolean;
  readonly quality?: number;
}

/** A payload by an encoder that is not ours. */
export function sparkplugPayload(seq: number, metrics: readonly GivenMetric[], timestamp = Date.now()): Buffer {
  if (!encoder) throw new Error('there is no encoder for spBv1.0');
  const payload = {
    timestamp,
    seq,
    metrics: metrics.map(({ quality, ...metric }) => ({
      timestamp,
      ...metric,
      ...(quality === undefined ? {} : { properties: { Quality: { type: 'Int32', value: quality } } }),
    })),
  };
  // The library's types know fewer combinations than its encoder.
  return Buffer.from(encoder.encodePayload(payload as unknown as Parameters<typeof encoder.encodePayload>[0]));
}

export const bdSeq = (value: number): GivenMetric => ({ name: 'bdSeq', type: 'UInt64', value });
