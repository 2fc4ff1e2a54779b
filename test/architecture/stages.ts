import { importsOf } from './imports.ts';
import { isTest, type SourceFile, type Violations } from './source-text.ts';

/** Packages whose folders never import each other, and what each folder may show to its neighbours. */
const staged = {
  gateway: { shown: /^$/, shared: ['config'] },
  cloud: { shown: /\/contract\.ts$/, shared: [] as string[] },
} as const;

/** Only `app.ts` (and what it alone uses) joins the stages. */
export function checkStages(files: readonly SourceFile[]): Violations {
  return Object.entries(staged).flatMap(([name, rule]) => {
    const root = `packages/${name}/src/`;
    const own = files.filter((f) => f.path.startsWith(root) && !isTest(f.path));
    const stageOf = (path: string) => {
      const [folder, rest] = path.slice(root.length).split('/');
      return rest === undefined || rule.shared.some((s) => s === folder) ? undefined : folder;
    };
    const joins = joiners(own, stageOf);
    return own.flatMap((file) => {
      const stage = stageOf(file.path);
      if (stage === undefined) return [];
      return importsOf(file).flatMap(({ target }) => {
        if (!target?.startsWith(root)) return [];
        if (joins.has(target)) return [`${file.path}: stage ${stage} imports ${target}, which joins the stages`];
        const other = stageOf(target);
        if (other === undefined || other === stage || rule.shown.test(target)) return [];
        return [`${file.path}: stage ${stage} imports stage ${other} (${target})`];
      });
    });
  });
}

/** Files outside the stages that import one, directly or through each other. */
function joiners(files: readonly SourceFile[], stageOf: (path: string) => string | undefined): Set<string> {
  const outside = files.filter((f) => stageOf(f.path) === undefined);
  const joins = new Set<string>();
  for (let before = -1; before !== joins.size; ) {
    before = joins.size;
    for (const file of outside)
      if (importsOf(file).some(({ target }) => target && isJoin(target))) joins.add(file.path);
  }
  return joins;

  function isJoin(target: string): boolean {
    return joins.has(target) || (stageOf(target) !== undefined && !target.endsWith('/contract.ts'));
  }
}
