import { type Clock, type Logger, retrySchedule } from '@plantroom/base';
import { DriverFailure } from '../failure.ts';
import type { Bus } from './bus.ts';
import { ClientFailures } from './client-failures.ts';
import { isAddressException } from './exceptions.ts';
import type { Frame } from './framing.ts';
import { enterLine, type LineMemory, lineMemoryOf } from './line-memory.ts';
import { byteCountOf, type ReadRequest } from './pdu.ts';
import { Quiet } from './quiet.ts';
import { type Outcome, Session } from './session.ts';
import { gapAfterAnswer, wireTime } from './timing.ts';
import { UnitHistories } from './unit-history.ts';
import { describeFrame, describeRequest, type WireListener } from './wire.ts';

/** What one device needs besides what its bus has. */
export interface ReadCare {
  /** Milliseconds to wait for the answer to begin. */
  readonly timeout?: number | undefined;
  /** Milliseconds between its answer and the next question on the bus. */
  readonly pause?: number | undefined;
}

/** So many questions without any answer, and the link itself is doubted: a cut cable resets no connection. */
const doubtAfter = 3;

/** How long a device is not asked again for more than it is read for, ms: it refused that, or said nothing to it. */
const narrowFor = { refused: 60_000, silent: 10_000 };

/**
 * One bus, one question in flight, waiting questions in the order in which they came. After a missing or wrong answer a
 * numbered link (TCP) is thrown away. RTU answers have no number: the line is drained, and a unit that still owes an
 * answer must first answer a question that can be told from all before it. So no late answer finds a taker.
 */
export class ModbusClient {
  readonly histories = new UnitHistories();
  readonly #bus: Bus;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #say: ClientFailures;
  readonly #line: LineMemory;
  readonly #quiet: Quiet;
  readonly #taps = new Set<WireListener>();
  #session: Session | undefined;
  #queue: Promise<unknown> = Promise.resolve();
  #stop = new AbortController();
  #opened = false;
  #delays = connectDelays();
  #notBefore = 0;
  #preferred = 0;
  #unanswered = 0;
  #longestTimeout: number;
  /** Units whose frames came while something else was asked. */
  readonly #strange = new Set<number>();

  constructor(bus: Bus, clock: Clock, logger: Logger, longestTimeout = 0) {
    this.#bus = bus;
    this.#clock = clock;
    this.#logger = logger;
    this.#line = lineMemoryOf(clock, bus.name);
    this.#quiet = new Quiet(clock, this.#line);
    this.#say = new ClientFailures(bus.name);
    this.#longestTimeout = Math.max(bus.settings.timeout, longestTimeout);
  }

  get name(): string {
    return this.#bus.name;
  }

  get bus(): Bus {
    return this.#bus;
  }

  /** Milliseconds after a question in which its answer, or a copy of it, may come. */
  get #lateness(): number {
    return this.#longestTimeout + this.#bus.settings.drain;
  }

  /** Calls `listener` for every frame until the returned function is called. */
  tap(listener: WireListener): () => void {
    this.#taps.add(listener);
    return () => void this.#taps.delete(listener);
  }

  /**
   * Connects now, whatever the retry schedule says. Throws DriverFailure `no-answer`, and `garbage` when a line on which
   * somebody sent without end has not fallen quiet.
   */
  async open(): Promise<void> {
    if (!this.#opened) {
      this.#stop = new AbortController();
      enterLine(this.#clock, this.#line);
    }
    this.#opened = true;
    await this.#exclusive(async () => {
      this.#notBefore = 0;
      await this.#linked();
      if (!this.#line.isNoisy) return;
      this.#quiet.keep(this.#bus.settings.timeout);
      await this.#untilFree();
    });
  }

  /** The bytes of an answer: registers big-endian, coils eight to a byte. Throws DriverFailure. */
  read(request: ReadRequest, care: ReadCare = {}): Promise<Buffer> {
    return this.#exclusive(async () => {
      const session = await this.#linked();
      await this.#untilFree();
      if (!this.#bus.isNumbered) return this.#readTold(session, request, care);
      const outcome = await this.#ask(session, request, care);
      if (outcome.is === 'data') return outcome.bytes;
      throw await this.#failed(session, request, outcome, care);
    });
  }

  /** Closes the link in turn; the next read opens another. For servers that count on it. */
  release(): Promise<void> {
    return this.#exclusive(async () => {
      if (this.#session) await this.#drop(this.#session);
    });
  }

  async close(): Promise<void> {
    if (this.#opened) this.#line.users--;
    this.#opened = false;
    this.#stop.abort();
    this.#quiet.wake();
    const session = this.#session;
    if (session) await this.#drop(session);
    await this.#queue;
  }

  #exclusive<T>(task: () => Promise<T>): Promise<T> {
    const turn = this.#queue.then(task);
    this.#queue = turn.catch(() => undefined);
    return turn;
  }

  async #ask(session: Session, request: ReadRequest, care: ReadCare): Promise<Outcome> {
    const { settings, line } = this.#bus;
    const travel = wireTime(line, request);
    this.#strange.clear();
    const begin = this.#clock.monotonic();
    const outcome = await session.ask(request, travel + (care.timeout ?? settings.timeout));
    const end = this.#clock.monotonic();
    const detail = outcome.is === 'data' ? '' : `${describeRequest(request)}: ${outcomeText(outcome)}`;
    this.histories.add(
      request.unit,
      { time: this.#clock.now(), duration: end - begin, outcome: outcome.is, detail },
      travel,
    );
    if (outcome.is === 'data' || outcome.is === 'exception') {
      this.#unanswered = 0;
      for (const unit of this.#strange) this.#line.recent.noteSurplus(unit, end);
    }
    const listen = outcome.is === 'data' && !this.#bus.isNumbered ? this.#listenTo(request.unit) : 0;
    this.#quiet.keep(Math.max(gapAfterAnswer(line), settings.pauseBetweenRequests, care.pause ?? 0, listen));
    return outcome;
  }

  /**
   * How long the line is left quiet after a unit's first answer, ms. A bridge that asks twice gets two answers, which may
   * differ, so that nobody can tell the second from the next one; here it shows.
   */
  #listenTo(unit: number): number {
    const { drain, timeout } = this.#bus.settings;
    return this.#line.recent.isUntried(unit, this.#clock.monotonic()) ? Math.min(drain, timeout / 4) : 0;
  }

  /** An answer that can be no other question's; on a line that shows by its shape, its bytes, or silence before it. */
  async #readTold(session: Session, request: ReadRequest, care: ReadCare): Promise<Buffer> {
    const { owed, recent } = this.#line;
    const { unit } = request;
    this.#longestTimeout = Math.max(this.#longestTimeout, care.timeout ?? 0);
    this.#forget(unit);
    if (!owed.inStep(unit)) await this.#bringInStep(session, request, care);
    if (recent.repeats(unit, this.#clock.monotonic())) {
      const told = await this.#readCovered(session, request, care);
      if (told) return told;
      if (this.#isUnsettled(unit)) throw this.#say.untold(request);
    }
    const bytes = await this.#dataOf(session, request, care);
    if (this.#believe(request, bytes)) return bytes;
    await this.#untilFree();
    let told: Buffer | undefined;
    try {
      told = await this.#readCovered(session, request, care);
    } finally {
      if (told?.equals(bytes)) recent.believe(request, bytes, this.#clock.monotonic());
      else recent.miss(request, this.#clock.monotonic());
    }
    if (told) return told;
    this.#quiet.keep(this.#lateness);
    await this.#untilFree();
    this.#forget(unit);
    const again = await this.#dataOf(session, request, care);
    if (this.#believe(request, again)) return again;
    recent.miss(request, this.#clock.monotonic());
    throw this.#say.untold(request);
  }

  /** In a shape that no other question to the unit has had lately; undefined when there is none that the device gives. */
  async #readCovered(session: Session, request: ReadRequest, care: ReadCare): Promise<Buffer | undefined> {
    const { recent } = this.#line;
    const cover = recent.cover(request, this.#bus.settings.maximumRegisters, this.#clock.monotonic());
    if (!cover) return undefined;
    const isLonger = cover.request.count > request.count;
    try {
      const bytes = await this.#dataOf(session, cover.request, care);
      recent.believe(cover.request, bytes, this.#clock.monotonic());
      return bytes.subarray(cover.from, cover.from + byteCountOf(request));
    } catch (thrown) {
      const code = thrown instanceof DriverFailure ? thrown.context.exception : undefined;
      const isRefused = isAddressException(code);
      const isSilent = code === undefined;
      if (!isLonger) throw thrown;
      if (isRefused || isSilent) {
        recent.keepNarrow(request, this.#clock.monotonic() + (isRefused ? narrowFor.refused : narrowFor.silent));
      }
      if (!isRefused) throw thrown;
      await this.#untilFree();
      return this.#readCovered(session, request, care);
    }
  }

  async #dataOf(session: Session, request: ReadRequest, care: ReadCare): Promise<Buffer> {
    const outcome = await this.#ask(session, request, care);
    if (outcome.is === 'data') return outcome.bytes;
    if (outcome.is === 'exception') this.#line.recent.refuse(request, outcome.code, this.#clock.monotonic());
    throw await this.#failed(session, request, outcome, care);
  }

  #believe(request: ReadRequest, bytes: Buffer): boolean {
    const { recent } = this.#line;
    const isDoubtful = recent.isDoubtful(request, bytes, this.#isUnsettled(request.unit));
    if (isDoubtful) recent.see(request, bytes, this.#clock.monotonic());
    else recent.believe(request, bytes, this.#clock.monotonic());
    return !isDoubtful;
  }

  /** Copies of what the unit sent may still be on their way. */
  #isUnsettled(unit: number): boolean {
    return this.#line.recent.hasSurplus(unit, this.#clock.monotonic() - this.#lateness);
  }

  /** Throws what keeps the unit out of step; the line is then drained as after any missing answer. */
  async #bringInStep(session: Session, request: ReadRequest, care: ReadCare): Promise<void> {
    const { owed, recent } = this.#line;
    const question = owed.tellingQuestion(request, (shape) => recent.isUsed(request.unit, shape));
    let outcome = await this.#ask(session, question, care);
    const now = this.#clock.monotonic();
    if (outcome.is === 'data') recent.believe(question, outcome.bytes, now);
    else if (outcome.is === 'exception' && !recent.refuse(question, outcome.code, now)) {
      outcome = { is: 'damaged', what: 'it equals an earlier refusal' };
    }
    if (outcome.is !== 'data' && outcome.is !== 'exception') throw await this.#failed(session, question, outcome, care);
    owed.settle(request.unit);
    await this.#untilFree();
  }

  /** Does what the outcome asks for and gives the failure to throw. An exception is a proper answer: the link is sound. */
  async #failed(session: Session, request: ReadRequest, outcome: Outcome, care: ReadCare): Promise<DriverFailure> {
    if (outcome.is === 'exception') return this.#say.exception(request, outcome.code);
    const timeout = care.timeout ?? this.#bus.settings.timeout;
    if (!this.#bus.isNumbered) this.#drain(request, outcome, timeout);
    const isDoubted = this.#bus.isNumbered || !session.isOpen || this.#unanswered >= doubtAfter;
    if (isDoubted) await this.#drop(session);
    if (outcome.is === 'closed') return this.#say.closed(request, outcome.what);
    if (outcome.is === 'silent') return this.#say.silent(request, timeout);
    const what = outcome.is === 'damaged' ? outcome.what : '';
    return this.#bus.isNumbered ? this.#say.garbage(request, what) : this.#say.damaged(request, what);
  }

  /** A damaged answer was most likely the answer, so the line is given a shorter silence than after none. */
  #drain(request: ReadRequest, outcome: Outcome, timeout: number): void {
    this.#line.owed.add(request);
    this.#line.recent.miss(request, this.#clock.monotonic());
    this.#unanswered++;
    const { drain } = this.#bus.settings;
    this.#quiet.keep(outcome.is === 'damaged' ? Math.min(drain, timeout) : drain);
  }

  /** Throws DriverFailure `garbage` when the line does not fall quiet in the time in which answers may come. */
  async #untilFree(): Promise<void> {
    const end = await this.#quiet.wait(this.#lateness, this.#stop.signal);
    if (end === 'noise') throw this.#say.noise(this.#lateness);
    if (end === 'stopped') throw this.#say.unopened();
  }

  /** Between questions: on a line, the late answer that is being waited out ends the waiting. On TCP it ends the link. */
  #stray(session: Session, frame: Frame | undefined): void {
    if (this.#bus.isNumbered) {
      if (session === this.#session) this.#session = undefined;
      void session.close();
      return;
    }
    const gap = gapAfterAnswer(this.#bus.line);
    const isLate = frame !== undefined && this.#receiveLate(frame);
    if (frame && !isLate) {
      const now = this.#clock.monotonic();
      this.#receiveStrange(frame);
      if (now > (this.#line.unknownUntil ?? 0)) this.#line.recent.noteSurplus(frame.unit, now);
    }
    if (isLate && this.#line.owed.inStep(frame.unit)) {
      this.#quiet.shorten(gap);
    } else this.#quiet.keep(gap);
  }

  /** A copy of what came before is no late answer: the one that is owed may still come. */
  #receiveLate(frame: Frame): boolean {
    const { owed, recent } = this.#line;
    this.#forget(frame.unit);
    if (recent.isCopy(frame) || !owed.receive(frame)) return false;
    recent.receiveLate(frame, this.#clock.monotonic());
    return true;
  }

  /** What came besides an answer is too much; where none comes, it may be a wrong answer. */
  #receiveStrange(frame: Frame): void {
    const now = this.#clock.monotonic();
    if (this.#line.recent.receiveStrange(frame, now)) this.#line.recent.noteSurplus(frame.unit, now);
    else this.#strange.add(frame.unit);
  }

  #forget(unit: number): void {
    this.#line.recent.forget(unit, this.#clock.monotonic() - this.#lateness);
  }

  async #linked(): Promise<Session> {
    if (!this.#opened) throw this.#say.unopened();
    if (this.#session?.isOpen) return this.#session;
    this.#session = undefined;
    const wait = this.#notBefore - this.#clock.monotonic();
    if (wait > 0) throw this.#say.unreachable(wait);
    try {
      this.#session = await this.#connect();
      this.#delays = connectDelays();
    } catch (failure) {
      this.#notBefore = this.#clock.monotonic() + this.#delays.next().value;
      throw failure;
    }
    this.#unanswered = 0;
    this.#quiet.keep(this.#bus.settings.pauseAfterConnect);
    if (!this.#bus.isNumbered) this.#quiet.begin(this.#lateness);
    return this.#session;
  }

  /** By the way that worked last, else by the other. Throws the last failure. */
  async #connect(): Promise<Session> {
    const { connectors, settings } = this.#bus;
    let last: unknown;
    for (let i = 0; i < connectors.length; i++) {
      const index = (this.#preferred + i) % connectors.length;
      const connector = connectors[index];
      const session: Session = new Session(this.#bus, this.#clock, {
        wire: (direction, bytes) => this.#tell(direction, bytes),
        stray: (frame) => this.#stray(session, frame),
        late: (frame) => this.#receiveLate(frame),
        strange: (frame) => this.#receiveStrange(frame),
      });
      try {
        const { timeout } = settings;
        const link = await connector?.connect(session, { clock: this.#clock, timeout, signal: this.#stop.signal });
        if (link) session.attach(link);
        if (i > 0) this.#logger.warn({ server: connector?.name }, 'the first address does not answer; using the other');
        this.#preferred = index;
        return session;
      } catch (failure) {
        last = failure;
        if (this.#stop.signal.aborted) break;
      }
    }
    throw last;
  }

  async #drop(session: Session): Promise<void> {
    if (this.#session === session) this.#session = undefined;
    // A server that accepts and never answers is no better than one that cannot be reached: the other is next.
    if (session.answers === 0) this.#preferred = (this.#preferred + 1) % this.#bus.connectors.length;
    await session.close();
  }

  #tell(direction: 'sent' | 'received', bytes: Buffer): void {
    if (this.#taps.size === 0) return;
    const text = describeFrame(direction, bytes, this.#bus.isNumbered);
    const event = { time: this.#clock.now(), direction, bytes, text };
    for (const listener of this.#taps) listener(event);
  }
}

function outcomeText(outcome: Outcome): string {
  if (outcome.is === 'exception') return `exception ${outcome.code}`;
  return outcome.is === 'damaged' || outcome.is === 'closed' ? outcome.what : 'no answer';
}

function connectDelays(): Generator<number, never, void> {
  return retrySchedule({ initial: 250, maximum: 5000 });
}
