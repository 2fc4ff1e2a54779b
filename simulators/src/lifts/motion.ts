/** m/s²; ISO 8100-1 comfort limits allow up to 1.5. */
export const acceleration = 1;
/** Deceleration when the safety chain opens, m/s². */
export const emergencyDeceleration = 2;

/** Codes of BACnet's LiftCarDriveStatus that this drive uses. */
export const drive = { stationary: 1, braking: 2, accelerate: 3, decelerate: 4, ratedSpeed: 5 } as const;

export interface Motion {
  /** m above the landing of floor 1. */
  height: number;
  /** m/s, up is positive. */
  speed: number;
  /** m/s² along the direction of travel, negative when slowing down. */
  acceleration: number;
  status: number;
  done: boolean;
}

/** A run from one height to another with a trapezoidal speed, or a triangle when the way is too short for rated speed. */
export class Run {
  readonly from: number;
  readonly to: number;
  readonly #direction: number;
  readonly #top: number;
  readonly #ramp: number;
  readonly #cruise: number;

  constructor(from: number, to: number, ratedSpeed: number) {
    const distance = Math.abs(to - from);
    this.from = from;
    this.to = to;
    this.#direction = Math.sign(to - from);
    this.#top = Math.min(ratedSpeed, Math.sqrt(distance * acceleration));
    this.#ramp = this.#top / acceleration;
    this.#cruise = this.#top === 0 ? 0 : Math.max(0, (distance - this.#top * this.#ramp) / this.#top);
  }

  /** Seconds from start to stop. */
  get duration(): number {
    return 2 * this.#ramp + this.#cruise;
  }

  at(elapsed: number): Motion {
    const toStop = this.duration - elapsed;
    if (toStop <= 0) return { height: this.to, speed: 0, acceleration: 0, status: drive.stationary, done: true };
    if (elapsed < this.#ramp) {
      const travelled = 0.5 * acceleration * elapsed ** 2;
      return this.#motion(travelled, acceleration * elapsed, acceleration, drive.accelerate);
    }
    if (toStop < this.#ramp) {
      const left = 0.5 * acceleration * toStop ** 2;
      return this.#motion(Math.abs(this.to - this.from) - left, acceleration * toStop, -acceleration, drive.decelerate);
    }
    const travelled = 0.5 * this.#top * this.#ramp + this.#top * (elapsed - this.#ramp);
    return this.#motion(travelled, this.#top, 0, drive.ratedSpeed);
  }

  #motion(travelled: number, speed: number, change: number, status: number): Motion {
    return {
      height: this.from + this.#direction * travelled,
      speed: this.#direction * speed,
      acceleration: change,
      status,
      done: false,
    };
  }
}
