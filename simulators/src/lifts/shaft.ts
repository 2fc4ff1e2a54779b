export const floors = 24;

/** Height of a floor's landing above that of floor 1, m: a 6 m lobby, then 4 m a floor. */
export function landing(floor: number): number {
  return floor <= 1 ? 0 : 6 + 4 * (floor - 2);
}

/** The floor whose landing is nearest to a height in m. */
export function nearestFloor(height: number): number {
  let best = 1;
  for (let floor = 2; floor <= floors; floor += 1) {
    if (Math.abs(landing(floor) - height) < Math.abs(landing(best) - height)) best = floor;
  }
  return best;
}

/** Half of the unlocking zone, m; EN 81-20 allows 0.35 m with powered doors, 0.20 m is usual. */
export const doorZone = 0.2;

export interface LiftRating {
  id: string;
  /** Name of its object on the OPC UA server. */
  node: string;
  /** m/s */
  speed: number;
  /** kg */
  load: number;
}

export const liftRatings: readonly LiftRating[] = [1, 2, 3, 4, 5, 6].map((n) => ({
  id: `elevator-${n}`,
  node: `L${n}`,
  speed: n === 6 ? 1.75 : 2.5,
  load: n === 6 ? 2000 : 1600,
}));
