import type { LinkState } from '../link.ts';
import { type FaultKind, pause } from './fault.ts';

const link = (name: string, weight: number, state: LinkState, longest = 6000): FaultKind => ({
  name,
  weight,
  parts: ['link'],
  async run({ plant, random }) {
    plant.link.become(state);
    await pause(random, 2000, longest);
    plant.link.become('open');
  },
});

export const linkFaults: readonly FaultKind[] = [
  link('partition', 2, 'cut'),
  link('half-open link', 2, 'frozen'),
  link('acknowledgements lost', 2, 'deaf'),
  link('30 % loss', 2, 'lossy', 12_000),
  link('slow link', 1, 'slow'),
  link('captive portal', 1, 'portal'),
];
