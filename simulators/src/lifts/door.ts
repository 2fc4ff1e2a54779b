/** Codes of BACnet's DoorStatus and LiftCarDoorCommand that this door uses. */
export const doorStatus = { closed: 0, opened: 1, fault: 3, closing: 6, opening: 7 } as const;
export const doorCommand = { none: 0, open: 1, close: 2 } as const;

/** Seconds of a centre-opening door 1100 mm wide; GB/T 10058 allows 4.3 s. */
const openingTime = 2.4;
const closingTime = 3.2;
const shortestDwell = 3;

/** The car door with its operator: opens, waits, closes, and comes back when something is in the way. */
export class Door {
  status: number = doorStatus.closed;
  command: number = doorCommand.none;
  /** Reopenings since the door first opened at this stop. */
  reopenings = 0;
  cycles: number;
  /** Seconds that it takes longer to open. */
  slower = 0;
  /** All reopenings ever. */
  allReopenings: number;
  /** 0 closed to 1 open. */
  #position = 0;
  #dwell = 0;
  #blockedAt = -1;

  constructor(cycles: number, reopenings: number) {
    this.cycles = cycles;
    this.allReopenings = reopenings;
  }

  get closed(): boolean {
    return this.status === doorStatus.closed;
  }

  get opened(): boolean {
    return this.status === doorStatus.opened;
  }

  open(): void {
    if (this.opened || this.status === doorStatus.opening) return;
    this.status = doorStatus.opening;
    this.command = doorCommand.open;
  }

  /** Keeps the door open for at least `seconds` more. */
  hold(seconds: number): void {
    this.#dwell = Math.max(this.#dwell, seconds);
  }

  /** Starts a new stop: the count of reopenings begins again. */
  depart(): void {
    this.reopenings = 0;
  }

  /** Moves the door on by `dt` seconds. `blocked` asks, once a closing, at which position something is in the way (-1: nothing). */
  step(dt: number, blocked: () => number): void {
    if (this.status === doorStatus.opening) this.#opening(dt);
    else if (this.status === doorStatus.opened) this.#waiting(dt, blocked);
    else if (this.status === doorStatus.closing) this.#closing(dt);
  }

  #opening(dt: number): void {
    this.#position += dt / (openingTime + this.slower);
    if (this.#position < 1) return;
    this.#position = 1;
    this.status = doorStatus.opened;
    this.cycles += 1;
    this.#dwell = Math.max(this.#dwell, this.reopenings > 0 ? 2 : shortestDwell);
  }

  #waiting(dt: number, blocked: () => number): void {
    this.#dwell -= dt;
    if (this.#dwell > 0) return;
    this.#dwell = 0;
    this.status = doorStatus.closing;
    this.command = doorCommand.close;
    this.#blockedAt = blocked();
  }

  #closing(dt: number): void {
    this.#position -= dt / closingTime;
    if (this.#blockedAt >= 0 && this.#position <= this.#blockedAt) {
      this.reopenings += 1;
      this.allReopenings += 1;
      this.open();
    } else if (this.#position <= 0) {
      this.#position = 0;
      this.status = doorStatus.closed;
      this.command = doorCommand.none;
    }
  }
}
