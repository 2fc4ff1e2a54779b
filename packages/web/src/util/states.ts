import { type KindName, kinds, type LocalText, pointDefinition } from '@plantroom/model';

/** The word of a state's code; a code that the model does not know stands for itself. */
export function stateText(kind: KindName, point: string, code: number): LocalText {
  const definition = pointDefinition(kinds[kind], point);
  const word = definition?.type === 'state' ? definition.states[code] : undefined;
  return word ?? { en: String(code), zh: String(code) };
}
