import type { z } from 'zod';

interface Described {
  path: PropertyKey[];
  what: string;
  instead?: string;
}

/** A zod issue in words: one entry for each key or value that is wrong. */
export function describeIssue(issue: z.core.$ZodIssue): Described[] {
  const path = [...issue.path];
  const name = path.length > 0 ? `\`${path.map(String).join('.')}\`` : 'the file';
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => ({
        path: [...path, key],
        what: `unknown key \`${key}\` in ${name}`,
        instead: 'remove it or correct its spelling',
      }));
    case 'invalid_type':
      return [
        {
          path,
          what: `${name} must be ${article(issue.expected)}`,
          instead: hintOf(issue) ?? `write ${article(issue.expected)}`,
        },
      ];
    case 'invalid_value':
      return [
        {
          path,
          what: `${name} is not one of the allowed values`,
          instead: `write ${issue.values.map(String).join(' or ')}`,
        },
      ];
    case 'invalid_union':
      return bestOfUnion(issue, path, name);
    default:
      return [{ path, what: `${name}: ${issue.message}` }];
  }
}

/** The branch that came furthest is the one the writer meant. */
function bestOfUnion(issue: z.core.$ZodIssueInvalidUnion, path: PropertyKey[], name: string): Described[] {
  const depth = (issues: z.core.$ZodIssue[]) => Math.max(0, ...issues.map((i) => i.path.length));
  const best = [...issue.errors].sort((a, b) => depth(b) - depth(a))[0];
  if (!best || depth(best) === 0) {
    const instead = hintOf(issue);
    return [{ path, what: `${name} has none of the allowed forms`, ...(instead === undefined ? {} : { instead }) }];
  }
  return best.flatMap((i) => describeIssue({ ...i, path: [...path, ...i.path] } as z.core.$ZodIssue));
}

function hintOf(issue: z.core.$ZodIssue): string | undefined {
  return issue.message.startsWith('Invalid') ? undefined : issue.message;
}

function article(word: string): string {
  return word === 'undefined' ? 'left out' : `${/^[aeiou]/.test(word) ? 'an' : 'a'} ${word}`;
}
