import type { KindName, LocalText, Priority, Trade } from '@plantroom/model';
import {
  type AnyView,
  defineFault,
  type Fault,
  type FaultTexts,
  limit,
  type Parameter,
  seconds,
} from '../faults/define-fault.ts';
import { compileRule } from './compile.ts';
import { RuleError } from './parse.ts';

/** A fault that a site declares itself, over the points of a kind. */
export interface SiteRule {
  readonly id: string;
  readonly kind: KindName;
  /** CEL; see `parseRule` for the part of it that there is. */
  readonly when: string;
  /** It can only be told while this holds. */
  readonly while?: string | undefined;
  readonly parameters: Readonly<Record<string, Omit<Parameter, 'source'>>>;
  /** Seconds. */
  readonly onDelay: number;
  readonly offDelay: number;
  readonly priority: Priority;
  readonly trade: Trade;
  readonly raisesOrder: boolean;
  readonly latching: boolean;
  /** Minutes. */
  readonly respondWithin?: number | undefined;
  readonly title: LocalText;
  readonly cause: LocalText;
  readonly consequence: LocalText;
  readonly steps: readonly LocalText[];
}

export interface RuleProblem {
  readonly key: 'when' | 'while';
  /** With the place in the expression, from 1. */
  readonly what: string;
}

const source = "the site's own rule";
const day = 86_400;

/** The rule as a fault of the library, `rule.ID`, or all that is wrong with its expressions. */
export function faultOfRule(rule: SiteRule): { readonly fault: Fault } | { readonly problems: readonly RuleProblem[] } {
  const parameters = Object.fromEntries(
    Object.entries(rule.parameters).map(([name, p]) => [
      name,
      limit(p.unit, p.default, [p.minimum, p.maximum], source),
    ]),
  );
  const problems: RuleProblem[] = [];
  const compiled = (key: RuleProblem['key'], text: string) => {
    try {
      return compileRule(text, rule.kind, parameters);
    } catch (thrown) {
      if (!(thrown instanceof RuleError)) throw thrown;
      problems.push({ key, what: `${thrown.message} (character ${thrown.at + 1})` });
      return undefined;
    }
  };
  const when = compiled('when', rule.when);
  const gate = rule.while === undefined ? undefined : compiled('while', rule.while);
  if (!when || problems.length > 0) return { problems };
  const points = [...new Set([...when.points, ...(gate?.points ?? [])])];
  const asked = [...when.optional, ...(gate?.optional ?? [])];
  const optional = [...new Set(asked)].filter((point) => !points.includes(point));
  if (points.length + optional.length === 0) {
    const what = 'names no point, so nothing could ever raise it (character 1)';
    return { problems: [{ key: 'when', what }] };
  }
  const { title, cause, consequence, steps, priority, trade, raisesOrder, latching, respondWithin } = rule;
  const texts: FaultTexts = { title, cause, consequence, steps };
  const own = { priority, trade, raisesOrder, latching, ...(respondWithin && { respondWithin }) };
  const reads = {
    points: names(points),
    optional: names(optional),
    ratings: [...new Set([...when.ratings, ...(gate?.ratings ?? [])])],
  };
  const fault = defineFault(rule.kind, {
    id: `rule.${rule.id}`,
    texts,
    ...own,
    ...reads,
    tellsLoss: optional.length > 0,
    parameters,
    onDelay: seconds(rule.onDelay, [0, day], source),
    offDelay: seconds(rule.offDelay, [0, day], source),
    // An undecided gate is an undecided condition.
    condition: (view) => {
      const on = gate ? gate.evaluate(view as AnyView) : true;
      return on === true ? when.evaluate(view as AnyView) : on;
    },
  });
  return { fault };
}

/** They were checked against the kind when the expression was compiled. */
function names(points: readonly string[]): readonly never[] {
  return points as readonly string[] as readonly never[];
}
