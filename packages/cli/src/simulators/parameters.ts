import { PlantroomError } from '@plantroom/base';
import type { Parameter, ParameterSchema } from './control.ts';

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

/** `tripAfter=0 (0 to 86400)`: how a parameter is written, with its default and what it may be; units are in the README. */
export function describeParameter(
  name: string,
  { default: usual, type, enum: choices, ...range }: ParameterSchema,
): string {
  const { minimum, maximum } = range;
  const bounds = minimum !== undefined && maximum !== undefined ? `${minimum} to ${maximum}` : type;
  const may = choices?.join(' or ') ?? (type === 'boolean' ? 'true or false' : bounds);
  return `${name}=${usual ?? '...'}${may === undefined ? '' : ` (${may})`}`;
}

function toValue(text: string): Parameter {
  if (text === 'true' || text === 'false') return text === 'true';
  return /^-?\d+(?:\.\d+)?$/.test(text) ? Number(text) : text;
}
