import { closeSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/** The clock of one process's machine, which can be set wrongly, and be another machine run's. */
export class WrongClock {
  readonly #file: string;
  #boots = 0;

  constructor(file: string) {
    this.#file = file;
    closeSync(openSync(file, 'w'));
    this.setOff(0);
    this.startMachineAnew();
  }

  get nodeFlags(): readonly string[] {
    return ['--import', join(import.meta.dirname, 'shim.mjs')];
  }

  get environment(): Readonly<Record<string, string>> {
    return { FAULTS_CLOCK: this.#file };
  }

  /** Wall time is off by this many ms from now on. */
  setOff(milliseconds: number): void {
    const bytes = Buffer.alloc(8);
    bytes.writeDoubleLE(milliseconds);
    this.#write(bytes, 0);
  }

  /** The process started next cannot go on by what the one before knew of the monotonic clock. */
  startMachineAnew(): void {
    this.#write(Buffer.from(`boot-${String(++this.#boots).padStart(6, '0')}`), 8);
  }

  #write(bytes: Uint8Array, at: number): void {
    const handle = openSync(this.#file, 'r+');
    writeSync(handle, bytes, 0, bytes.length, at);
    closeSync(handle);
  }
}
