/** A centrifugal pump as its maker describes it; flows in m³/h, heads in m, power in kW. */
export interface PumpRating {
  id: string;
  ratedFlow: number;
  ratedHead: number;
  shutOffHead: number;
  /** Hydraulic efficiency at the rated point, 0 to 1. */
  efficiency: number;
  /** Efficiency of motor (and drive), 0 to 1. */
  motorEfficiency: number;
  ratedCurrent: number;
  /** Rotation at 100 %, 1/min. */
  ratedSpeed: number;
  /** Lowest controlled speed, or 1 for a pump without a drive. */
  lowestSpeed: number;
}

const gravity = 9.81;
/** Metres of water in one bar at 15 °C. */
export const metresPerBar = 10.2;

function steepness({ ratedFlow, ratedHead, shutOffHead }: PumpRating): number {
  return (shutOffHead - ratedHead) / ratedFlow ** 2;
}

/** Head in m at a flow in m³/h and a speed as a share of rated: H = n² H0 - k Q² (the affinity laws on a parabola). */
export function headAt(pump: PumpRating, speed: number, flow: number): number {
  return speed ** 2 * pump.shutOffHead - steepness(pump) * flow ** 2;
}

/** Flow in m³/h against a head in m; 0 where the check valve stays shut. */
export function flowAt(pump: PumpRating, speed: number, head: number): number {
  return Math.sqrt(Math.max(0, (speed ** 2 * pump.shutOffHead - head) / steepness(pump)));
}

/** Flow through one pump into a pipe with a static lift (m) and a friction coefficient (m per (m³/h)²). */
export function flowInto(pump: PumpRating, speed: number, staticHead: number, friction: number): number {
  const drive = speed ** 2 * pump.shutOffHead - staticHead;
  return Math.sqrt(Math.max(0, drive / (steepness(pump) + friction)));
}

/** Shaft power in kW at the rated point: ρ g Q H / η. */
export function ratedShaftPower(pump: PumpRating): number {
  return (gravity * (pump.ratedFlow / 3600) * pump.ratedHead) / pump.efficiency;
}

/** Shaft power in kW: rises with flow, from 45 % of rated at no flow, and with the cube of the speed. */
export function shaftPower(pump: PumpRating, speed: number, flow: number): number {
  if (speed <= 0) return 0;
  const share = flow / speed / pump.ratedFlow;
  return speed ** 3 * ratedShaftPower(pump) * (0.45 + 0.55 * share);
}
