import { chatter } from './chatter.ts';
import { delay } from './delay.ts';
import { explain } from './explain.ts';
import { flood } from './flood.ts';
import { group } from './group.ts';
import { maintain } from './maintain.ts';
import { shelve } from './shelve.ts';
import type { Stage } from './stage.ts';
import { startUp } from './start-up.ts';

/** Every raise and clear walks through these, in this order. */
export const stages: readonly Stage[] = [delay, explain, group, maintain, startUp, chatter, shelve, flood];

/** Those that can hide an alarm; asked again whenever something changes that may explain it. */
export const hidingStages: readonly Stage[] = [explain, group, maintain, startUp];
