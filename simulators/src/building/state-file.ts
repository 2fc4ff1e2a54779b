import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { coerceError, errorCode, PlantroomError } from '@plantroom/base';
import type { CarCounters } from '../lifts/car.ts';
import type { Counters } from '../meters/meter.ts';
import type { WaterState } from '../water/plant.ts';

/** What a second start needs to go on from where the first one ended. */
export interface SavedState {
  version: 1;
  seed: number;
  /** When the live registers began, and how many days of history lie before; milliseconds since 1970. */
  begun: number;
  historyDays: number;
  savedAt: number;
  meters: Record<string, Counters>;
  water: WaterState;
  lifts: Record<string, CarCounters>;
  panelEvents: number;
}

const name = 'simulators.json';

/**
 * The state in `directory`, or undefined when there is none; makes the directory.
 * @throws PlantroomError `data-directory` when it cannot be used, `bad-state-file` when the file is not ours.
 */
export function loadState(directory: string): SavedState | undefined {
  const file = join(directory, name);
  try {
    mkdirSync(directory, { recursive: true });
    return parse(readFileSync(file, 'utf8'), file);
  } catch (thrown) {
    if (thrown instanceof PlantroomError) throw thrown;
    if (errorCode(thrown) === 'ENOENT') return undefined;
    throw new PlantroomError('data-directory', `Cannot use ${directory}: ${coerceError(thrown).message}.`, {
      hint: 'Choose a directory that you may write to with --data.',
      context: { directory },
      cause: thrown,
    });
  }
}

function parse(text: string, file: string): SavedState {
  try {
    const state = JSON.parse(text) as SavedState;
    if (state.version === 1) return state;
  } catch {
    // Falls through to the same advice as a file of another version.
  }
  throw new PlantroomError('bad-state-file', `${file} is damaged or was written by another version.`, {
    hint: 'Move it away to begin with fresh registers.',
    context: { file },
  });
}

/** Writes the state so that a power cut leaves either the old file or the new one. */
export function saveState(directory: string, state: SavedState): void {
  const file = join(directory, name);
  writeFileSync(`${file}.new`, JSON.stringify(state));
  renameSync(`${file}.new`, file);
}
