import { DriverFailure } from '../failure.ts';
import { exceptionAdvice, exceptionText } from './exceptions.ts';
import type { ReadRequest } from './pdu.ts';
import { describeRequest } from './wire.ts';

/** What goes wrong on a bus, in words: who, what was asked, and what to try next. */
export class ClientFailures {
  readonly #server: string;

  constructor(server: string) {
    this.#server = server;
  }

  unopened(): DriverFailure {
    return this.#noAnswer('the connection is closed', 'Open it first.');
  }

  unreachable(wait: number): DriverFailure {
    return this.#noAnswer(`it could not be reached; the next try is in ${Math.ceil(wait)} ms`);
  }

  closed(request: ReadRequest, why: string): DriverFailure {
    const hint = 'Some servers allow few connections: look for another master, and for its idle timeout.';
    return this.#noAnswer(`${why} when ${asked(request)} were asked of unit ${request.unit}`, hint, request);
  }

  silent(request: ReadRequest, timeout: number): DriverFailure {
    const what = `unit ${request.unit} did not answer within ${timeout} ms when asked for ${asked(request)}`;
    return this.#noAnswer(
      what,
      'Check the unit id, the wiring and the line settings, or try a longer timeout.',
      request,
    );
  }

  /** Exceptions 0A and 0B come from a gateway whose device behind it is silent. */
  exception(request: ReadRequest, code: number): DriverFailure {
    const kind = code === 0x0a || code === 0x0b ? 'no-answer' : 'device-exception';
    const what = `Unit ${request.unit} at ${this.#server} answers ${exceptionText(code)} to ${asked(request)}.`;
    return new DriverFailure(kind, what, { hint: exceptionAdvice(code), context: { ...request, exception: code } });
  }

  garbage(request: ReadRequest, what: string): DriverFailure {
    return new DriverFailure('garbage', this.#wrong(request, what), {
      hint: 'If it goes on, check that this is a Modbus TCP port and no other master shares the unit id.',
      context: { ...request },
    });
  }

  /** On a line a damaged answer is one device's affair: the line is drained already, the others go on. */
  damaged(request: ReadRequest, what: string): DriverFailure {
    return new DriverFailure('no-answer', this.#wrong(request, what), {
      hint: 'If it goes on, check termination and shield, the line settings, and that each unit id is there once.',
      context: { ...request, damaged: true },
    });
  }

  /** On a line that brings frames twice, a device that gives its registers in one way only. */
  untold(request: ReadRequest): DriverFailure {
    const what = `frames of unit ${request.unit} come more than once, and ${asked(request)} answer like others of it`;
    return this.#noAnswer(what, 'Look for a bridge, radio or second master on the line that repeats frames.', request);
  }

  /** Nobody can be asked while somebody else sends. */
  noise(duration: number): DriverFailure {
    const what = `something sends without end on ${this.#server}: no silence came for ${duration} ms, so nothing can be asked.`;
    return new DriverFailure('garbage', `No device can be heard: ${what}`, {
      hint: 'Unplug the devices one by one until it is quiet, and check the line settings and that no other master polls.',
      context: { server: this.#server },
    });
  }

  #wrong(request: ReadRequest, what: string): string {
    return `Unit ${request.unit} at ${this.#server} gave a wrong answer to ${asked(request)}: ${what}.`;
  }

  #noAnswer(what: string, hint?: string, request?: ReadRequest): DriverFailure {
    const options = { context: { ...request, server: this.#server }, ...(hint ? { hint } : {}) };
    return new DriverFailure('no-answer', `No answer from ${this.#server}: ${what}.`, options);
  }
}

function asked(request: ReadRequest): string {
  return describeRequest(request);
}
