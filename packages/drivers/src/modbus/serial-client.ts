import { createRequire } from 'node:module';
import type { Duplex } from 'node:stream';
import { coerceError, PlantroomError } from '@plantroom/base';
import type { SerialLine } from './line.ts';
import type { Connector, Link, LinkEvents } from './link.ts';
import { opening } from './opening.ts';

/** What is used of a port of the `serialport` package. */
interface SerialPort extends Duplex {
  readonly isOpen: boolean;
  open(done: (error: Error | null) => void): void;
  close(done: (error: Error | null) => void): void;
  flush(done: (error: Error | null) => void): void;
}

interface SerialPortOptions extends SerialLine {
  readonly path: string;
  readonly autoOpen: false;
}

interface SerialPortPackage {
  readonly SerialPort: new (options: SerialPortOptions) => SerialPort;
}

/** A serial device of this machine, such as `/dev/ttyUSB0` or `COM3`. */
export function serialConnector(path: string, line: SerialLine): Connector {
  return {
    name: path,
    async connect(events, options) {
      const { SerialPort } = loadSerialPort();
      const { baudRate, dataBits, parity, stopBits } = line;
      const port = new SerialPort({ path, baudRate, dataBits, parity, stopBits, autoOpen: false });
      let abandoned = false;
      const opened = opening(path, options, (resolve, fail) =>
        port.open((error) => {
          if (error) fail(...openTexts(error.message, path));
          else if (abandoned) port.close(() => {});
          else resolve();
        }),
      );
      await opened.catch((failure: unknown) => {
        abandoned = true;
        throw failure;
      });
      return new SerialLink(port, events);
    },
  };
}

class SerialLink implements Link {
  readonly #port: SerialPort;

  constructor(port: SerialPort, events: LinkEvents) {
    this.#port = port;
    let why = 'the serial device was closed';
    port.on('data', (bytes: Buffer) => events.data(bytes));
    port.on('error', (error) => {
      why = `the serial device failed (${error.message})`;
    });
    port.once('close', (error: Error | null) => {
      events.closed(error ? `the serial device is gone (${error.message})` : why);
    });
  }

  get isOpen(): boolean {
    return this.#port.isOpen;
  }

  write(bytes: Buffer): void {
    this.#port.write(bytes);
  }

  async close(): Promise<void> {
    if (!this.#port.isOpen) return;
    await new Promise<void>((resolve) => this.#port.close(() => resolve()));
  }
}

/** `serialport` comes with modbus-serial as an optional dependency, with binaries for all platforms that have any. */
function loadSerialPort(): SerialPortPackage {
  try {
    const here = createRequire(import.meta.url);
    return createRequire(here.resolve('modbus-serial'))('serialport') as SerialPortPackage;
  } catch (cause) {
    throw new PlantroomError('driver-serial-missing', 'Serial ports need the package `serialport`, which is missing.', {
      hint: 'Install again without leaving out optional dependencies, or reach the bus through a serial device server.',
      cause: coerceError(cause),
    });
  }
}

function openTexts(message: string, path: string): [why: string, hint: string] {
  if (/no such file|not found/i.test(message))
    return ['there is no such serial device', `Look for ${path} and its cable.`];
  if (/permission|access/i.test(message)) {
    return ['this user may not open it', 'Add the user to the group that owns the device, often `dialout`.'];
  }
  if (/busy|lock/i.test(message)) return ['another program has it open', 'Stop the other master: a bus has only one.'];
  return [message, `Check ${path} and its settings.`];
}
