import { isWorkingDay, type LocalTime } from './local-time.ts';

/** A daily profile: value at given hours, straight lines between. The first hour is 0, the last 24. */
export type Profile = readonly (readonly [hour: number, value: number])[];

export function valueAt(profile: Profile, hour: number): number {
  let [fromHour, fromValue] = profile[0] ?? [0, 0];
  for (const [toHour, toValue] of profile) {
    if (hour < toHour) {
      const share = toHour === fromHour ? 0 : (hour - fromHour) / (toHour - fromHour);
      return fromValue + (toValue - fromValue) * share;
    }
    [fromHour, fromValue] = [toHour, toValue];
  }
  return fromValue;
}

// biome-ignore format: one line a profile reads as a table
const people: Profile = [[0, 0.02], [6, 0.02], [7.5, 0.12], [9, 0.9], [11.7, 0.97], [12.3, 0.7], [13.3, 0.92], [17.3, 0.9], [18.5, 0.42], [20.5, 0.14], [22.5, 0.05], [24, 0.02]];
// biome-ignore format: one line a profile reads as a table
const restDay: Profile = [[0, 0.01], [8, 0.02], [10, 0.12], [16, 0.14], [19, 0.05], [24, 0.01]];
// biome-ignore format: one line a profile reads as a table
const fans: Profile = [[0, 0], [6, 0], [6.5, 1], [19.5, 0.95], [20.5, 0.12], [22, 0], [24, 0]];
// biome-ignore format: one line a profile reads as a table
const lamps: Profile = [[0, 0.08], [6, 0.1], [7, 0.35], [9, 0.9], [12, 0.85], [12.3, 0.68], [13.3, 0.9], [18.3, 0.92], [20.5, 0.4], [22.5, 0.14], [24, 0.08]];
// biome-ignore format: one line a profile reads as a table
const water: Profile = [[0, 0.05], [5.5, 0.05], [7.5, 0.4], [9, 0.95], [10.5, 0.7], [12, 1], [13.5, 0.85], [16, 0.7], [18, 0.75], [20, 0.35], [23, 0.1], [24, 0.05]];
// biome-ignore format: one line a profile reads as a table
const traffic: Profile = [[0, 0.01], [6, 0.02], [7.3, 0.2], [8.4, 1], [9.2, 0.75], [10, 0.3], [11.4, 0.4], [12.2, 0.85], [13.1, 0.7], [14, 0.3], [16.5, 0.35], [17.6, 0.95], [18.5, 0.7], [20, 0.2], [22, 0.06], [24, 0.01]];

function dayType(profile: Profile, share: number) {
  return (time: LocalTime) => valueAt(profile, time.hour) * (isWorkingDay(time) ? 1 : share);
}

/** Share of the people who belong here that are in the building, 0 to 1. */
export function occupancy(time: LocalTime): number {
  return valueAt(isWorkingDay(time) ? people : restDay, time.hour);
}

/** Share of the air handlers' full duty. */
export const ventilation = dayType(fans, 0.12);
/** Share of the lamps that are lit. */
export const lighting = dayType(lamps, 0.3);
/** Share of the highest hourly demand for domestic water. */
export const waterDemand = dayType(water, 0.25);
/** Share of the highest rate of lift passengers. */
export const liftTraffic = dayType(traffic, 0.15);
