import { posix } from 'node:path';
import { blank, type SourceFile } from './source-text.ts';

/** One `import`, `export from` or `import()` of a file. */
export interface Import {
  readonly specifier: string;
  /** Only types: gone at run time. */
  readonly typeOnly: boolean;
  /** The project path of a relative specifier. */
  readonly target: string | undefined;
}

const statement = /^[ \t]*(?:import|export)\b(?<clause>[^;'"]*?)\bfrom\s*['"](?<from>[^'"]+)['"]/gm;
const bare = /^[ \t]*import\s*['"](?<from>[^'"]+)['"]/gm;
const dynamic = /\bimport\(\s*['"](?<from>[^'"]+)['"]/g;

/** All imports of a file, found by text; comments do not count. */
export function importsOf(file: SourceFile): Import[] {
  const code = blank(file.text, true);
  return [statement, bare, dynamic].flatMap((pattern) =>
    [...code.matchAll(pattern)].map((match) => {
      const specifier = match.groups?.from ?? '';
      const relative = specifier.startsWith('.');
      return {
        specifier,
        typeOnly: isTypeOnly(match.groups?.clause ?? ''),
        target: relative ? posix.join(posix.dirname(file.path), specifier) : undefined,
      };
    }),
  );
}

function isTypeOnly(clause: string): boolean {
  const text = clause.trim();
  if (/^type\b/.test(text)) return true;
  const names = /^\{(?<names>[\s\S]*)\}$/.exec(text)?.groups?.names;
  if (names === undefined) return false;
  const list = names
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
  return list.length > 0 && list.every((name) => name.startsWith('type '));
}
