import { qualityOfCode } from '../quality.ts';
import { columnsOfJson } from './columnar-json.ts';
import { encodePacked } from './encode.ts';
import { codecs, FrameError, openEnvelope } from './envelope.ts';
import { unpackJson } from './json-body.ts';
import { packSamples } from './packed-samples.ts';
import { unpackColumns } from './read-columns.ts';
import type { ColumnFrame, IndexedSample, SampleColumns, TelemetryFrame } from './samples.ts';

/** Packs samples, ordered by point and time; those of the same point and time keep their order. */
export function encodeTelemetry({ header, samples }: TelemetryFrame): Buffer {
  return encodePacked(header, packSamples(samples));
}

/** Unpacks a frame; throws FrameError, which says what does not fit. */
export function decodeColumns(bytes: Uint8Array): ColumnFrame {
  const envelope = openEnvelope(bytes);
  if (envelope.codec === codecs.json) return columnsOfJson(unpackJson(envelope));
  return unpackColumns(envelope.body, envelope.codec === codecs.thinned);
}

/** The same as rows, for what looks at single samples. Throws as `decodeColumns` does, and at thinned ones. */
export function decodeTelemetry(bytes: Uint8Array): TelemetryFrame {
  const { header, samples } = decodeColumns(bytes);
  if (samples.thinned) throw new FrameError('unknown-codec', 'its rows are no samples, they stand for thinned ones');
  return { header, samples: rowsOf(samples) };
}

function rowsOf({ points, counts, times, lags, values, qualities, raws }: SampleColumns): IndexedSample[] {
  const rows: IndexedSample[] = [];
  for (const [run, index] of points.entries())
    for (let left = counts[run] ?? 0; left > 0; left--) {
      const row = rows.length;
      const [time = 0, value = Number.NaN, raw] = [times[row], values[row], raws.get(row)];
      rows.push({
        index,
        time,
        gatewayTime: time + (lags[row] ?? 0),
        value: Number.isNaN(value) ? null : value,
        ...qualityOfCode(qualities[row] ?? 0),
        ...(raw === undefined ? {} : { raw }),
      });
    }
  return rows;
}
