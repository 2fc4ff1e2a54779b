/** A source file as the rules see it. `path` is relative to the project and uses `/`. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
}

/** How often a rule was broken, in words: `path: what is wrong`. */
export type Violations = readonly string[];

/** Tests, what only tests import, and everything under test/: they may do what product code may not. */
export function isTest(path: string): boolean {
  return (
    path.startsWith('test/') || /\.test(?:-kit)?\.tsx?$|\/(?:testing|test-support)\/|\/conformance\.ts$/.test(path)
  );
}

/** The workspace a file belongs to: `base`, `gateway`, ... or `simulators`, `scripts`, `test`. */
export function packageOf(path: string): string {
  const [first = '', second = ''] = path.split('/');
  return first === 'packages' ? second : first;
}

const beforeRegex = /(?:^|[(,=:[!&|?{};+\n]|\breturn|=>)\s*$/;

/**
 * Blanks comments, and the contents of strings too unless `keepStrings`. Line breaks and code inside `${}` stay, so that
 * lines can still be counted and calls be found.
 */
export function blank(text: string, keepStrings = false): string {
  let out = '';
  let at = 0;
  const templates: number[] = [];
  let depth = 0;
  const take = (end: number, keep: boolean) => {
    const piece = text.slice(at, end);
    out += keep ? piece : piece.replace(/[^\n]/g, ' ');
    at = end;
  };
  const takeTemplate = () => {
    const end = templateStop(text, at);
    const opensCode = text[end - 1] === '{';
    take(end, keepStrings);
    if (opensCode) templates.push(depth++);
  };
  while (at < text.length) {
    const char = text[at];
    if (text.startsWith('//', at)) take(endOf(text, '\n', at), false);
    else if (text.startsWith('/*', at)) take(endOf(text, '*/', at + 2) + 2, false);
    else if (char === '"' || char === "'") takeString(char);
    else if (char === '`') {
      take(at + 1, true);
      takeTemplate();
    } else if (char === '}' && templates.at(-1) === depth - 1) {
      depth = templates.pop() ?? 0;
      take(at + 1, true);
      takeTemplate();
    } else if (char === '/' && beforeRegex.test(out.slice(-40))) take(regexStop(text, at), false);
    else {
      if (char === '{') depth++;
      if (char === '}') depth--;
      take(at + 1, true);
    }
  }
  return out;

  function takeString(quote: string): void {
    let end = at + 1;
    while (end < text.length && text[end] !== quote) end += text[end] === '\\' ? 2 : 1;
    take(at + 1, true);
    take(end, keepStrings);
    take(end + 1, true);
  }
}

function endOf(text: string, mark: string, from: number): number {
  const end = text.indexOf(mark, from);
  return end < 0 ? text.length : end;
}

/** The end of a piece of template text: after the closing backtick or after `${`. */
function templateStop(text: string, from: number): number {
  let at = from;
  while (at < text.length) {
    if (text[at] === '`') return at + 1;
    if (text.startsWith('${', at)) return at + 2;
    at += text[at] === '\\' ? 2 : 1;
  }
  return text.length;
}

function regexStop(text: string, from: number): number {
  let inClass = false;
  for (let at = from + 1; at < text.length && text[at] !== '\n'; at++) {
    if (text[at] === '\\') at++;
    else if (text[at] === '[') inClass = true;
    else if (text[at] === ']') inClass = false;
    else if (text[at] === '/' && !inClass) return at + 1;
  }
  return from + 1;
}
