import { appendFileSync, closeSync, existsSync, openSync, readSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { type Random, systemClock } from '@plantroom/base';
import type { CapturedFrames } from './captured.ts';
import type { Plant } from './plant.ts';

export interface FaultContext {
  readonly plant: Plant;
  readonly captured: CapturedFrames;
  readonly random: Random;
  /** The gateway goes down now: what it took in the last seconds before may never have reached its log. */
  readonly gatewayFalls: () => void;
}

/** Something that goes wrong and is over when it resolves. `weight` is how often it is drawn. */
export interface FaultKind {
  readonly name: string;
  readonly weight: number;
  /** Entries of the log may be destroyed: what is missing must be counted and told. */
  readonly destroys?: boolean;
  run(context: FaultContext): Promise<void>;
}

const between = (random: Random, low: number, high: number) => Math.round(low + random() * (high - low));
const pause = (random: Random, low: number, high: number) => systemClock.sleep(between(random, low, high));

async function killGateway({ plant, random, gatewayFalls }: FaultContext, meanwhile: () => void = () => {}) {
  gatewayFalls();
  await plant.kill('gateway');
  meanwhile();
  await pause(random, 0, 1500);
  await plant.startGateway();
}

async function link({ plant, random }: FaultContext, state: Parameters<Plant['link']['become']>[0]) {
  plant.link.become(state);
  await pause(random, 2000, 6000);
  plant.link.become('open');
}

async function standStill({ plant, random, gatewayFalls }: FaultContext, which: 'cloud' | 'gateway') {
  if (which === 'gateway') gatewayFalls();
  plant.signal(which, 'SIGSTOP');
  await pause(random, 1000, 5000);
  plant.signal(which, 'SIGCONT');
}

/** What a power cut leaves of a write that no sync had covered: the beginning of a page, or nonsense. */
function tearTail(plant: Plant, random: Random): void {
  const wal = join(plant.gatewayData, 'outbox.sqlite-wal');
  if (!existsSync(wal)) return;
  const garbage = Buffer.alloc(between(random, 1, 4096));
  for (let i = 0; i < garbage.length; i++) garbage[i] = Math.floor(random() * 256);
  appendFileSync(wal, garbage);
}

/** One bit of what the disk had kept is another now. */
function flipBit(plant: Plant, random: Random): void {
  const wal = join(plant.gatewayData, 'outbox.sqlite-wal');
  const main = join(plant.gatewayData, 'outbox.sqlite');
  const file = existsSync(wal) && statSync(wal).size > 8192 && random() < 0.7 ? wal : main;
  const { size } = statSync(file);
  const at = Math.floor(random() * size);
  const handle = openSync(file, 'r+');
  try {
    const byte = Buffer.alloc(1);
    readSync(handle, byte, 0, 1, at);
    byte[0] = (byte[0] ?? 0) ^ (1 << Math.floor(random() * 8));
    writeSync(handle, byte, 0, 1, at);
  } finally {
    closeSync(handle);
  }
}

export const faultKinds: readonly FaultKind[] = [
  { name: 'kill gateway', weight: 3, run: (c) => killGateway(c) },
  {
    name: 'kill cloud',
    weight: 3,
    async run({ plant, random }) {
      await plant.kill('cloud');
      await pause(random, 0, 3000);
      await plant.startCloud();
    },
  },
  {
    name: 'kill both',
    weight: 1,
    async run(context) {
      await context.plant.kill('cloud');
      await killGateway(context);
      await context.plant.startCloud();
    },
  },
  { name: 'torn tail', weight: 2, run: (c) => killGateway(c, () => tearTail(c.plant, c.random)) },
  {
    name: 'flipped bit in a backlog',
    weight: 1,
    destroys: true,
    async run(context) {
      context.plant.link.become('cut');
      await pause(context.random, 2000, 4000);
      await killGateway(context, () => flipBit(context.plant, context.random));
      context.plant.link.become('open');
    },
  },
  { name: 'partition', weight: 2, run: (c) => link(c, 'cut') },
  { name: 'half-open link', weight: 2, run: (c) => link(c, 'frozen') },
  { name: 'slow link', weight: 1, run: (c) => link(c, 'slow') },
  { name: 'captive portal', weight: 1, run: (c) => link(c, 'portal') },
  { name: 'cloud stands still', weight: 1, run: (c) => standStill(c, 'cloud') },
  { name: 'gateway stands still', weight: 1, run: (c) => standStill(c, 'gateway') },
  {
    name: 'frames again, reordered',
    weight: 2,
    async run({ plant, captured, random }) {
      await captured.playAgain(plant, 60, random).catch(() => {});
    },
  },
];

/** Draws a fault by its weight. */
export function drawFault(random: Random): FaultKind {
  let at = random() * faultKinds.reduce((sum, f) => sum + f.weight, 0);
  for (const kind of faultKinds) {
    at -= kind.weight;
    if (at < 0) return kind;
  }
  return faultKinds[0] as FaultKind;
}
