/** A part of an expression, with where it begins in the text. */
export type Node =
  | { readonly is: 'number'; readonly value: number; readonly at: number }
  | { readonly is: 'bool'; readonly value: boolean; readonly at: number }
  | { readonly is: 'name'; readonly name: string; readonly at: number }
  | { readonly is: 'call'; readonly name: string; readonly of: readonly Node[]; readonly at: number }
  | { readonly is: 'operator'; readonly name: string; readonly of: readonly Node[]; readonly at: number };

/** What is wrong with an expression, and at which character. */
export class RuleError extends Error {
  readonly at: number;

  constructor(what: string, at: number) {
    super(what);
    this.at = at;
  }
}

/** Every part is looked at once at most, so that this bounds what one judgement costs. */
export const mostParts = 200;
const longest = 2000;
const deepest = 32;

/** How tightly the binary operators of CEL bind. */
const strength: Readonly<Record<string, number>> = {
  '||': 1,
  '&&': 2,
  ...{ '==': 3, '!=': 3, '<': 3, '<=': 3, '>': 3, '>=': 3 },
  ...{ '+': 4, '-': 4 },
  ...{ '*': 5, '/': 5, '%': 5 },
};
const token =
  /\s*(?:(\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|([A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*)|(\|\||&&|[=!<>]=|[-+*/%<>!?:(),]))/y;

interface Token {
  readonly text: string;
  readonly kind: 'number' | 'name' | 'sign' | 'end';
  readonly at: number;
}

function tokensOf(text: string): Token[] {
  if (text.length > longest) throw new RuleError(`an expression has at most ${longest} characters`, 0);
  const tokens: Token[] = [];
  const end = text.trimEnd().length;
  token.lastIndex = 0;
  while (token.lastIndex < end) {
    const from = token.lastIndex;
    const found = token.exec(text);
    if (!found) throw new RuleError(`cannot read "${text.slice(from).trim().slice(0, 12)}"`, from);
    const [all, number, name, sign] = found;
    const read = number ?? name ?? sign ?? '';
    const kind = number !== undefined ? 'number' : name !== undefined ? 'name' : 'sign';
    tokens.push({ text: read, kind, at: from + all.length - read.length });
    if (tokens.length > 2 * mostParts) throw new RuleError(`an expression has at most ${mostParts} parts`, from);
  }
  tokens.push({ text: '', kind: 'end', at: end });
  return tokens;
}

/**
 * Reads the part of CEL that rules have: numbers, names, arithmetic, comparisons, logic, `c ? a : b` and calls. No strings, lists
 * or macros, hence no loops. Throws RuleError.
 */
export function parseRule(text: string): Node {
  const parser = new Parser(tokensOf(text));
  const node = parser.whole();
  if (parser.parts > mostParts) throw new RuleError(`an expression has at most ${mostParts} parts`, 0);
  return node;
}

class Parser {
  readonly #tokens: readonly Token[];
  #next = 0;
  #depth = 0;
  parts = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  whole(): Node {
    const node = this.#choice();
    const rest = this.#peek();
    if (rest.kind !== 'end') throw new RuleError(`"${rest.text}" does not belong here`, rest.at);
    return node;
  }

  #peek(): Token {
    return this.#tokens[this.#next] ?? { text: '', kind: 'end', at: 0 };
  }

  #take(): Token {
    const taken = this.#peek();
    this.#next += 1;
    return taken;
  }

  #expect(sign: string): void {
    const taken = this.#take();
    if (taken.text !== sign) throw new RuleError(`"${sign}" is missing before "${taken.text || 'the end'}"`, taken.at);
  }

  #made(node: Node): Node {
    this.parts += 1;
    return node;
  }

  #choice(): Node {
    this.#depth += 1;
    if (this.#depth > deepest) throw new RuleError(`brackets go at most ${deepest} deep`, this.#peek().at);
    let node = this.#binary(1);
    const { text, at } = this.#peek();
    if (text === '?') {
      this.#take();
      const yes = this.#choice();
      this.#expect(':');
      node = this.#made({ is: 'operator', name: '?:', of: [node, yes, this.#choice()], at });
    }
    this.#depth -= 1;
    return node;
  }

  #binary(least: number): Node {
    let left = this.#unary();
    for (;;) {
      const { text, at, kind } = this.#peek();
      const binds = kind === 'sign' ? (strength[text] ?? 0) : 0;
      if (binds < least || binds === 0) return left;
      this.#take();
      left = this.#made({ is: 'operator', name: text, of: [left, this.#binary(binds + 1)], at });
    }
  }

  #unary(): Node {
    const { text, at, kind } = this.#peek();
    if (kind !== 'sign' || (text !== '!' && text !== '-')) return this.#primary();
    this.#take();
    this.#depth += 1;
    if (this.#depth > deepest) throw new RuleError(`signs go at most ${deepest} deep`, at);
    const of = [this.#unary()];
    this.#depth -= 1;
    return this.#made({ is: 'operator', name: text === '!' ? '!' : 'negative', of, at });
  }

  #primary(): Node {
    const { text, kind, at } = this.#take();
    if (kind === 'number') {
      const value = Number(text);
      if (!Number.isFinite(value)) throw new RuleError(`${text.slice(0, 24)} is too large a number`, at);
      return this.#made({ is: 'number', value, at });
    }
    if (text === 'true' || text === 'false') return this.#made({ is: 'bool', value: text === 'true', at });
    if (kind === 'name') {
      if (this.#peek().text !== '(') return this.#made({ is: 'name', name: text, at });
      this.#take();
      const of = [this.#choice()];
      while (this.#peek().text === ',') {
        this.#take();
        of.push(this.#choice());
      }
      this.#expect(')');
      return this.#made({ is: 'call', name: text, of, at });
    }
    if (text !== '(')
      throw new RuleError(text === '' ? 'something is missing at the end' : `"${text}" does not belong here`, at);
    const inner = this.#choice();
    this.#expect(')');
    return inner;
  }
}
