import type { Clock, Timer } from '@plantroom/base';
import type { Bus } from './bus.ts';
import type { Frame, FrameReader } from './framing.ts';
import type { Link, LinkEvents } from './link.ts';
import { byteCountOf, encodeRead, functionOf, type ReadRequest, readAnswer } from './pdu.ts';

/** How a question ended. */
export type Outcome =
  | { readonly is: 'data'; readonly bytes: Buffer }
  | { readonly is: 'exception'; readonly code: number }
  | { readonly is: 'silent' }
  | { readonly is: 'damaged'; readonly what: string }
  | { readonly is: 'closed'; readonly what: string };

export interface SessionHooks {
  /** A frame went out or came in. */
  wire(direction: 'sent' | 'received', bytes: Buffer): void;
  /** Bytes came that nobody asked for; the frame if they make one. */
  stray(frame: Frame | undefined): void;
  /** Books a frame of a line as the late answer that it may be; false when none like it is owed. */
  late(frame: Frame): boolean;
  /** A line brought a frame that is no answer to what is asked. */
  strange(frame: Frame): void;
}

interface Question {
  readonly request: ReadRequest;
  readonly transaction: number;
  /** The question as it went over the wire. */
  readonly sent: Buffer;
  readonly timer: Timer;
  readonly resolve: (outcome: Outcome) => void;
  /** What came so far and was not the answer. */
  strange: string | undefined;
}

/** One open link and the one question that is under way on it. */
export class Session implements LinkEvents {
  /** Answers got over this link. */
  answers = 0;
  readonly #bus: Bus;
  readonly #clock: Clock;
  readonly #hooks: SessionHooks;
  readonly #reader: FrameReader;
  #link: Link | undefined;
  #question: Question | undefined;
  #transaction = 0;

  constructor(bus: Bus, clock: Clock, hooks: SessionHooks) {
    this.#bus = bus;
    this.#clock = clock;
    this.#hooks = hooks;
    this.#reader = bus.framing.createReader();
  }

  get isOpen(): boolean {
    return this.#link?.isOpen ?? false;
  }

  attach(link: Link): void {
    this.#link = link;
  }

  async close(): Promise<void> {
    await this.#link?.close();
  }

  /** Asks and waits `timeout` ms for the answer; never rejects. There must be no other question under way. */
  ask(request: ReadRequest, timeout: number): Promise<Outcome> {
    const link = this.#link;
    if (!link?.isOpen) return Promise.resolve({ is: 'closed', what: 'the connection is gone' });
    this.#transaction = (this.#transaction + 1) & 0xffff;
    const transaction = this.#transaction;
    const { unit, area } = request;
    this.#reader.reset({ unit, code: functionOf[area], byteCount: byteCountOf(request) });
    const bytes = this.#bus.framing.encode(unit, transaction, encodeRead(request));
    return new Promise((resolve) => {
      const timer = this.#clock.after(timeout, () => this.#timeOut());
      this.#question = { request, transaction, sent: bytes, timer, resolve, strange: undefined };
      this.#hooks.wire('sent', bytes);
      link.write(bytes);
    });
  }

  data(bytes: Buffer): void {
    const frames = this.#reader.push(bytes);
    if (frames.length === 0 && !this.#question) this.#hooks.stray(undefined);
    for (const frame of frames) {
      this.#hooks.wire('received', frame.bytes);
      const question = this.#question;
      if (!question) this.#hooks.stray(frame);
      else if (this.#bus.isNumbered) this.#takeNumbered(frame, question);
      else this.#takeUnnumbered(frame, question);
    }
    const { broken } = this.#reader;
    if (broken !== undefined) this.#settle({ is: 'damaged', what: broken });
  }

  closed(why: string): void {
    this.#settle({ is: 'closed', what: why });
  }

  /** A frame with a wrong number, unit or shape is no late answer, as a link with an unanswered question is not used again. */
  #takeNumbered(frame: Frame, { request, transaction }: Question): void {
    if (frame.transaction !== transaction) {
      this.#settle({ is: 'damaged', what: `it bears number ${frame.transaction} where ${transaction} was asked` });
    } else if (frame.unit !== request.unit) {
      this.#settle({ is: 'damaged', what: `unit ${frame.unit} answered` });
    } else {
      const answer = readAnswer(frame.pdu, request);
      this.#settle(answer.is === 'wrong' ? { is: 'damaged', what: answer.what } : answer);
    }
  }

  /** What is not the answer may be a late one; the right one can still come. */
  #takeUnnumbered(frame: Frame, question: Question): void {
    const { request } = question;
    // A line that gives back what is written to it: a question for 17 coils at 0x0300 has the form of their answer.
    if (frame.bytes.equals(question.sent)) return;
    const answer = frame.unit === request.unit ? readAnswer(frame.pdu, request) : undefined;
    if (answer?.is === 'data') this.#settle(answer);
    else if (this.#hooks.late(frame)) return;
    else if (answer?.is === 'exception') this.#settle(answer);
    else {
      question.strange = answer ? answer.what : `unit ${frame.unit} answered`;
      this.#hooks.strange(frame);
    }
  }

  #timeOut(): void {
    const { rest } = this.#reader;
    if (rest.length > 0) this.#hooks.wire('received', rest);
    const what =
      this.#question?.strange ?? (rest.length > 0 ? `${rest.length} bytes came that are no answer` : undefined);
    this.#settle(what === undefined ? { is: 'silent' } : { is: 'damaged', what });
  }

  #settle(outcome: Outcome): void {
    const question = this.#question;
    if (!question) return;
    this.#question = undefined;
    question.timer.cancel();
    if (outcome.is === 'data' || outcome.is === 'exception') this.answers++;
    question.resolve(outcome);
  }
}
