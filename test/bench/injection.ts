import type { Random } from '@plantroom/base';

/** What can happen to a meter's readings. `rows` is how long it lasts, `value` what is read in its n-th row. */
export interface Injection {
  readonly name: string;
  rows(perHour: number, random: Random): number;
  value(truth: number, row: number, perHour: number, first: number): number;
}

const days = (count: number) => (perHour: number) => count * 24 * perHour;
const between = (from: number, to: number) => (perHour: number, random: Random) =>
  Math.round((from + random() * (to - from)) * perHour);
const times = (factor: number) => (truth: number) => truth * factor;

export const injections: readonly Injection[] = [
  { name: 'spike x3', rows: () => 1, value: times(3) },
  { name: 'spike x5', rows: () => 1, value: times(5) },
  { name: 'zero for 1 to 6 h', rows: between(1, 6), value: () => 0 },
  { name: 'stands still for 6 to 48 h', rows: between(6, 48), value: (_, __, ___, first) => first },
  { name: 'step +10 %, 2 days', rows: days(2), value: times(1.1) },
  { name: 'step +20 %, 2 days', rows: days(2), value: times(1.2) },
  { name: 'step +30 %, 2 days', rows: days(2), value: times(1.3) },
  { name: 'a phase lost (-33 %), 2 days', rows: days(2), value: times(0.67) },
  {
    name: 'drift +1 % a day, 14 days',
    rows: days(14),
    value: (truth, row, perHour) => truth * (1 + (0.01 * row) / (24 * perHour)),
  },
  { name: 'unit /10, a day', rows: days(1), value: times(0.1) },
  { name: 'unit x1000, a day', rows: days(1), value: times(1000) },
];
