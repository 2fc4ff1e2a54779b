import type { LiftRating } from './shaft.ts';

const gravity = 9.81;
const carMass = 1700;
const ropesAndPulleys = 700;
const guideFriction = 700;
const driving = 0.84;

/**
 * Electrical power of the drive in kW. The counterweight balances the car and half of the rated load, so that an empty car going up
 * or a full one going down drives the motor; a resistor takes that energy. Speed in m/s (up positive), acceleration in m/s² along the travel, load in kg.
 */
export function drivePower(rating: LiftRating, speed: number, acceleration: number, load: number): number {
  if (speed === 0) return 0;
  const counterweight = carMass + 0.5 * rating.load;
  const masses = carMass + load + counterweight + ropesAndPulleys;
  const force = (carMass + load - counterweight) * gravity * Math.sign(speed) + guideFriction + masses * acceleration;
  const mechanical = (force * Math.abs(speed)) / 1000;
  return Math.max(0, mechanical / driving);
}
