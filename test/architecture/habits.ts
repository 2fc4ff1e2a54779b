import { basename } from 'node:path';
import { blank, isTest, type SourceFile, type Violations } from './source-text.ts';

const reExport = /^export\s+(?:type\s+)?(?:\*(?:\s+as\s+\w+)?|\{[^}]*\})\s+from\s+['"][^'"]*['"]\s*;?\s*$/;

/** A file that only passes on what others declare, unless it is an entry of its package. */
export function checkBarrels(files: readonly SourceFile[], entries: readonly string[]): Violations {
  return files
    .filter((f) => !entries.includes(f.path) && isBarrel(f))
    .map((f) => `${f.path}: a barrel that is no entry of its package`);
}

function isBarrel(file: SourceFile): boolean {
  const statements = blank(file.text, true)
    .split(/;\s*\n/)
    .map((s) => s.trim())
    .filter((s) => s !== '');
  return statements.length > 0 && statements.every((s) => reExport.test(s));
}

/** What the field's libraries write, call and publish with. */
const fieldWrite = /\.(?:publish(?:Async)?|call(?:Method)?|write(?:SingleNode|Coils?|Registers?|FC\d+))\s*\(/;
const opcUaWrite = /\.write\s*\(/;

/** Plantroom only reads: no code of a driver can set anything in a lift, a panel or a machine. */
export function checkReadsOnly(files: readonly SourceFile[]): Violations {
  return files
    .filter((f) => f.path.startsWith('packages/drivers/src/') && !isTest(f.path))
    .flatMap(({ path, text }) => {
      const code = blank(text, true);
      const found = fieldWrite.exec(code) ?? (path.includes('/opcua/') ? opcUaWrite.exec(code) : null);
      return found ? [`${path}: writes to the field by ${found[0]})`] : [];
    });
}

/** Names in kebab-case, and no marks of unfinished work. */
export function checkHabits(files: readonly SourceFile[]): Violations {
  return files.flatMap((file) => {
    const name = basename(file.path);
    const kebab = /^[a-z0-9]+(?:-[a-z0-9]+)*(?:\.(?:test|d|config))*\.tsx?$/.test(name);
    const marks = isTest(file.path)
      ? null
      : /\b(?:TODO|FIXME|XXX)\b|@ts-(?:ignore|nocheck|expect-error)/.exec(file.text);
    return [
      ...(kebab ? [] : [`${file.path}: the name is not in kebab-case`]),
      ...(marks ? [`${file.path}: leaves ${marks[0]} behind`] : []),
    ];
  });
}
