import { createServer, type Socket } from 'node:net';
import { type Clock, coerceError, type Logger, PlantroomError, type Timer } from '@plantroom/base';
import { answerFrame, type Frame, FrameReader } from './framing.ts';
import { type Disturbance, exceptionPdu, parseRead, type Unit } from './unit.ts';

export interface ModbusServer {
  port: number;
  stop(): Promise<void>;
}

const gatewayTargetFailed = 0x0b;

/**
 * A Modbus TCP server with several units behind one socket, on the loopback interface. Pipelined requests are answered
 * in order, except those that a fault makes late.
 * @throws PlantroomError `port-in-use` or `listen-failed`.
 */
export async function startModbusServer(options: {
  name: string;
  port: number;
  units: readonly Unit[];
  clock: Clock;
  logger: Logger;
}): Promise<ModbusServer> {
  const { name, units, clock, logger } = options;
  const byId = new Map(units.map((unit) => [unit.id, unit]));
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.setNoDelay(true);
    serve(socket, byId, clock, logger.child({ bus: name }));
    socket.once('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => reject(listenError(name, options.port, error)));
    server.listen(options.port, '127.0.0.1', resolve);
  });
  const address = server.address();
  return {
    port: typeof address === 'object' && address ? address.port : options.port,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

/** A failure to listen in words: which server, which port, what to do. */
export function listenError(name: string, port: number, cause: Error): PlantroomError {
  const busy = 'code' in cause && cause.code === 'EADDRINUSE';
  return new PlantroomError(
    busy ? 'port-in-use' : 'listen-failed',
    busy ? `${name}: port ${port} is in use.` : `${name}: cannot listen on port ${port}: ${cause.message}`,
    { hint: 'Choose another port, or 0 for any free one.', context: { name, port }, cause },
  );
}

function serve(socket: Socket, units: ReadonlyMap<number, Unit>, clock: Clock, logger: Logger): void {
  const reader = new FrameReader();
  const late = new Set<Timer>();
  socket.on('data', (chunk) => {
    try {
      for (const frame of reader.push(chunk)) respond(frame);
    } catch (thrown) {
      logger.warn({ reason: coerceError(thrown).message }, 'Dropped a connection that does not speak Modbus TCP');
      socket.destroy();
    }
  });
  socket.on('error', () => socket.destroy());
  socket.once('close', () => {
    for (const timer of late) timer.cancel();
  });

  function respond(frame: Frame): void {
    const unit = units.get(frame.unit);
    const disturbance = unit?.disturbance();
    if (disturbance?.silent) return;
    const answer = () => send(frame, answerOf(frame, unit, disturbance));
    const delay = disturbance?.delay() ?? 0;
    if (delay === 0) answer();
    else later(delay, answer);
  }

  function later(delay: number, run: () => void): void {
    const timer = clock.after(delay, () => {
      late.delete(timer);
      run();
    });
    late.add(timer);
  }

  function send(frame: Frame, pdu: Buffer): void {
    if (socket.writable) socket.write(answerFrame(frame, pdu));
  }
}

function answerOf({ pdu }: Frame, unit: Unit | undefined, disturbance: Disturbance | null | undefined): Buffer {
  const code = pdu[0] ?? 0;
  if (!unit) return exceptionPdu(code, gatewayTargetFailed);
  const request = parseRead(pdu);
  const exception = request && disturbance?.exception(request);
  return exception ? exceptionPdu(code, exception) : unit.answer(pdu);
}
