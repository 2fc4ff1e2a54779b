import type { Random } from '@plantroom/base';
import type { Plant } from '../plant.ts';
import { clockJump, wrongStart } from './clocks.ts';
import { databaseFaults } from './databases.ts';
import { diskFaults } from './disks.ts';
import type { FaultKind } from './fault.ts';
import { flippedBit } from './flipped-bit.ts';
import { framesAgain } from './frames-again.ts';
import { killBoth, killBroker, killCloud, killGateway, killWorker } from './kills.ts';
import { linkFaults } from './links.ts';
import { oldBacklogs } from './old-backlog.ts';
import { cloudPowerCut, gatewayPowerCut } from './power-cuts.ts';
import { standStill } from './stand-still.ts';
import { tornTail } from './torn-tail.ts';

export const faultKinds: readonly FaultKind[] = [
  ...[killGateway, killCloud, killBoth, killWorker, killBroker],
  ...[gatewayPowerCut, cloudPowerCut, tornTail, flippedBit],
  ...diskFaults,
  ...linkFaults,
  ...databaseFaults,
  ...[standStill('cloud'), standStill('worker-1'), standStill('gateway')],
  ...[clockJump, wrongStart],
  framesAgain,
  ...oldBacklogs,
];

/** What can happen to this plant; with `only`, what has one of these names. */
export function possibleFaults(plant: Plant, only: readonly string[] = []): FaultKind[] {
  return faultKinds.filter((k) => (only.length === 0 || only.includes(k.name)) && (k.isPossible?.(plant) ?? true));
}

/** Draws a fault by its weight. */
export function drawFault(kinds: readonly FaultKind[], random: Random): FaultKind {
  let at = random() * kinds.reduce((sum, f) => sum + f.weight, 0);
  const drawn = kinds.find((kind) => {
    at -= kind.weight;
    return at < 0;
  });
  if (!drawn) throw new Error('there is no fault to draw from');
  return drawn;
}
