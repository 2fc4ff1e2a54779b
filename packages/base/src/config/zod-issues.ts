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
    case 'too_big':
    case 'too_small':
      return [{ path, ...(isOwnWords(issue) ? { what: `${name}: ${issue.message}` } : outOfRange(issue, name)) }];
    case 'invalid_format':
      return [{ path, what: isOwnWords(issue) ? `${name}: ${issue.message}` : `${name} has not the right form` }];
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
    const isMissing = issue.errors.flat().some(({ message }) => message.endsWith('received undefined'));
    const what = isMissing ? `${name} is missing` : `${name} has none of the allowed forms`;
    return [{ path, what, ...(instead === undefined ? {} : { instead }) }];
  }
  return best.flatMap((i) => describeIssue({ ...i, path: [...path, ...i.path] } as z.core.$ZodIssue));
}

/** What a limit counts, by the library's word for what has it. */
const counted: Readonly<Record<string, string>> = { string: ' characters', array: ' entries', set: ' entries' };

function outOfRange(
  issue: z.core.$ZodIssueTooBig | z.core.$ZodIssueTooSmall,
  name: string,
): { what: string; instead: string } {
  const unit = counted[issue.origin] ?? '';
  const size = unit === '' ? ['large', 'small'] : ['long', 'short'];
  if (issue.code === 'too_big') {
    const limit = `${issue.inclusive === false ? 'less than' : 'at most'} ${issue.maximum}${unit}`;
    return { what: `${name} is too ${size[0]}`, instead: `write ${limit}` };
  }
  const limit = `${issue.inclusive === false ? 'more than' : 'at least'} ${issue.minimum}${unit}`;
  return { what: `${name} is too ${size[1]}`, instead: `write ${limit}` };
}

/** Whether a schema says in words of its own what is wrong; the library's begin so. */
function isOwnWords({ message }: z.core.$ZodIssue): boolean {
  return !/^(?:Invalid|Too) /.test(message);
}

function hintOf(issue: z.core.$ZodIssue): string | undefined {
  return issue.message.startsWith('Invalid') ? undefined : issue.message;
}

function article(word: string): string {
  if (word === 'int') return 'a whole number';
  return word === 'undefined' ? 'left out' : `${/^[aeiou]/.test(word) ? 'an' : 'a'} ${word}`;
}
