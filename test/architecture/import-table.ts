import { importsOf } from './imports.ts';
import { isTest, packageOf, type SourceFile, type Violations } from './source-text.ts';

/** What a workspace's package.json says, as far as the rules ask. */
export interface Manifest {
  readonly exports: readonly string[];
  readonly dependencies: readonly string[];
}

/** Who may import whom; docs/architecture.md shows the same table. */
export const importTable: Readonly<Record<string, readonly string[]>> = {
  base: [],
  model: [],
  drivers: ['base', 'model'],
  detection: ['model'],
  energy: ['model'],
  operations: ['model'],
  gateway: ['base', 'model', 'drivers', 'detection', 'energy'],
  cloud: ['base', 'model', 'energy', 'operations'],
  web: ['model', 'operations'],
  cli: ['base', 'model', 'drivers', 'detection', 'energy', 'gateway', 'cloud'],
  testing: ['base', 'model'],
  simulators: ['base'],
  scripts: ['base'],
};

/** Every import that the table, a package's `exports` or its package.json does not allow. */
export function checkImportTable(
  files: readonly SourceFile[],
  manifests: ReadonlyMap<string, Manifest>,
  forTests: readonly string[] = [],
): Violations {
  return files
    .filter((file) => !file.path.startsWith('test/'))
    .flatMap((file) => importsOf(file).flatMap((i) => checkOne(file, i, manifests, forTests)));
}

function checkOne(
  file: SourceFile,
  { specifier, target }: { specifier: string; target: string | undefined },
  manifests: ReadonlyMap<string, Manifest>,
  forTests: readonly string[],
): Violations {
  const own = packageOf(file.path);
  const wrong = (what: string) => [`${file.path}: imports ${specifier}, ${what}`];
  if (target !== undefined) {
    if (isTest(target) && !isTest(file.path)) return wrong('which is for tests only');
    if (packageOf(target) !== own) return wrong('which leaves its package by a relative path');
    return /\.(?:tsx?|json|css|svg)$/.test(target) ? [] : wrong('without .ts at its end');
  }
  const name = /^@plantroom\/(?<name>[a-z]+)(?<subpath>\/.+)?$/.exec(specifier)?.groups;
  if (name?.name === undefined)
    return isDeclared(specifier, manifests.get(own), file, forTests)
      ? []
      : wrong('which its package.json does not name');
  const allowed = importTable[own]?.includes(name.name) || (isTest(file.path) && name.name === 'testing');
  if (!allowed) return wrong(name.name === own ? 'itself, by name' : 'which the import table does not allow');
  const entry = `.${name.subpath ?? ''}`;
  return manifests.get(name.name)?.exports.includes(entry) ? [] : wrong('which is not an entry of that package');
}

function isDeclared(
  specifier: string,
  manifest: Manifest | undefined,
  file: SourceFile,
  forTests: readonly string[],
): boolean {
  if (specifier.startsWith('node:')) return true;
  const name = specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
  if (isTest(file.path) && forTests.includes(name)) return true;
  return manifest?.dependencies.includes(name) ?? false;
}
