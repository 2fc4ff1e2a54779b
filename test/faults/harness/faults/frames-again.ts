import type { FaultKind } from './fault.ts';

export const framesAgain: FaultKind = {
  name: 'frames again and reordered',
  weight: 2,
  parts: [],
  async run({ plant, captured, random }) {
    await captured.playAgain(plant, 60, random).catch(() => {});
  },
};
