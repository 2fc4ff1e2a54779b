/**
 * SQLite's write-ahead log (sqlite.org/fileformat2.html, section 4). Its frames are chained by a checksum, and SQLite
 * takes the first one that does not fit for the end: one changed bit would silently undo every commit after it, synced
 * as they were. What follows such a frame and still fits into the chain tells a changed bit from a write that was cut off.
 */
const headLength = 32;
const frameHeadLength = 24;
/** Bytes of a frame's head that its checksum covers. */
const coveredHead = 8;
const magics = { little: 0x377f0682, big: 0x377f0683 } as const;

type Sum = readonly [number, number];

/** A change that makes the log whole: these bytes belong at this place. */
export interface WalPatch {
  readonly at: number;
  readonly bytes: Uint8Array;
}

export interface WalFinding {
  /** `bit`: the one bit that had changed is found. `page`: a damaged page is kept, so that what follows it is. */
  readonly damage: 'bit' | 'page';
  readonly patches: readonly WalPatch[];
}

interface Layout {
  readonly bytes: DataView;
  readonly isLittle: boolean;
  readonly frameLength: number;
  readonly count: number;
}

/** What has changed on the disk since it was written; undefined when nothing has, or nothing that could be proved. */
export function examineWal(wal: Uint8Array): WalFinding | undefined {
  const bytes = new DataView(wal.buffer, wal.byteOffset, wal.byteLength);
  if (wal.length < headLength) return undefined;
  const magic = bytes.getUint32(0);
  const pageSize = bytes.getUint32(8);
  const isLittle = magic === magics.little;
  if ((!isLittle && magic !== magics.big) || pageSize < 512 || pageSize > 65_536) return undefined;
  const frameLength = frameHeadLength + pageSize;
  const layout = { bytes, isLittle, frameLength, count: Math.floor((wal.length - headLength) / frameLength) };
  const head = sumOver(layout, [0, 0], 0, headLength - 8);
  if (!same(head, storedSum(layout, headLength - 8))) return undefined;
  return walk(layout, head);
}

function walk(layout: Layout, head: Sum): WalFinding | undefined {
  let sum = head;
  for (let frame = 0; frame < layout.count; frame++) {
    const stored = storedSum(layout, placeOf(layout, frame) + 16);
    const computed = sumOfFrame(layout, frame, sum);
    if (hasOwnSalts(layout, frame) && same(computed, stored)) {
      sum = stored;
      continue;
    }
    // The next frame continues either from the checksum that stands here, or from the one that should.
    const seed = [stored, computed].find((s) => fits(layout, frame + 1, s));
    if (!seed) return undefined;
    const bit = seed === stored ? changedBit(layout, frame, difference(stored, computed)) : undefined;
    return bit ? { damage: 'bit', patches: [bit] } : reseal(layout, frame, sum);
  }
  return undefined;
}

const placeOf = ({ frameLength }: Layout, frame: number) => headLength + frame * frameLength;

function storedSum({ bytes }: Layout, at: number): Sum {
  return [bytes.getUint32(at), bytes.getUint32(at + 4)];
}

const same = (a: Sum, b: Sum) => a[0] === b[0] && a[1] === b[1];
const difference = (a: Sum, b: Sum): Sum => [(a[0] - b[0]) >>> 0, (a[1] - b[1]) >>> 0];

/** Frames of an earlier use of the file lie behind those of this one, under other salts. */
function hasOwnSalts({ bytes, ...layout }: Layout, frame: number): boolean {
  const at = placeOf({ bytes, ...layout }, frame) + 8;
  return bytes.getUint32(at) === bytes.getUint32(16) && bytes.getUint32(at + 4) === bytes.getUint32(20);
}

function fits(layout: Layout, frame: number, seed: Sum): boolean {
  if (frame >= layout.count || !hasOwnSalts(layout, frame)) return false;
  return same(sumOfFrame(layout, frame, seed), storedSum(layout, placeOf(layout, frame) + 16));
}

function sumOfFrame(layout: Layout, frame: number, seed: Sum): Sum {
  const at = placeOf(layout, frame);
  const head = sumOver(layout, seed, at, coveredHead);
  return sumOver(layout, head, at + frameHeadLength, layout.frameLength - frameHeadLength);
}

function sumOver({ bytes, isLittle }: Layout, [a, b]: Sum, at: number, length: number): Sum {
  let [s0, s1] = [a, b];
  for (let i = at; i < at + length; i += 8) {
    s0 = (s0 + bytes.getUint32(i, isLittle) + s1) >>> 0;
    s1 = (s1 + bytes.getUint32(i + 4, isLittle) + s0) >>> 0;
  }
  return [s0, s1];
}

/**
 * Finds the one bit whose change explains the difference of the checksums. They are sums modulo 2^32, so a change of a word
 * moves them by itself times a factor that depends on its place alone: what a 1 there would add. High bits of different
 * words may move them alike; then nobody knows which it was.
 */
function changedBit(layout: Layout, frame: number, [d0, d1]: Sum): WalPatch | undefined {
  const { bytes, isLittle, frameLength } = layout;
  const at = placeOf(layout, frame);
  const found: WalPatch[] = [];
  // Backwards: each pair of words further from the end moves the sums once more through the pair that follows.
  let [even, odd]: [Sum, Sum] = [
    [1, 1],
    [0, 1],
  ];
  const words = (coveredHead + frameLength - frameHeadLength) / 4;
  for (let word = words - 2; word >= 0; word -= 2) {
    for (const [offset, [f0, f1]] of [
      [0, even],
      [1, odd],
    ] as const) {
      const place = wordPlace(at, word + offset);
      for (let bit = 0; bit < 32; bit++) {
        const value = bytes.getUint32(place, isLittle);
        const change = (value & (1 << bit)) === 0 ? 1 << bit : -(1 << bit);
        if (Math.imul(f0, change) >>> 0 !== d0 || Math.imul(f1, change) >>> 0 !== d1) continue;
        found.push({ at: place, bytes: wordBytes((value ^ (1 << bit)) >>> 0, isLittle) });
      }
    }
    [even, odd] = [onward(even), onward(odd)];
  }
  return found.length === 1 ? found[0] : undefined;
}

/** The covered words of a frame: two of its head, then the page. */
function wordPlace(at: number, word: number): number {
  const inHead = coveredHead / 4;
  return word < inHead ? at + word * 4 : at + frameHeadLength + (word - inHead) * 4;
}

/** What one more pair of zero words makes of a difference of the sums. */
function onward([a, b]: Sum): Sum {
  const s0 = (a + b) >>> 0;
  return [s0, (b + s0) >>> 0];
}

function wordBytes(value: number, isLittle: boolean): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value, isLittle);
  return bytes;
}

/** Chains every frame anew from the damaged one on, as it is: what it spoils is found by the checks of the entries. */
function reseal(layout: Layout, from: number, before: Sum): WalFinding {
  const patches: WalPatch[] = [];
  const salts = new Uint8Array(layout.bytes.buffer, layout.bytes.byteOffset + 16, 8).slice();
  let sum = before;
  for (let frame = from; frame < layout.count; frame++) {
    if (frame > from && !hasOwnSalts(layout, frame)) break;
    sum = sumOfFrame(layout, frame, sum);
    const seal = new Uint8Array(16);
    seal.set(salts);
    new DataView(seal.buffer).setUint32(8, sum[0]);
    new DataView(seal.buffer).setUint32(12, sum[1]);
    patches.push({ at: placeOf(layout, frame) + 8, bytes: seal });
  }
  return { damage: 'page', patches };
}
