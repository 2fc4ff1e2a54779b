import type { PumpRating } from './pump-curve.ts';

const booster = {
  ratedFlow: 25,
  ratedHead: 110,
  shutOffHead: 140,
  efficiency: 0.74,
  motorEfficiency: 0.9,
  ratedCurrent: 20.5,
  ratedSpeed: 2900,
  lowestSpeed: 0.3,
};
const fire = {
  ratedFlow: 144,
  ratedHead: 115,
  shutOffHead: 138,
  efficiency: 0.74,
  motorEfficiency: 0.93,
  ratedCurrent: 139,
  ratedSpeed: 2960,
  lowestSpeed: 1,
};
const jockey = {
  ratedFlow: 3.6,
  ratedHead: 118,
  shutOffHead: 140,
  efficiency: 0.5,
  motorEfficiency: 0.84,
  ratedCurrent: 6.1,
  ratedSpeed: 2880,
  lowestSpeed: 1,
};
const sump = {
  ratedFlow: 30,
  ratedHead: 14,
  shutOffHead: 20,
  efficiency: 0.62,
  motorEfficiency: 0.84,
  ratedCurrent: 4.8,
  ratedSpeed: 2850,
  lowestSpeed: 1,
};

/** The eight pumps and the unit ids under which they answer. */
export const pumpRatings: readonly (PumpRating & { unit: number })[] = [
  { id: 'booster-1', unit: 1, ...booster },
  { id: 'booster-2', unit: 2, ...booster },
  { id: 'booster-3', unit: 3, ...booster },
  { id: 'fire-pump-1', unit: 4, ...fire },
  { id: 'fire-pump-2', unit: 5, ...fire },
  { id: 'jockey-pump', unit: 6, ...jockey },
  { id: 'sump-pump-1', unit: 7, ...sump },
  { id: 'sump-pump-2', unit: 8, ...sump },
];
