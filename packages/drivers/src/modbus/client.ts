import { connect, type Socket } from 'node:net';
import { type Clock, errorCode, type Logger, retrySchedule } from '@plantroom/base';
import modbusSerial from 'modbus-serial';
import { DriverFailure } from '../failure.ts';
import type { ModbusConfig } from './config.ts';
import { exceptionText } from './exceptions.ts';
import type { Area } from './plan.ts';

interface Link {
  readonly socket: Socket;
  readonly modbus: InstanceType<typeof modbusSerial.default>;
}

interface Request {
  readonly unit: number;
  readonly area: Area;
  readonly address: number;
  readonly count: number;
}

const functions = { coil: 'writeFC1', discrete: 'writeFC2', holding: 'writeFC3', input: 'writeFC4' } as const;

/**
 * One TCP socket to a Modbus server, one request in flight. modbus-serial frames and checks the answers; the socket, the
 * deadlines and the clean-up are ours, since the library settles nothing when a connection is reset or destroyed. After
 * a missing or wrong answer the socket and the client object are thrown away: what comes late has nobody to be taken for.
 */
export class ModbusClient {
  readonly #config: ModbusConfig;
  readonly #clock: Clock;
  readonly #logger: Logger;
  #link: Link | undefined;
  #queue: Promise<unknown> = Promise.resolve();
  #stop = new AbortController();
  #opened = false;
  #delays = connectDelays();
  #notBefore = 0;

  constructor(config: ModbusConfig, clock: Clock, logger: Logger) {
    this.#config = config;
    this.#clock = clock;
    this.#logger = logger;
  }

  get name(): string {
    return `${this.#config.host}:${this.#config.port}`;
  }

  /** Connects now, whatever the retry schedule says. Throws DriverFailure `no-answer`. */
  async open(): Promise<void> {
    if (!this.#opened) this.#stop = new AbortController();
    this.#opened = true;
    await this.#exclusive(async () => {
      this.#notBefore = 0;
      await this.#linked();
    });
  }

  /** The bytes of an answer: registers big-endian, coils eight to a byte. Throws DriverFailure. */
  read(unit: number, area: Area, address: number, count: number): Promise<Buffer> {
    return this.#exclusive(async () => {
      const link = await this.#linked();
      try {
        const bytes = await this.#ask(link, { unit, area, address, count });
        await this.#pause(this.#config.pauseBetweenRequests);
        return bytes;
      } catch (failure) {
        // An exception is a proper answer: the link is sound. All else leaves it in an unknown state.
        const isAnswer = failure instanceof DriverFailure && failure.context.exception !== undefined;
        if (!isAnswer) await this.#drop(link);
        throw failure;
      }
    });
  }

  async close(): Promise<void> {
    this.#opened = false;
    this.#stop.abort();
    const link = this.#link;
    if (link) await this.#drop(link);
    await this.#queue;
  }

  #exclusive<T>(task: () => Promise<T>): Promise<T> {
    const turn = this.#queue.then(task);
    this.#queue = turn.catch(() => undefined);
    return turn;
  }

  #pause(time: number): Promise<void> {
    return time > 0 ? this.#clock.sleep(time, this.#stop.signal) : Promise.resolve();
  }

  async #linked(): Promise<Link> {
    if (!this.#opened) throw this.#noAnswer('the connection is closed', 'Open it first.');
    if (this.#link && !this.#link.socket.destroyed) return this.#link;
    this.#link = undefined;
    const wait = this.#notBefore - this.#clock.monotonic();
    if (wait > 0) throw this.#noAnswer(`it could not be reached; the next try is in ${Math.ceil(wait)} ms`);
    try {
      this.#link = await this.#connect();
      this.#delays = connectDelays();
    } catch (failure) {
      this.#notBefore = this.#clock.monotonic() + this.#delays.next().value;
      throw failure;
    }
    await this.#pause(this.#config.pauseAfterConnect);
    return this.#link;
  }

  async #connect(): Promise<Link> {
    const { host, port, timeout } = this.#config;
    const socket = connect({ host, port, noDelay: true, keepAlive: true });
    const waiting = new AbortController();
    try {
      await new Promise<void>((resolve, reject) => {
        const fail = (what: string) => reject(this.#noAnswer(what, 'Check the address, the cable and the firewall.'));
        const timer = this.#clock.after(timeout, () => fail(`no connection within ${timeout} ms`));
        waiting.signal.addEventListener('abort', () => timer.cancel());
        this.#stop.signal.addEventListener('abort', () => fail('it was closed'), { signal: waiting.signal });
        socket.once('error', (error) => fail(connectText(errorCode(error) ?? error.message)));
        socket.once('connect', resolve);
      });
    } catch (failure) {
      socket.destroy();
      throw failure;
    } finally {
      waiting.abort();
    }
    // Errors of a socket that is in use end in its `close`, which is what the requests listen to.
    socket.on('error', (error) => this.#logger.debug({ code: errorCode(error) }, 'modbus socket failed'));
    const modbus = new modbusSerial.default();
    modbus.on('error', () => undefined);
    await modbus.linkTCP(socket, { port });
    return { socket, modbus };
  }

  #ask({ socket, modbus }: Link, request: Request): Promise<Buffer> {
    const { timeout } = this.#config;
    const { unit, area, address, count } = request;
    const received = socket.bytesRead;
    return new Promise((resolve, reject) => {
      const settle = (failure: DriverFailure | undefined, bytes?: Buffer) => {
        timer.cancel();
        socket.off('close', onClose);
        if (failure) reject(failure);
        else resolve(bytes ?? Buffer.alloc(0));
      };
      const timer = this.#clock.after(timeout, () =>
        settle(
          socket.bytesRead > received
            ? this.#garbage(request, `${socket.bytesRead - received} bytes came that are no answer`)
            : this.#noAnswer(`unit ${unit} did not answer within ${timeout} ms`, undefined, request),
        ),
      );
      const onClose = () => settle(this.#noAnswer('it closed the connection', undefined, request));
      socket.once('close', onClose);
      if (socket.destroyed) return onClose();
      modbus[functions[area]](unit, address, count, (error: unknown, answer: { buffer: Buffer } | undefined) => {
        if (answer && !error) settle(undefined, answer.buffer);
        else settle(this.#failureOf(error, request));
      });
    });
  }

  /** Exceptions 0A and 0B come from a TCP gateway whose device behind it is silent. */
  #failureOf(error: unknown, request: Request): DriverFailure {
    const code = error instanceof Error && 'modbusCode' in error ? error.modbusCode : undefined;
    if (typeof code !== 'number') return this.#garbage(request, error instanceof Error ? error.message : 'no data');
    const kind = code === 0x0a || code === 0x0b ? 'no-answer' : 'device-exception';
    return new DriverFailure(kind, `Unit ${request.unit} at ${this.name} answers ${exceptionText(code)}.`, {
      context: { ...request, exception: code },
    });
  }

  #noAnswer(what: string, hint?: string, request?: Request): DriverFailure {
    const options = { context: { ...request, server: this.name }, ...(hint ? { hint } : {}) };
    return new DriverFailure('no-answer', `No answer from ${this.name}: ${what}.`, options);
  }

  #garbage(request: Request, what: string): DriverFailure {
    return new DriverFailure('garbage', `Unit ${request.unit} at ${this.name} gave a wrong answer: ${what}.`, {
      hint: 'If it goes on, check that this is a Modbus TCP port and no other master shares the unit id.',
      context: { ...request },
    });
  }

  async #drop(link: Link): Promise<void> {
    if (this.#link === link) this.#link = undefined;
    const gone = link.socket.closed ? undefined : new Promise((resolve) => link.socket.once('close', resolve));
    link.socket.destroy();
    await gone;
  }
}

function connectDelays(): Generator<number, never, void> {
  return retrySchedule({ initial: 250, maximum: 5000 });
}

function connectText(code: string): string {
  const texts: Record<string, string> = {
    ECONNREFUSED: 'it refuses the connection (nothing listens on that port)',
    EHOSTUNREACH: 'there is no way to that host',
    ENETUNREACH: 'there is no way to that network',
    ENOTFOUND: 'that host name is not known',
  };
  return texts[code] ?? code;
}
