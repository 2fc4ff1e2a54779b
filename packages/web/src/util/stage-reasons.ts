import type { AlarmTransition } from '@plantroom/model';
import type { TextKey } from '../i18n/setup.ts';
import type { UsedTexts } from '../i18n/use-texts.ts';

/** What a stage can say that a person should read; `(.*)` is handed to the text as `what`. Anything else let the alarm pass. */
const sayings: readonly (readonly [stage: string, reason: RegExp, text: TextKey])[] = [
  ['delay', /^on-delay-over$/, 'stage.onDelay'],
  ['delay', /^off-delay-over$/, 'stage.offDelay'],
  ['delay', /^equipment-off$/, 'stage.equipmentOff'],
  ['explain', /^explained-by (.*)$/, 'stage.explained'],
  ['explain', /^returns-after (.*)$/, 'stage.returning'],
  ['group', /^connection-silent, see (.*)$/, 'stage.connection'],
  ['group', /^connection-back, see (.*)$/, 'stage.connectionBack'],
  ['maintain', /^maintenance: (.*)$/, 'stage.maintenance'],
  ['start-up', /^start-up: (\d+) s left$/, 'stage.startUp'],
  ['chatter', /^chatter: return/, 'stage.chatter'],
  ['chatter', /^chatter: quiet/, 'stage.quiet'],
  ['shelve', /^shelving-over$/, 'stage.shelvingOver'],
  ['shelve', /^one-shot/, 'stage.oneShot'],
  ['shelve', /^shelved$/, 'stage.shelved'],
  ['shelve', /^out-of-service$/, 'stage.outOfService'],
  ['flood', /^flood$/, 'stage.flood'],
  ['flood', /^first-out$/, 'stage.firstOut'],
  ['flood', /^first-out /, 'stage.folded'],
  ['re-alarm', /./, 'stage.reAlarm'],
  ['configuration', /./, 'stage.configuration'],
];

/** Stages that speak of faults and machines. */
const naming: ReadonlySet<string> = new Set(['explain', 'group']);

/** The fault and, when it is another one, the machine that explain an alarm; undefined where the reason names none. */
export function partsOf(
  reason: string,
): { readonly fault: string; readonly equipment: string | undefined } | undefined {
  const [, fault, equipment] = /^(?:explained-by|returns-after) (\S+)(?: of (\S+))?$/.exec(reason) ?? [];
  return fault === undefined ? undefined : { fault, equipment };
}

/**
 * What the stages had to say about a transition, in the language of the screen and in their order; `nameOf` puts names for
 * the ids that they speak of.
 */
export function saidByStages(
  reasons: AlarmTransition['reasons'],
  { t }: Pick<UsedTexts, 't'>,
  nameOf: (what: string) => string,
): string[] {
  return reasons.flatMap(({ stage, reason }) => {
    for (const [name, pattern, text] of sayings) {
      const match = name === stage && pattern.exec(reason);
      if (match) {
        const what = match[1] ?? '';
        // Elsewhere it is a person's words, or a number.
        return [t(text, { what: naming.has(name) ? nameOf(what) : what })];
      }
    }
    return [];
  });
}
