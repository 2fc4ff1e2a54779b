import type { Frame } from './framing.ts';
import { type Area, exceptionFlag, isLike, type ReadRequest, type Shape, shapeOf } from './pdu.ts';

/** So many unanswered questions of a unit are remembered; the oldest are beyond any lateness. */
const mostOwed = 24;
const others: readonly Area[] = ['input', 'holding', 'discrete', 'coil'];

/**
 * The answers that units still owe on a line without transaction numbers. A unit that owes one is out of step: its next
 * answer may be to an older question. It is in step again when it has answered a question whose answer has another shape
 * (function or length) than any that it owes, since a device answers in the order in which it was asked.
 */
export class OwedAnswers {
  readonly #owed = new Map<number, Shape[]>();

  inStep(unit: number): boolean {
    return !this.#owed.has(unit);
  }

  /** A question went unanswered, or its answer could not be read. */
  add(request: ReadRequest): void {
    const owed = this.#owed.get(request.unit) ?? [];
    owed.push(shapeOf(request));
    if (owed.length > mostOwed) owed.shift();
    this.#owed.set(request.unit, owed);
  }

  /** The unit has answered what can be told from all that it owed. */
  settle(unit: number): void {
    this.#owed.delete(unit);
  }

  /** Books a frame as the late answer that it may be; false when its unit owes none like it. */
  receive({ unit, pdu }: Frame): boolean {
    const owed = this.#owed.get(unit);
    if (!owed) return false;
    const [code = 0, bytes] = pdu;
    const index = owed.findIndex((s) =>
      code >= exceptionFlag ? s.code === code - exceptionFlag : s.code === code && s.bytes === bytes,
    );
    if (index < 0) return false;
    if (index + 1 === owed.length) this.#owed.delete(unit);
    else owed.splice(0, index + 1);
    return true;
  }

  /**
   * A question near `request` whose answer cannot be taken for an owed one: fewer registers of the same block first, which
   * the device is known to give, and in turns another function, which even an exception answers. `isUsed` names shapes that
   * a repeated frame could have.
   */
  tellingQuestion(request: ReadRequest, isUsed: (shape: Shape) => boolean): ReadRequest {
    const { unit } = request;
    const owed = this.#owed.get(unit) ?? [];
    const fewer = Array.from({ length: request.count }, (_, i) => ({ ...request, count: request.count - i }));
    const elsewhere = others
      .filter((area) => area !== request.area)
      .flatMap((area) => [1, 2].map((n) => ({ unit, area, address: 0, count: n * (n > 1 ? 16 : 1) })));
    const choice = owed.length % 2 === 1 ? [...fewer, ...elsewhere] : [...elsewhere, ...fewer];
    const told = choice.filter((q) => !owed.some((s) => isLike(s, shapeOf(q))));
    const fresh = told.find((q) => !isUsed(shapeOf(q))) ?? told[0];
    if (fresh) return fresh;
    // Everything is owed, so the unit has been silent through dozens of steps of back-off: reuse the oldest.
    const oldest = owed.shift();
    return choice.find((q) => oldest && isLike(oldest, shapeOf(q))) ?? request;
  }
}
