import { PlantroomError } from '../errors.ts';

/** One thing that is wrong in a configuration file. `line` counts from 1. */
export interface ConfigProblem {
  readonly file: string;
  readonly line: number;
  /** What is wrong and why, in a sentence without its full stop. */
  readonly what: string;
  /** What to write instead. */
  readonly instead?: string;
}

export function formatProblem(p: ConfigProblem): string {
  return `${p.file}:${p.line}: ${p.what}${p.instead ? `; ${p.instead}` : ''}`;
}

/** All that is wrong with a file, reported at once. */
export class ConfigError extends PlantroomError {
  readonly problems: readonly ConfigProblem[];

  constructor(problems: readonly ConfigProblem[]) {
    const list = problems.map((p) => `  ${formatProblem(p)}`).join('\n');
    const count = problems.length === 1 ? 'one thing' : `${problems.length} things`;
    super('config', `The configuration has ${count} to mend:\n${list}`);
    this.problems = problems;
  }
}
