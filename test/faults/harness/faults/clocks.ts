import type { Random } from '@plantroom/base';
import { type FaultKind, pause, restartGateway } from './fault.ts';

const hour = 3_600_000;
const tenYears = 3652 * 24 * hour;
const jumps = [hour, -hour, tenYears, -tenYears];

const drawJump = (random: Random) => jumps[Math.floor(random() * jumps.length)] ?? hour;

/** The gateway's clock jumps and comes back. */
export const clockJump: FaultKind = {
  name: 'clock jump',
  weight: 2,
  parts: ['gateway'],
  async run({ plant, random }) {
    plant.clock.setOff(drawJump(random));
    await pause(random, 3000, 10_000);
    plant.clock.setOff(0);
  },
};

/** The gateway's machine starts with a wrong clock, and is set right some time later. */
export const wrongStart: FaultKind = {
  name: 'start with a wrong clock',
  weight: 2,
  parts: ['gateway'],
  async run(context) {
    const { plant, random, clockIsOff } = context;
    const off = drawJump(random);
    clockIsOff(off);
    await restartGateway(context, () => {
      plant.clock.setOff(off);
      plant.clock.startMachineAnew();
    });
    await pause(random, 3000, 10_000);
    plant.clock.setOff(0);
  },
};
