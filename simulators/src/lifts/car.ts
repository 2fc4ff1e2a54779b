import type { Random } from '@plantroom/base';
import { Door } from './door.ts';
import { drive, emergencyDeceleration, Run } from './motion.ts';
import { drivePower } from './motor.ts';
import type { Passenger } from './passenger.ts';
import { doorZone, floors, type LiftRating, landing, nearestFloor } from './shaft.ts';

/** What survives a restart; hours and kWh count up. */
export interface CarCounters {
  trips: number;
  runHours: number;
  energy: number;
  doorCycles: number;
  doorReopenings: number;
}

/** What injected faults do to one car. */
export interface CarFault {
  doorBlocked: boolean;
  trapped: { alarmAfter: number; load: number } | undefined;
  levellingError: number;
  outOfService: boolean;
  /** A GB/T 24476 code that the controller reports, 0 for none. */
  code: number;
  /** Share by which it runs faster than told. */
  overspeed: number;
  /** K by which the drive is hotter than its load makes it. */
  driveHeat: number;
  /** Seconds that the door takes longer to open. */
  doorSlow: number;
}

export const soundCar: CarFault = {
  doorBlocked: false,
  trapped: undefined,
  levellingError: 0,
  outOfService: false,
  code: 0,
  overspeed: 0,
  driveHeat: 0,
  doorSlow: 0,
};

export const carModes = { normal: 1, outOfService: 12 } as const;
export const directions = { none: 1, stopped: 2, up: 3, down: 4 } as const;
/** GB/T 24476 fault codes. */
export const codes = { none: 0, doorWillNotClose: 2, outsideZone: 4 } as const;

const standby = 0.5;
const doorMotor = 0.3;
const secondsAPassenger = 1.1;
/** Seconds that a door is shut and locked before it opens again. */
const locking = 0.8;

/** One lift: car, door, drive, and the people it serves. */
export class Car {
  readonly rating: LiftRating;
  readonly door: Door;
  readonly counters: CarCounters;
  fault = soundCar;
  height = 0;
  speed = 0;
  status: number = drive.stationary;
  mode: number = carModes.normal;
  /** kW */
  power = standby;
  driveTemperature = 32;
  waiting: Passenger[] = [];
  riding: Passenger[] = [];
  target = 0;
  heading: 1 | -1 = 1;
  /** Seconds since the car has nothing to do. */
  idle = 0;
  passengerAlarm = false;
  /** What the load cell is off by on this trip, % of rated load. */
  cellError = 0;
  /** Stopped by the safety chain between floors. */
  stuck = false;
  readonly #random: Random;
  #run: Run | undefined;
  #elapsed = 0;
  #stuckFor = 0;
  #shutFor = 0;
  #boarding = 0;

  constructor(rating: LiftRating, random: Random, counters: CarCounters, floor: number) {
    this.rating = rating;
    this.#random = random;
    this.counters = counters;
    this.door = new Door(counters.doorCycles, counters.doorReopenings);
    this.height = landing(floor);
  }

  get floor(): number {
    return nearestFloor(this.height);
  }

  get inDoorZone(): boolean {
    return Math.abs(this.height - landing(this.floor)) <= doorZone;
  }

  /** Mass in the car, kg. */
  get load(): number {
    let sum = 0;
    for (const { mass } of this.riding) sum += mass;
    return sum;
  }

  get direction(): number {
    if (this.speed === 0) return directions.stopped;
    return this.speed > 0 ? directions.up : directions.down;
  }

  get assignedDirection(): number {
    if (this.target === 0) return directions.none;
    return this.heading > 0 ? directions.up : directions.down;
  }

  /** True if the group may send passengers to this car. */
  get available(): boolean {
    return !this.stuck && !this.fault.doorBlocked && !this.fault.outOfService && !this.fault.trapped;
  }

  get faultCode(): number {
    if (this.stuck) return codes.outsideZone;
    return this.doorFails ? codes.doorWillNotClose : this.fault.code;
  }

  get doorFails(): boolean {
    return this.fault.doorBlocked && this.door.reopenings >= 3;
  }

  /** Moves the lift on by `dt` seconds in a machine room of `room` °C. */
  step(dt: number, room: number): void {
    this.#provoke();
    if (this.stuck) this.#remainStuck(dt);
    else if (this.#run) this.#travel(dt);
    else this.#stand(dt);
    this.#consume(dt, room);
  }

  /** An injected fault needs a car that does something: makes people call it. */
  #provoke(): void {
    const { doorBlocked, trapped } = this.fault;
    const parked = !this.#run && !this.stuck && this.door.closed && this.waiting.length + this.riding.length === 0;
    if (doorBlocked && parked) this.door.open();
    if (trapped && parked) {
      const mass = (this.rating.load * trapped.load) / 100;
      this.riding.push({ from: this.floor, to: this.floor > floors / 2 ? 2 : floors - 1, mass });
    }
  }

  #stand(dt: number): void {
    this.speed = 0;
    this.door.slower = this.fault.doorSlow;
    this.door.step(dt, () => this.#obstacle());
    if (this.door.opened) this.#exchange(dt);
    if (!this.door.closed) {
      this.#shutFor = 0;
      return;
    }
    this.#shutFor += dt;
    this.mode = this.fault.outOfService && this.riding.length === 0 ? carModes.outOfService : carModes.normal;
    const next = this.mode === carModes.normal ? this.#nextStop() : undefined;
    if (next === undefined) {
      this.target = 0;
      this.idle += dt;
    } else if (next === this.floor && this.inDoorZone) {
      if (this.#shutFor >= locking) this.door.open();
    } else this.#start(next);
  }

  /** Position at which the door meets somebody: now and then by chance, always while the fault lasts. */
  #obstacle(): number {
    if (this.fault.doorBlocked) return 0.35;
    return this.riding.length > 0 && this.#random() < 0.02 ? 0.5 : -1;
  }

  #exchange(dt: number): void {
    this.#boarding -= dt;
    if (this.#boarding > 0) return;
    const leaving = this.riding.findIndex((p) => p.to === this.floor);
    const entering = this.waiting.findIndex((p) => p.from === this.floor && this.load + p.mass <= this.rating.load);
    if (leaving < 0 && (entering < 0 || this.fault.outOfService)) return;
    if (leaving >= 0) this.riding.splice(leaving, 1);
    else this.riding.push(...this.waiting.splice(entering, 1));
    this.#boarding = secondsAPassenger;
    this.door.hold(secondsAPassenger + 0.8);
  }

  /** Goes on in its direction as long as there is a stop, then turns (collective control). */
  #nextStop(): number | undefined {
    const full = (p: Passenger) => this.load + p.mass > this.rating.load;
    const stops = this.riding.map((p) => p.to);
    for (const p of this.waiting) if (!full(p)) stops.push(p.from);
    if (stops.includes(this.floor)) return this.floor;
    const ahead = stops.filter((stop) => (stop - this.floor) * this.heading > 0);
    if (ahead.length === 0 && stops.length > 0) this.heading = this.heading === 1 ? -1 : 1;
    const way = ahead.length > 0 ? ahead : stops;
    if (way.length === 0) return undefined;
    return way.reduce((a, b) => (Math.abs(b - this.floor) < Math.abs(a - this.floor) ? b : a));
  }

  /** Sends an idle car somewhere without passengers. */
  park(floor: number): void {
    if (!this.#run && !this.stuck && this.door.closed && this.mode === carModes.normal) this.#start(floor);
  }

  #start(floor: number): void {
    this.target = floor;
    this.idle = 0;
    this.heading = landing(floor) > this.height ? 1 : -1;
    const error = this.fault.levellingError + 0.004 * (this.#random() - 0.5);
    this.#run = new Run(this.height, landing(floor) + error, this.rating.speed);
    this.#elapsed = 0;
    this.counters.trips += 1;
    this.cellError = 1.5 * (2 * this.#random() - 1);
    this.door.depart();
  }

  #travel(dt: number): void {
    const run = this.#run;
    if (!run) return;
    this.#elapsed += dt;
    this.counters.runHours += dt / 3600;
    const motion = run.at(this.#elapsed);
    this.height = motion.height;
    this.speed = motion.speed * (1 + this.fault.overspeed);
    this.status = motion.status;
    this.power = standby + drivePower(this.rating, motion.speed, motion.acceleration, this.load);
    if (this.fault.trapped && this.#canTrap(run)) this.stuck = true;
    if (!motion.done) return;
    this.#run = undefined;
    if (this.riding.length + this.waiting.length > 0) this.door.open();
  }

  /** The chain opens where the emergency stop ends well outside every door zone, with somebody in the car. */
  #canTrap(run: Run): boolean {
    if (this.load === 0 || Math.abs(this.height - run.from) < 2) return false;
    const rest = this.height + (Math.sign(this.speed) * this.speed ** 2) / (2 * emergencyDeceleration);
    return Math.abs(rest - landing(nearestFloor(rest))) > 1.2 && rest > 0 && rest < landing(floors);
  }

  #remainStuck(dt: number): void {
    this.#run = undefined;
    if (this.speed !== 0) {
      const slower = Math.max(0, Math.abs(this.speed) - emergencyDeceleration * dt);
      this.height += (Math.sign(this.speed) * (Math.abs(this.speed) + slower) * dt) / 2;
      this.speed = Math.sign(this.speed) * slower;
      this.status = drive.braking;
      return;
    }
    this.status = drive.stationary;
    this.#stuckFor += dt;
    if (this.fault.trapped) {
      this.passengerAlarm = this.#stuckFor >= this.fault.trapped.alarmAfter;
      return;
    }
    // Freed: the car creeps to the next landing and lets the people out there.
    this.stuck = false;
    this.passengerAlarm = false;
    this.#stuckFor = 0;
    const floor = this.floor;
    for (const passenger of this.riding) passenger.to = floor;
    this.#start(floor);
  }

  #consume(dt: number, room: number): void {
    if (this.speed === 0) {
      this.status = drive.stationary;
      this.power = standby + (this.door.closed || this.door.opened ? 0 : doorMotor);
    }
    this.counters.energy += (this.power * dt) / 3600;
    this.counters.doorCycles = this.door.cycles;
    this.counters.doorReopenings = this.door.allReopenings;
    const warm = room + 5 + 1.3 * Math.abs(this.power) + this.fault.driveHeat;
    this.driveTemperature += (warm - this.driveTemperature) * (1 - Math.exp(-dt / 420));
  }
}
