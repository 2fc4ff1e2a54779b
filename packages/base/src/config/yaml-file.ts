import { type Document, isMap, isNode, isScalar, isSeq, LineCounter, type Node, parseDocument, visit } from 'yaml';
import type { z } from 'zod';
import { ConfigError, type ConfigProblem } from './problem.ts';
import { describeIssue } from './zod-issues.ts';

/** A parsed YAML text that still knows on which line each of its values stands. */
export class YamlFile {
  readonly file: string;
  readonly #document: Document;
  readonly #lines: LineCounter;

  private constructor(file: string, document: Document, lines: LineCounter) {
    this.file = file;
    this.#document = document;
    this.#lines = lines;
  }

  /** Throws a ConfigError with every syntax error (duplicate keys too), and what no file of ours has a use for. */
  static parse(text: string, file: string): YamlFile {
    const lines = new LineCounter();
    const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true, prettyErrors: false });
    const problems: ConfigProblem[] = document.errors.map((e) => ({
      file,
      line: lines.linePos(e.pos[0]).line,
      what: e.message,
    }));
    visit(document, {
      Pair(_, { key }) {
        // JavaScript would take it for the object's own nature, and the entry would be gone without a word.
        if (isScalar(key) && key.value === '__proto__')
          problems.push({
            file,
            line: lines.linePos(key.range?.[0] ?? 0).line,
            what: 'no entry can be called `__proto__`',
          });
      },
    });
    if (problems.length > 0) throw new ConfigError(problems);
    return new YamlFile(file, document, lines);
  }

  /** The line of the value at a path, or of its nearest ancestor that stands in the file. */
  lineOf(path: readonly PropertyKey[]): number {
    let line = 1;
    let node: unknown = this.#document.contents;
    for (const key of path) {
      const child = childOf(node, key);
      if (!child) break;
      line = this.#lineAt(child.at) ?? line;
      node = child.value;
    }
    return line;
  }

  problem(path: readonly PropertyKey[], what: string, instead?: string): ConfigProblem {
    return { file: this.file, line: this.lineOf(path), what, ...(instead ? { instead } : {}) };
  }

  /** The value, or every way in which the text does not fit the schema. */
  read<S extends z.ZodType>(schema: S): { value: z.output<S>; problems: [] } | { problems: ConfigProblem[] } {
    return this.readAt([], schema);
  }

  /** The same for the part of the file at a path; a part that is not there is `undefined` to the schema. */
  readAt<S extends z.ZodType>(
    path: readonly PropertyKey[],
    schema: S,
  ): { value: z.output<S>; problems: [] } | { problems: ConfigProblem[] } {
    const node = this.#document.getIn([...path], true);
    const expanded = this.#expand(node);
    if ('problem' in expanded) return { problems: [this.problem(path, expanded.problem)] };
    const { part } = expanded;
    const result = schema.safeParse(part);
    if (result.success) return { value: result.data, problems: [] };
    const problems = result.error.issues.flatMap((issue) =>
      describeIssue({ ...issue, path: [...path, ...issue.path] } as z.core.$ZodIssue).map((d) =>
        this.problem(d.path, d.what, d.instead),
      ),
    );
    return { problems };
  }

  /** Aliases of aliases can stand for more than any memory holds. */
  #expand(node: unknown): { part: unknown } | { problem: string } {
    if (!isNode(node)) return { part: node };
    try {
      return { part: node.toJS(this.#document, { maxAliasCount: 100 }) };
    } catch (thrown) {
      if (!(thrown instanceof ReferenceError)) throw thrown;
      return { problem: 'its aliases (`*name`) stand for too much; write out what they repeat, or use templates' };
    }
  }

  #lineAt(node: unknown): number | undefined {
    const range = isNode(node) ? (node as Node).range : undefined;
    return range ? this.#lines.linePos(range[0]).line : undefined;
  }
}

function childOf(node: unknown, key: PropertyKey): { at: unknown; value: unknown } | undefined {
  if (isMap(node)) {
    const pair = node.items.find((p) => String((p.key as { value?: unknown })?.value ?? p.key) === String(key));
    return pair ? { at: pair.key, value: pair.value } : undefined;
  }
  if (isSeq(node)) {
    const item = node.items[Number(key)];
    return item === undefined ? undefined : { at: item, value: item };
  }
  return undefined;
}
