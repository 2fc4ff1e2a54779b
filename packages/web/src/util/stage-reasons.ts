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

/** What the stages had to say about a transition, in the language of the screen and in their order. */
export function saidByStages(reasons: AlarmTransition['reasons'], { t }: UsedTexts): string[] {
  return reasons.flatMap(({ stage, reason }) => {
    for (const [name, pattern, text] of sayings) {
      const match = name === stage && pattern.exec(reason);
      if (match) return [t(text, { what: match[1] ?? '' })];
    }
    return [];
  });
}
