import type { Frame } from './framing.ts';
import { exceptionFlag, isBitArea, isLike, type ReadRequest, type Shape, shapeOf } from './pdu.ts';

/** A frame that came, or one that may still come. */
interface Past {
  at: number;
  /** What it answered; undefined when nobody knows. */
  readonly question: string | undefined;
  shape: Shape;
  /** Empty for a refusal; undefined when the answer was never seen, or what was taken for it may be another's. */
  data: string | undefined;
}

interface UnitMemory {
  past: Past[];
  /** The answer to each question that was last believed. */
  readonly believed: Map<string, string>;
  /** When it last sent more than it was asked for, monotonic ms. */
  surplusAt: number;
  /** Questions that the device refuses when they are wider, and when that may be tried again. */
  readonly narrow: Map<string, number>;
}

/** A question that covers another one, in another shape. */
export interface Cover {
  readonly request: ReadRequest;
  /** The bytes of the answer that are the other's. */
  readonly from: number;
}

/** A bridge that brought a frame more than once is believed to be mended after an hour without another. */
const repeatsFor = 3_600_000;
/** So many registers, or bytes of coils, a question is made longer at most. */
const mostExtra = 12;
const mostBelieved = 1000;

/**
 * What units of a line without transaction numbers have sent lately. A bridge or a radio may bring a frame again, and the
 * copy has the form of the answer to the next question of the same shape; whoever takes it is one answer behind for ever.
 * So a frame is not believed when it equals the answer to another question, or another question of its shape may still be
 * answered. Once a unit has sent more frames than it was asked for, its questions are given shapes that no other has.
 */
export class RecentAnswers {
  readonly #units = new Map<number, UnitMemory>();

  /** Forgets what is so old that it comes no more. */
  forget(unit: number, before: number): void {
    const known = this.#units.get(unit);
    if (known?.past.some((p) => p.at <= before)) known.past = known.past.filter((p) => p.at > before);
  }

  /** The data were taken for the answer. */
  believe(request: ReadRequest, data: Buffer, now: number): void {
    this.see(request, data, now);
    this.#note(request, data.toString('latin1'));
  }

  /** The data came when this was asked, whatever they are. */
  see(request: ReadRequest, data: Buffer, now: number): void {
    const text = data.toString('latin1');
    this.#add(request.unit, { at: now, question: keyOf(request), shape: shapeOf(request), data: text });
  }

  /** The question was refused. False when that may be another's refusal or a copy of it: the answer may still come. */
  refuse(request: ReadRequest, code: number, now: number): boolean {
    const question = keyOf(request);
    const { past, believed } = this.#of(request.unit);
    const asked = shapeOf(request);
    const shape = { code: asked.code | exceptionFlag, bytes: 1 };
    const text = String.fromCharCode(code);
    const refusal = `refused ${code}`;
    const others = past.filter((p) => p.question !== question);
    const isOpen = others.some((p) => p.data === undefined && p.shape.code === asked.code);
    const isCopy = others.some((p) => p.data === text && isLike(p.shape, shape));
    const isTold = (!isCopy && !isOpen) || (believed.get(question) === refusal && !this.repeats(request.unit, now));
    this.#add(request.unit, { at: now, question, shape, data: text });
    this.#add(request.unit, { at: now, question, shape: asked, data: isTold ? '' : undefined });
    this.#note(request, refusal);
    return isTold;
  }

  /** The answer to the question may still come. */
  miss(request: ReadRequest, now: number): void {
    this.#add(request.unit, { at: now, question: keyOf(request), shape: shapeOf(request), data: undefined });
  }

  /** Whether the same frame came before. */
  isCopy(frame: Frame): boolean {
    const { shape, data } = read(frame);
    return this.#units.get(frame.unit)?.past.some((p) => p.data === data && isLike(p.shape, shape)) ?? false;
  }

  /** An answer that was owed has come. */
  receiveLate(frame: Frame, now: number): void {
    const { shape, data } = read(frame);
    const code = shape.code & ~exceptionFlag;
    const missed = this.#of(frame.unit).past.find(
      (p) => p.data === undefined && p.shape.code === code && (shape.code !== code || p.shape.bytes === shape.bytes),
    );
    if (missed) Object.assign(missed, { at: now, shape, data });
    else this.#add(frame.unit, { at: now, question: undefined, shape, data });
  }

  /** A frame came that answers nothing. True when it came before, and so more frames came than questions went out. */
  receiveStrange(frame: Frame, now: number): boolean {
    const { shape, data } = read(frame);
    const known = this.#of(frame.unit);
    const same = known.past.filter((p) => p.data === data && isLike(p.shape, shape));
    for (const past of same) past.at = now;
    if (same.length === 0) known.past.push({ at: now, question: undefined, shape, data });
    return same.length > 0;
  }

  /** The unit has sent more frames than it was asked for. */
  noteSurplus(unit: number, now: number): void {
    this.#of(unit).surplusAt = now;
  }

  /** Whether the unit has sent too much since then. */
  hasSurplus(unit: number, since: number): boolean {
    return (this.#units.get(unit)?.surplusAt ?? Number.NEGATIVE_INFINITY) > since;
  }

  /** Whether its questions have to be told apart by their shapes. */
  repeats(unit: number, now: number): boolean {
    return this.hasSurplus(unit, now - repeatsFor);
  }

  /** Whether it is to be heard if more than an answer comes: of a line's first unit, and of each new one if one repeats. */
  isUntried(unit: number, now: number): boolean {
    if (this.#of(unit).believed.size > 0) return false;
    const known = [...this.#units].filter(([, { believed }]) => believed.size > 0);
    return known.length === 0 || known.some(([other]) => this.repeats(other, now));
  }

  isUsed(unit: number, shape: Shape): boolean {
    return this.#units.get(unit)?.past.some((p) => isLike(p.shape, shape)) ?? false;
  }

  /** Whether what came in the right shape may belong to another question of the unit, one that just sent too much or not. */
  isDoubtful(request: ReadRequest, data: Buffer, isUnsettled: boolean): boolean {
    const { past, believed } = this.#of(request.unit);
    const question = keyOf(request);
    const shape = shapeOf(request);
    const others = past.filter((p) => isLike(p.shape, shape) && p.question !== question);
    if (others.length === 0 || isUnsettled) return isUnsettled && others.length > 0;
    const text = data.toString('latin1');
    // Registers that hold the same, such as the zeros of a machine at rest, are told apart once and then known to do so.
    const isKnown = believed.get(question) === text;
    return others.some((p) => p.data === undefined || (p.data === text && !isKnown));
  }

  /** The question itself or a longer one around it, in a shape that no other question of the unit has; undefined without. */
  cover(request: ReadRequest, mostRegisters: number, now: number): Cover | undefined {
    const { past, narrow } = this.#of(request.unit);
    const isNarrow = (narrow.get(keyOf(request)) ?? 0) > now;
    return coversOf(request, isNarrow ? 0 : mostExtra, mostRegisters).find(({ request: cover }) => {
      const question = keyOf(cover);
      return !past.some((p) => p.question !== question && isLike(p.shape, shapeOf(cover)));
    });
  }

  /** The device does not give what goes beyond this question. */
  keepNarrow(request: ReadRequest, until: number): void {
    this.#of(request.unit).narrow.set(keyOf(request), until);
  }

  #note({ unit, ...request }: ReadRequest, text: string): void {
    const { believed } = this.#of(unit);
    if (believed.size >= mostBelieved) believed.clear();
    believed.set(keyOf(request), text);
  }

  #add(unit: number, past: Past): void {
    this.#of(unit).past.push(past);
  }

  #of(unit: number): UnitMemory {
    const known = this.#units.get(unit);
    if (known) return known;
    const fresh = { past: [], believed: new Map(), surplusAt: Number.NEGATIVE_INFINITY, narrow: new Map() };
    this.#units.set(unit, fresh);
    return fresh;
  }
}

function keyOf({ area, address, count }: Omit<ReadRequest, 'unit'>): string {
  return `${area} ${address} ${count}`;
}

function read({ pdu }: Frame): { shape: Shape; data: string } {
  const [code = 0] = pdu;
  const data = pdu.subarray(code > exceptionFlag ? 1 : 2);
  return { shape: { code, bytes: data.length }, data: data.toString('latin1') };
}

/** The question, then longer ones: upwards, and for registers downwards. */
function coversOf(request: ReadRequest, most: number, mostRegisters: number): Cover[] {
  const { area, address, count } = request;
  const bits = isBitArea(area);
  const step = bits ? 8 : 1;
  const longest = bits ? mostRegisters * 16 : mostRegisters;
  const covers: Cover[] = [{ request, from: 0 }];
  for (let extra = 1; extra <= most && count + extra * step <= longest; extra++) {
    const longer = { ...request, count: count + extra * step };
    if (address + longer.count <= 65_536) covers.push({ request: longer, from: 0 });
    else if (!bits && address >= extra)
      covers.push({ request: { ...longer, address: address - extra }, from: extra * 2 });
  }
  return covers;
}
