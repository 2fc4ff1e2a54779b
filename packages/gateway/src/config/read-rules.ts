import type { ConfigProblem } from '@plantroom/base';
import type { YamlFile } from '@plantroom/base/yaml';
import { type Fault, faultOfRule, type SiteRule } from '@plantroom/detection';
import { identifier, type KindName, kindNames, priority, trades } from '@plantroom/model';
import { z } from 'zod';
import { checkId } from './read-equipment.ts';
import { entries, text } from './schema.ts';

const parameter = z
  .strictObject({ unit: z.string().max(16).default(''), default: z.number(), minimum: z.number(), maximum: z.number() })
  .refine((p) => p.minimum <= p.default && p.default <= p.maximum, {
    path: ['default'],
    error: 'write a figure from `minimum` to `maximum`',
  });
const delay = z.number().min(0).max(86_400);

/** An entry under `rules`. */
const ruleEntry = z.strictObject({
  kind: z.enum(kindNames),
  /** Only these machines of the kind. */
  equipment: z.array(identifier).min(1).max(1000).optional(),
  when: z.string().min(1),
  while: z.string().min(1).optional(),
  parameters: z
    .record(z.string().regex(/^[a-z]\w{0,31}$/i, 'write a name of letters and digits'), parameter)
    .default({}),
  onDelay: delay.default(60),
  offDelay: delay.default(60),
  priority,
  trade: z.enum(trades),
  raisesOrder: z.boolean().default(false),
  latching: z.boolean().default(false),
  respondWithin: z.number().positive().max(525_600).optional(),
  title: text,
  cause: text,
  consequence: text,
  steps: z.array(text).min(1).max(12),
});

/** A rule of the site that was found right. */
export interface ReadRule {
  readonly rule: SiteRule;
  readonly fault: Fault;
  /** Only these machines; all of the kind otherwise. */
  readonly equipment: readonly string[] | undefined;
}

/** The site's own faults under `rules`; what is wrong with one is noted at its line, and the others are read all the same. */
export function readRules(yaml: YamlFile, equipmentIds: readonly string[], problems: ConfigProblem[]): ReadRule[] {
  const read = yaml.readAt(['rules'], entries);
  problems.push(...read.problems);
  const ids = Object.keys(('value' in read ? read.value : undefined) ?? {});
  return ids.flatMap((id) => {
    const at = ['rules', id];
    checkId(id, (what, instead) => yaml.problem(at, what, instead), problems);
    const entry = yaml.readAt(at, ruleEntry);
    problems.push(...entry.problems);
    if (!('value' in entry)) return [];
    const { equipment, ...own } = entry.value;
    for (const [index, machine] of (equipment ?? []).entries())
      if (!equipmentIds.includes(machine))
        problems.push(
          yaml.problem([...at, 'equipment', index], `rule \`${id}\`: there is no equipment \`${machine}\``),
        );
    const rule: SiteRule = { id, ...own };
    const made = faultOfRule(rule);
    if ('fault' in made) return [{ rule, fault: made.fault, equipment }];
    for (const { key, what } of made.problems)
      problems.push(
        yaml.problem([...at, key], `rule \`${id}\`: ${what}`, 'see "Rules of your own" in docs/configuration.md'),
      );
    return [];
  });
}

/** The site's own faults for a machine; undefined for none. */
export function rulesFor(rules: readonly ReadRule[], id: string, kind: KindName): Fault[] | undefined {
  const own = rules.filter(({ fault, equipment }) => fault.kind === kind && (equipment?.includes(id) ?? true));
  return own.length > 0 ? own.map(({ fault }) => fault) : undefined;
}
