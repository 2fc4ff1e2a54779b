import { type KindName, kinds, pointDefinition } from '@plantroom/model';
import { ratingUnits } from '../catalogue.ts';
import type { AnyView, Parameter } from '../faults/define-fault.ts';
import { type Node, parseRule, RuleError } from './parse.ts';

/** What a part is: a truth, a state with its codes, or a figure with its unit; no unit: one that fits any. */
type Type =
  | { readonly is: 'bool' }
  | { readonly is: 'state'; readonly name: string; readonly codes: readonly number[] }
  | { readonly is: 'figure'; readonly unit: string | undefined; readonly literal?: number };

type Value = number | boolean | undefined;
type Evaluate = (view: AnyView) => Value;
interface Part {
  readonly type: Type;
  readonly evaluate: Evaluate;
}

export interface Compiled {
  /** `undefined` while a point that decides is not known. */
  readonly evaluate: (view: AnyView) => boolean | undefined;
  readonly points: readonly string[];
  /** Points that are only asked for by `has`. */
  readonly optional: readonly string[];
  readonly ratings: readonly string[];
}

/** Throws RuleError for what cannot be read, does not exist, or does not go together. */
export function compileRule(text: string, kind: KindName, parameters: Readonly<Record<string, Parameter>>): Compiled {
  const compiler = new Compiler(kind, parameters);
  const { type, evaluate } = compiler.part(parseRule(text));
  if (type.is !== 'bool') throw new RuleError('a rule is a comparison, true or false', 0);
  const { points, asked, ratings } = compiler;
  return {
    evaluate: (view) => {
      const value = evaluate(view);
      return value === undefined ? undefined : value === true;
    },
    points: [...points].filter((point) => !asked.has(point)),
    optional: [...asked],
    ratings: [...ratings],
  };
}

const bool: Type = { is: 'bool' };
const words: Readonly<Record<Type['is'], string>> = { bool: 'true or false', state: 'a state', figure: 'a figure' };

class Compiler {
  readonly points = new Set<string>();
  readonly asked = new Set<string>();
  readonly ratings = new Set<string>();
  readonly #kind: KindName;
  readonly #parameters: Readonly<Record<string, Parameter>>;

  constructor(kind: KindName, parameters: Readonly<Record<string, Parameter>>) {
    this.#kind = kind;
    this.#parameters = parameters;
  }

  part(node: Node): Part {
    if (node.is === 'number') {
      const { value } = node;
      return { type: { is: 'figure', unit: undefined, literal: value }, evaluate: () => value };
    }
    if (node.is === 'bool') return { type: bool, evaluate: () => node.value };
    if (node.is === 'name') return this.#name(node);
    return node.is === 'call' ? this.#call(node) : this.#operator(node);
  }

  #name({ name, at }: Node & { is: 'name' }): Part {
    const [space, key = ''] = name.split('.');
    if (space === 'ratings' && Object.hasOwn(ratingUnits, key)) {
      this.ratings.add(key);
      return { type: { is: 'figure', unit: ratingUnits[key] }, evaluate: (view) => view.ratings[key] };
    }
    const parameter = space === 'parameters' && Object.hasOwn(this.#parameters, key) && this.#parameters[key];
    if (parameter) return { type: { is: 'figure', unit: parameter.unit }, evaluate: (view) => view.parameters[key] };
    const definition = key === '' && Object.hasOwn(kinds[this.#kind].points, name) && this.#definition(name);
    if (!definition) throw new RuleError(`\`${name}\` is no point of ${this.#kind}, rating or parameter`, at);
    this.points.add(name);
    const evaluate: Evaluate = (view) => view.points[name];
    if (definition.type !== 'state') return { type: { is: 'figure', unit: definition.unit }, evaluate };
    return { type: { is: 'state', name, codes: Object.keys(definition.states).map(Number) }, evaluate };
  }

  #definition(name: string) {
    return pointDefinition(kinds[this.#kind], name);
  }

  #call({ name, of, at }: Node & { is: 'call' }): Part {
    if (name === 'has') {
      const [first] = of;
      if (of.length !== 1 || first?.is !== 'name' || !this.#definition(first.name))
        throw new RuleError('`has` takes one point', at);
      const point = first.name;
      this.asked.add(point);
      return { type: bool, evaluate: (view) => view.points[point] !== undefined };
    }
    const takes = { abs: 1, min: 2, max: 2 }[name];
    if (takes === undefined) throw new RuleError(`there is no \`${name}\`; there are abs, min, max and has`, at);
    if (of.length !== takes) throw new RuleError(`\`${name}\` takes ${takes}`, at);
    const parts = of.map((each) => this.#figure(each));
    const unit = parts.map(({ type }) => type.unit).reduce((a, b) => this.#same(a, b, at));
    const figure = { abs: Math.abs, min: Math.min, max: Math.max }[name] ?? Math.abs;
    return {
      type: { is: 'figure', unit },
      evaluate: withFigures(parts, (...values) => figure(...(values as [number]))),
    };
  }

  #figure(node: Node): Part & { type: { is: 'figure'; unit: string | undefined } } {
    const { type, evaluate } = this.part(node);
    if (type.is !== 'figure') throw new RuleError(`a figure belongs here, not ${words[type.is]}`, node.at);
    return { type, evaluate };
  }

  #truth(node: Node): Evaluate {
    const { type, evaluate } = this.part(node);
    if (type.is !== 'bool') throw new RuleError(`a comparison belongs here, not ${words[type.is]}`, node.at);
    return evaluate;
  }

  #same(a: string | undefined, b: string | undefined, at: number): string | undefined {
    if (a !== undefined && b !== undefined && a !== b)
      throw new RuleError(`${a || 'a pure number'} and ${b || 'a pure number'} do not go together`, at);
    return a ?? b;
  }

  #operator({ name, of, at }: Node & { is: 'operator' }): Part {
    const [a, b, c] = of;
    if (!a) throw new RuleError('something is missing', at);
    if (name === '!') return { type: bool, evaluate: not(this.#truth(a)) };
    if (name === 'negative') {
      const { type, evaluate } = this.#figure(a);
      return { type: { is: 'figure', unit: type.unit }, evaluate: withFigures([{ evaluate }], (value) => -value) };
    }
    if (!b) throw new RuleError('something is missing', at);
    if (name === '&&' || name === '||') return { type: bool, evaluate: logic(name, this.#truth(a), this.#truth(b)) };
    if (name === '?:' && c) return this.#choice(a, b, c, at);
    return arithmetic[name] ? this.#arithmetic(name, a, b, at) : this.#comparison(name, a, b, at);
  }

  #choice(when: Node, yes: Node, no: Node, at: number): Part {
    const [condition, a, b] = [this.#truth(when), this.#figure(yes), this.#figure(no)];
    return {
      type: { is: 'figure', unit: this.#same(a.type.unit, b.type.unit, at) },
      evaluate: (view) => {
        const chosen = condition(view);
        return chosen === undefined ? undefined : chosen ? a.evaluate(view) : b.evaluate(view);
      },
    };
  }

  #arithmetic(name: string, left: Node, right: Node, at: number): Part {
    const [a, b] = [this.#figure(left), this.#figure(right)];
    const together = name === '+' || name === '-' || name === '%';
    // A product or quotient has a unit of its own, which is not followed; times a plain number it keeps its own.
    const plain = b.type.unit === undefined || b.type.unit === '' ? a.type.unit : undefined;
    const unit = together ? this.#same(a.type.unit, b.type.unit, at) : plain;
    const work = arithmetic[name] ?? Math.max;
    return { type: { is: 'figure', unit }, evaluate: withFigures([a, b], work) };
  }

  #comparison(name: string, left: Node, right: Node, at: number): Part {
    const [a, b] = [this.part(left), this.part(right)];
    const state = a.type.is === 'state' ? a.type : b.type.is === 'state' ? b.type : undefined;
    const other = state === a.type ? b.type : a.type;
    if (state) checkCode(state, name, other, at);
    else if (a.type.is !== b.type.is)
      throw new RuleError(`${words[a.type.is]} is compared with ${words[b.type.is]}`, at);
    else if (a.type.is === 'figure' && b.type.is === 'figure') this.#same(a.type.unit, b.type.unit, at);
    else if (name !== '==' && name !== '!=') throw new RuleError('truths have no order', at);
    const compare = comparisons[name];
    if (!compare) throw new RuleError(`"${name}" is no operator`, at);
    return {
      type: bool,
      evaluate: (view) => {
        const [x, y] = [a.evaluate(view), b.evaluate(view)];
        return x === undefined || y === undefined ? undefined : compare(Number(x), Number(y));
      },
    };
  }
}

function checkCode(state: Type & { is: 'state' }, operator: string, other: Type, at: number): void {
  if (operator !== '==' && operator !== '!=') throw new RuleError(`\`${state.name}\` is a state: use == or !=`, at);
  if (other.is === 'state') return;
  const code = other.is === 'figure' ? other.literal : undefined;
  if (code !== undefined && state.codes.includes(code)) return;
  throw new RuleError(`\`${state.name}\` is compared with one of its codes: ${state.codes.join(', ')}`, at);
}

const arithmetic: Readonly<Record<string, (a: number, b: number) => number>> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
  '%': (a, b) => a % b,
};
const comparisons: Readonly<Record<string, (a: number, b: number) => boolean>> = {
  '==': (a, b) => a === b,
  '!=': (a, b) => a !== b,
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
};

/** What is no number, as a division by zero makes it, is as little known as a point that is not read. */
function withFigures(parts: readonly Pick<Part, 'evaluate'>[], work: (...values: number[]) => number): Evaluate {
  return (view) => {
    const values: number[] = [];
    for (const { evaluate } of parts) {
      const value = evaluate(view);
      if (typeof value !== 'number') return undefined;
      values.push(value);
    }
    const result = work(...values);
    return Number.isFinite(result) ? result : undefined;
  };
}

function not(inner: Evaluate): Evaluate {
  return (view) => {
    const value = inner(view);
    return value === undefined ? undefined : value !== true;
  };
}

/** As in CEL, one side that decides is enough, whatever is known of the other. */
function logic(name: '&&' | '||', a: Evaluate, b: Evaluate): Evaluate {
  const decides = name === '||';
  return (view) => {
    const first = a(view);
    if (first === decides) return decides;
    const second = b(view);
    if (second === decides) return decides;
    return first === undefined || second === undefined ? undefined : !decides;
  };
}
