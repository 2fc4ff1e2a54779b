import type { AlarmView, AlarmJournal as Answer } from '@plantroom/model/api';
import { useQuery } from '@tanstack/react-query';
import { alarmJournalQuery } from '../api/queries.ts';
import { Ready } from '../components/ready.tsx';
import { usePeople } from '../components/use-people.ts';
import { useWhat } from '../components/use-what.ts';
import { useTexts } from '../i18n/use-texts.ts';
import { usePlace } from '../layout/site-context.ts';
import { saidByStages } from '../util/stage-reasons.ts';
import { formatFull } from '../util/time.ts';

type Entry = Answer['items'][number];

/** Every transition of the alarm: when, what, who, and why it was held back or hidden. The newest comes first. */
export function AlarmJournal({ alarm }: { readonly alarm: AlarmView }) {
  const { t } = useTexts();
  const query = useQuery(alarmJournalQuery(alarm.id, alarm.version));
  return (
    <>
      <h3>{t('alarm.journal')}</h3>
      <Ready query={query}>
        {({ items }) =>
          items.length === 0 ? (
            <p className="muted">{t('alarm.noJournal')}</p>
          ) : (
            <ul className="history">
              {[...items].reverse().map((entry) => (
                <JournalEntry key={entry.version} equipment={alarm.equipment} entry={entry} />
              ))}
            </ul>
          )
        }
      </Ready>
    </>
  );
}

function JournalEntry({ equipment, entry }: { readonly equipment: string; readonly entry: Entry }) {
  const texts = useTexts();
  const place = usePlace();
  const personOf = usePeople();
  const { time, input, actor, comment } = entry;
  const why = saidByStages(entry.reasons, texts, useWhat(equipment, entry.reasons));
  return (
    <li>
      <time className="muted">{formatFull(time, place)}</time>
      <span>{texts.t(`alarm.did.${input}`)}</span>
      {actor !== null && <span className="muted">{personOf(actor)}</span>}
      {[...why, comment].filter(Boolean).map((said) => (
        <p key={said} className="history-comment">
          {said}
        </p>
      ))}
    </li>
  );
}
