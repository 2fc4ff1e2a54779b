import { readdirSync, readFileSync } from 'node:fs';

/** What every fault is tried on. */
export const caseKinds = [
  'normal',
  'fault',
  'gap',
  'duplicate',
  'out-of-order',
  'irregular',
  'off',
  'start-up',
  'threshold',
  'missing',
] as const;
export type CaseKind = (typeof caseKinds)[number];

/** A figure, and what is added to it each second. */
export interface Figure {
  readonly base: number;
  readonly rate: number;
}
export type Figures = Readonly<Record<string, Figure>>;
/** From each second on, by name: a state, a course, `gap` (answers without values) or `gone` (no answer). */
export type Steps = readonly (readonly [second: number, name: string])[];

export interface FaultCase {
  readonly steps: Steps;
  readonly end: number;
  /** Points that the equipment lacks. */
  readonly without: readonly string[];
  /** When alarms of this fault are raised and cleared, in seconds; `cannot run` says so itself. */
  readonly expected: readonly (readonly [raised: number, cleared: number | null])[] | 'cannot run';
}

export interface FaultCases {
  readonly fault: string;
  readonly poll: number;
  readonly ratings: Readonly<Record<string, number>>;
  readonly parameters: Readonly<Record<string, number>>;
  /** Each over `sound`, which all others are changes of. */
  readonly states: Readonly<Record<string, Figures>>;
  readonly courses: Readonly<Record<string, { readonly steps: Steps; readonly of: number }>>;
  readonly cases: Readonly<Partial<Record<CaseKind, FaultCase>>>;
}

export const casesDirectory = new URL('../faults/cases/', import.meta.url);

export function loadCases(): FaultCases[] {
  const files = readdirSync(casesDirectory).filter((name) => name.endsWith('.txt'));
  return files.flatMap((name) => parseCases(readFileSync(new URL(name, casesDirectory), 'utf8')));
}

/** Blocks of lines, a fault each; README.md beside the files describes them. */
export function parseCases(text: string): FaultCases[] {
  const lines = text.split('\n').map((line) => line.replace(/(^|\s)#.*$/, '').trimEnd());
  return lines
    .join('\n')
    .split(/\n(?=\S)/)
    .filter((block) => block.trim() !== '')
    .map(parseBlock);
}

function parseBlock(block: string): FaultCases {
  const [fault = '', ...lines] = block.trim().split('\n');
  const found = {
    fault: fault.trim(),
    poll: 1,
    ratings: {} as Record<string, number>,
    parameters: {} as Record<string, number>,
    states: {} as Record<string, Figures>,
    courses: {} as Record<string, { steps: Steps; of: number }>,
    cases: {} as Record<string, FaultCase>,
  };
  for (const line of lines.filter((each) => each.trim() !== '')) {
    const [, name = '', rest = ''] = /^\s+([\w-]+): ?(.*)$/.exec(line) ?? fail(`${fault}: cannot read "${line}"`);
    if (name === 'poll') found.poll = Number(rest);
    else if (name === 'ratings' || name === 'parameters') found[name] = plain(parseFigures(rest));
    else if (rest.includes('->')) found.cases[name] = parseCase(rest);
    else if (/, of \d+$/.test(rest)) {
      const [steps = '', of] = rest.split(', of ');
      found.courses[name] = { steps: parseSteps(steps), of: Number(of) };
    } else found.states[name] = parseFigures(rest);
  }
  return found;
}

function parseCase(text: string): FaultCase {
  const [play = '', told = ''] = text.split('->').map((part) => part.trim());
  if (told === 'cannot run')
    return { steps: [], end: 0, without: play.replace('without ', '').split(' '), expected: told };
  const steps = parseSteps(play);
  const end = steps.at(-1)?.[0] ?? 0;
  const expected = told === 'none' ? [] : told.split(', ').map(parseExpected);
  return { steps: steps.slice(0, -1), end, without: [], expected };
}

function parseExpected(text: string): [number, number | null] {
  const [raised, cleared] = text.split(' to ').map(Number);
  return [raised ?? Number.NaN, cleared ?? null];
}

/** `0 sound, 20 faulty, 80 end` */
function parseSteps(text: string): [number, string][] {
  return text.split(', ').map((step) => {
    const [second = '', name = ''] = step.trim().split(' ');
    return [Number(second), name];
  });
}

/** `running=1 energyImport=1000+0.01/s loop[1].device[1..20].state=0` */
function parseFigures(text: string): Figures {
  const pairs = text.split(' ').filter(Boolean);
  return Object.fromEntries(
    pairs.flatMap((pair) => {
      const [, name = '', base, rate = 0] =
        /^([^=]+)=(-?[\d.]+)(?:([+-][\d.]+)\/s)?$/.exec(pair) ?? fail(`cannot read "${pair}"`);
      return expand(name).map((each) => [each, { base: Number(base), rate: Number(rate) }] as const);
    }),
  );
}

function expand(name: string): string[] {
  const range = /\[(\d+)\.\.(\d+)\]/.exec(name);
  if (!range) return [name];
  const [all, from, to] = range;
  const count = Number(to) - Number(from) + 1;
  return Array.from({ length: count }, (_, index) => name.replace(all, `[${Number(from) + index}]`));
}

function plain(figures: Figures): Record<string, number> {
  return Object.fromEntries(Object.entries(figures).map(([name, { base }]) => [name, base]));
}

function fail(what: string): never {
  throw new Error(what);
}
