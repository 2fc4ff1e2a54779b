import { PlantroomError } from '@plantroom/base';
import type { Parameter } from './control.ts';

/** `phase=2 forceRun=false kind=mains` as an object; numbers and true/false are what they look like. */
export function parseParameters(words: readonly string[]): Record<string, Parameter> {
  return Object.fromEntries(
    words.map((word) => {
      const [, name, text] = /^([a-zA-Z]\w*)=(.+)$/.exec(word) ?? [];
      if (name === undefined || text === undefined)
        throw new PlantroomError('simulator-parameter', `\`${word}\` is not a parameter.`, {
          hint: 'Write name=value, such as tripAfter=30.',
        });
      return [name, toValue(text)];
    }),
  );
}

function toValue(text: string): Parameter {
  if (text === 'true' || text === 'false') return text === 'true';
  return /^-?\d+(?:\.\d+)?$/.test(text) ? Number(text) : text;
}
