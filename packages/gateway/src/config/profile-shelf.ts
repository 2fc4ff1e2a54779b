import { ConfigError, type ConfigProblem, PlantroomError } from '@plantroom/base';
import { loadProfile, type Profile, parseProfile, profileNames } from '@plantroom/drivers';
import type { EquipmentSurroundings } from './read-equipment.ts';
import { meant, nearest } from './site-draft.ts';

type Describe = (what: string, instead: string) => ConfigProblem;

/**
 * The profiles of a site: those that come with the drivers, by name, and the site's own, by the path of a YAML file that
 * starts at the site file's folder. A file is read once, and what is wrong with it is told once, at its own lines.
 */
export class ProfileShelf {
  readonly #readFile: EquipmentSurroundings['readFile'];
  readonly #own = new Map<string, Profile | undefined>();

  constructor(readFile: EquipmentSurroundings['readFile']) {
    this.#readFile = readFile;
  }

  /** The profile, or undefined after noting why there is none. */
  take(name: string, problem: Describe, problems: ConfigProblem[]): Profile | undefined {
    if (/\.ya?ml$/.test(name)) {
      if (!this.#own.has(name)) this.#own.set(name, this.#readOwn(name, problem, problems));
      return this.#own.get(name);
    }
    try {
      return loadProfile(name);
    } catch (thrown) {
      if (!(thrown instanceof PlantroomError) || thrown.code !== 'unknown-profile') throw thrown;
      const near = nearest(name, profileNames());
      problems.push(
        problem(
          `there is no device profile \`${name}\``,
          `write ${near.length > 1 ? 'one of ' : ''}${near.join(', ')}`,
        ),
      );
      // Where it is clear which is meant, the rest of the entry is checked by that one.
      const one = meant(name, profileNames());
      return one === undefined ? undefined : loadProfile(one);
    }
  }

  #readOwn(name: string, problem: Describe, problems: ConfigProblem[]): Profile | undefined {
    const found = this.#readFile(name);
    if ('what' in found) {
      problems.push(problem(found.what, found.instead));
      return undefined;
    }
    try {
      return parseProfile(found.text, found.file);
    } catch (thrown) {
      if (!(thrown instanceof ConfigError)) throw thrown;
      problems.push(...thrown.problems);
      return undefined;
    }
  }
}
