import { identifierPattern, pointNamePattern } from '@plantroom/model';
import type { SeriesName, StoredFrame } from './contract.ts';

/** Rows of a frame, `from` inclusive, `to` exclusive. */
export interface Slice {
  readonly stored: StoredFrame;
  readonly from: number;
  readonly to: number;
}

/**
 * What may become a tag or stand in a query: none of these patterns lets through a quote, a backslash, a control
 * character, a comma, an equals sign or a space, so nothing ever has to be escaped.
 */
export function isFit({ site, equipment, point }: Omit<SeriesName, 'kind'>): boolean {
  return identifierPattern.test(site) && identifierPattern.test(equipment) && pointNamePattern.test(point);
}

interface Head {
  /** `kind,site=...,equipment=...,point=... value=` as bytes. */
  readonly bytes: Uint8Array;
  /** Without `value=`. */
  readonly bare: number;
}

const valueKey = 'value=';
const goodQuality = Buffer.from(',quality=0i ');
/** The longest end of a line after its head: value, quality, lag and time with their keys. */
const longestTail = 128;
/** The measurement of what stands for thinned samples. */
export const thinnedMeasurement = 'thinned';
/** Larger whole numbers do not fit the integer arithmetic below. */
const smallEnough = 1e9;
const million = 1e6;
const [zero, minus, dot, newline] = [0x30, 0x2d, 0x2e, 0x0a];

/**
 * InfluxDB holds one row for each series and time. Two samples of one ms, such as a reading and its repetition by a device
 * or after a restart, differ in when the gateway had them: their lag, modulo this many ms, counts the nanoseconds.
 */
const nanoseconds = 1e6;

/**
 * Writes samples as line protocol with times in ns, of which all below the ms are told by the lag: measurement is the kind, tags are site, equipment and point, fields
 * `value` (float, left out where there is none), `quality` (integer code, always there) and `lag` (ms between the
 * sample's time and the gateway's, where they differ). What stands for thinned samples has a measurement of its own, `thinned`. The same rows always give the same bytes. It writes bytes and not
 * strings: that costs a third, and line encoding is the largest part of what ingest does.
 */
export class LineEncoder {
  readonly #heads = new WeakMap<SeriesName, Head>();
  #bytes = Buffer.allocUnsafe(1 << 20);
  #at = 0;

  /** The series of a frame that may not become a tag; undefined when all may. */
  unfit({ samples }: StoredFrame): SeriesName | undefined {
    return samples.series.find((name) => !this.#head(name));
  }

  /** The lines of the slices, whose series must be fit. */
  encode(slices: readonly Slice[]): string {
    this.#at = 0;
    for (const slice of slices) this.#slice(slice);
    return this.#bytes.toString('latin1', 0, this.#at);
  }

  #slice({ stored: { samples }, from, to }: Slice): void {
    const { series, counts } = samples;
    let first = 0;
    for (let run = 0; run < series.length && first < to; run++) {
      const next = first + (counts[run] ?? 0);
      const name = series[run];
      const head = name && next > from ? this.#head(name) : undefined;
      if (head && samples.thinned) this.#thinnedRows(samples, name, Math.max(first, from), Math.min(next, to));
      else if (head) this.#rows(samples, head, Math.max(first, from), Math.min(next, to));
      first = next;
    }
  }

  #rows({ times, lags, values, qualities }: StoredFrame['samples'], head: Head, from: number, to: number): void {
    this.#reserve((to - from) * (head.bytes.length + longestTail));
    for (let row = from; row < to; row++) {
      const value = values[row] ?? Number.NaN;
      const quality = qualities[row] ?? 0;
      const lag = lags[row] ?? 0;
      this.#bytes.set(head.bytes, this.#at);
      if (Number.isFinite(value)) {
        this.#at += head.bytes.length;
        this.#float(value);
        if (quality === 0 && lag === 0) {
          this.#bytes.set(goodQuality, this.#at);
          this.#at += goodQuality.length;
        } else this.#text(`,quality=${quality}i${lag === 0 ? '' : `,lag=${lag}i`} `);
      } else {
        this.#at += head.bare;
        this.#text(`quality=${quality}i${lag === 0 ? '' : `,lag=${lag}i`} `);
      }
      this.#time(times[row] ?? 0, lag);
      this.#bytes[this.#at++] = newline;
    }
  }

  /** Rows that stand for samples: rare, and of a measurement of their own, so that no query takes them for samples. */
  #thinnedRows(samples: StoredFrame['samples'], name: SeriesName | undefined, from: number, to: number): void {
    const { times, lags, values, qualities, thinned } = samples;
    const tags = `site=${name?.site},equipment=${name?.equipment},point=${name?.point}`;
    for (let row = from; row < to; row++) {
      const of = (column: Float64Array | undefined) => column?.[row] ?? 0;
      const [mean, size] = [of(values), of(thinned?.sizes)];
      const figures = `value=${mean},sum=${mean * size},minimum=${of(thinned?.minima)},maximum=${of(thinned?.maxima)},`;
      const fields = `size=${size}i,quality=${qualities[row] ?? 0}i,lag=${of(lags)}i,span=${of(thinned?.spans)}i`;
      const line = `${thinnedMeasurement},${tags} ${size > 0 ? figures : ''}${fields} `;
      this.#reserve(line.length + longestTail);
      this.#text(line);
      this.#time(times[row] ?? 0, of(lags));
      this.#bytes[this.#at++] = newline;
    }
  }

  /** Up to two decimals by whole numbers; `n / 100` is the double nearest to its decimal text, so nothing is rounded. */
  #float(value: number): void {
    const hundredths = Math.round(value * 100);
    if (hundredths / 100 !== value || Math.abs(hundredths) >= smallEnough) {
      this.#text(String(value));
      return;
    }
    let rest = hundredths;
    if (rest < 0) {
      this.#bytes[this.#at++] = minus;
      rest = -rest;
    }
    const whole = (rest / 100) | 0;
    const cents = rest - whole * 100;
    this.#whole(whole);
    if (cents === 0) return;
    this.#bytes[this.#at++] = dot;
    this.#bytes[this.#at++] = zero + ((cents / 10) | 0);
    this.#bytes[this.#at++] = zero + (cents % 10);
  }

  #time(time: number, lag: number): void {
    const below = ((lag % nanoseconds) + nanoseconds) % nanoseconds;
    const millions = Math.floor(time / million);
    if (millions <= 0 || millions >= smallEnough) {
      this.#text(String(BigInt(time) * BigInt(nanoseconds) + BigInt(below)));
      return;
    }
    this.#whole(millions);
    this.#sixDigits(time - millions * million);
    this.#sixDigits(below);
  }

  #sixDigits(number: number): void {
    let rest = number;
    for (let at = this.#at + 5; at >= this.#at; at--) {
      const tenth = (rest / 10) | 0;
      this.#bytes[at] = zero + rest - tenth * 10;
      rest = tenth;
    }
    this.#at += 6;
  }

  /** A whole number from 0 to `smallEnough`. */
  #whole(number: number): void {
    let digits = 1;
    for (let limit = 10; number >= limit; limit *= 10) digits++;
    let rest = number;
    for (let at = this.#at + digits - 1; at >= this.#at; at--) {
      const tenth = (rest / 10) | 0;
      this.#bytes[at] = zero + rest - tenth * 10;
      rest = tenth;
    }
    this.#at += digits;
  }

  #text(text: string): void {
    this.#at += this.#bytes.write(text, this.#at, 'latin1');
  }

  #reserve(length: number): void {
    if (this.#at + length <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.max(this.#bytes.length * 2, this.#at + length));
    larger.set(this.#bytes.subarray(0, this.#at));
    this.#bytes = larger;
  }

  /** Undefined for a series that is not fit. */
  #head(name: SeriesName): Head | undefined {
    const known = this.#heads.get(name);
    if (known) return known;
    if (!isFit(name) || !identifierPattern.test(name.kind)) return undefined;
    const { kind, site, equipment, point } = name;
    const text = `${kind},site=${site},equipment=${equipment},point=${point} ${valueKey}`;
    const head = { bytes: Buffer.from(text, 'latin1'), bare: text.length - valueKey.length };
    this.#heads.set(name, head);
    return head;
  }
}
